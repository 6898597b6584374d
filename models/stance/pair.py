"""What a stance classifier takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stancewire.records import ModelInfo, Polarity, Scores


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement and what its stance is asked towards."""

    quote: str
    target: str
    speaker: str | None = None
    context: str | None = None
    polarity: Polarity = "asserted"
    """Whether the speaker says the quote, says no to it, or makes no statement: the
    classifiers judge the bare words of the latter two."""
    aliases: tuple[str, ...] = ()
    """Other phrases that the gate picked it by; the classifiers read its name alone."""
    among: int = 1
    """Of how many targets the gate picked this one: of a long list's few are spoken of."""


class StanceClassifier(Protocol):
    """Says, for each pair, how likely the speaker is for it, against it, or neither."""

    @property
    def info(self) -> ModelInfo: ...

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order, whatever batches they run in."""
        ...
