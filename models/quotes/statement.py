"""What a quote extractor takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stancewire.records import Cue, Kind, ModelInfo, NamedEntity, Polarity, Span, Speaker


@dataclass(frozen=True, slots=True)
class Document:
    """Plain text, paragraphs parted by newlines; `published_on` gives "on Feb. 18" its year."""

    text: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One attributed statement; spans and offsets are code points into the document's text."""

    kind: Kind
    spans: tuple[Span, ...]
    cue: Cue | None
    speaker: Speaker | None
    said_on: date | None
    confidence: float
    polarity: Polarity = "asserted"
    entities: tuple[NamedEntity, ...] = ()


class QuoteExtractor(Protocol):
    """Finds the statements of documents, in the order of the text, never overlapping."""

    @property
    def info(self) -> ModelInfo: ...

    def extract(self, documents: Sequence[Document]) -> list[list[Statement]]:
        """One list a document, in the documents' order."""
        ...
