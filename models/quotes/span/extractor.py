"""The extractor that is shipped: the span model's statements, completed by the rules'."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.quotes.flow import attribute, rejoin
from models.quotes.layout import Layout, read_layout
from models.quotes.lexicon import Lexicon, load_lexicon
from models.quotes.reading import Attribution
from models.quotes.rules import REVISION, disjoint, make_statements
from models.quotes.span.combine import combine, to_attributions
from models.quotes.span.link import link
from models.quotes.span.tagger import Marked, SpanTagger
from models.quotes.statement import Document, Statement
from stancewire.records import ModelInfo

SHIPPED_WEIGHTS = Path(__file__).parents[1] / "weights" / "minilm-polnear"


# The longest articles have a tenth of this; the model reads some 20,000 characters a second.
MAX_READ = 100_000


def readable(text: str) -> str:
    """What the model reads of a text: whole paragraphs, as many as there is time for."""
    if len(text) <= MAX_READ:
        return text
    end = text.rfind("\n", 0, MAX_READ)
    return text[: end if end > 0 else MAX_READ]


class SpanExtractor:
    """Finds statements by the tags of a transformer; marks and rules settle what they know best."""

    def __init__(self, tagger: SpanTagger, lexicon: Lexicon) -> None:
        self._tagger = tagger
        self._lexicon = lexicon

    @property
    def info(self) -> ModelInfo:
        model = self._tagger.info
        return ModelInfo(name=model.name, revision=f"{model.revision}+rules{REVISION}")

    def extract(self, documents: Sequence[Document]) -> list[list[Statement]]:
        """One list a document, in the documents' order; documents do not affect each other.

        Raises:
            ModelError: the model failed.
        """
        tagged = self._tagger.tag([readable(document.text) for document in documents])
        return [
            self._extract(document, marked)
            for document, marked in zip(documents, tagged, strict=True)
        ]

    def _extract(self, document: Document, marked: Sequence[Marked]) -> list[Statement]:
        layout = read_layout(document.text)
        return make_statements(document, layout, self._combine(layout, marked))

    def attributions(self, text: str) -> list[Attribution]:
        """What the statements of a text are made of. Raises: ModelError: the model failed."""
        return self._combine(read_layout(text), self._tagger.tag([readable(text)])[0])

    def _combine(self, layout: Layout, marked: Sequence[Marked]) -> list[Attribution]:
        learned = to_attributions(link(marked, self._tagger.head.link_bias), layout)
        ruled = disjoint(attribute(layout, self._lexicon))
        return rejoin(disjoint(combine(learned, ruled, layout.text)), layout)


def load_span_extractor(
    directory: Path = SHIPPED_WEIGHTS, threads: int | None = None
) -> SpanExtractor:
    """Raises: ModelError: the weights are missing, altered, or not such a model."""
    return SpanExtractor(SpanTagger(directory, threads), load_lexicon())
