"""The quote extractor by rules: layout, attributions, speakers, dates, in that order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from models.quotes.confidence import confidence_of
from models.quotes.dates import said_on
from models.quotes.flow import attribute, rejoin
from models.quotes.layout import Layout, read_layout
from models.quotes.lexicon import Lexicon, load_lexicon
from models.quotes.polarity import polarity_of
from models.quotes.reading import Attribution
from models.quotes.speakers.mentioned import mentioned
from models.quotes.speakers.resolver import SpeakerResolver
from models.quotes.statement import Document, Statement
from stancewire.records import Cue, Kind, ModelInfo, Span

# Raised with every change of the rules or their data files that can change a statement.
REVISION = "8"


class RuleExtractor:
    """Finds statements by quotation marks, cue verbs and word order; English."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(name="rules", revision=REVISION)

    def extract(self, documents: Sequence[Document]) -> list[list[Statement]]:
        """One list a document, in the documents' order; time is linear in the text."""
        return [self._extract(document) for document in documents]

    def _extract(self, document: Document) -> list[Statement]:
        layout = read_layout(document.text)
        items = disjoint(attribute(layout, self._lexicon))
        return make_statements(document, layout, rejoin(items, layout))


def make_statements(
    document: Document, layout: Layout, items: Sequence[Attribution]
) -> list[Statement]:
    """Statements of disjoint attributions, with their speakers and dates."""
    resolver = SpeakerResolver(layout)
    return [_statement(document, layout, item, resolver) for item in items]


def _statement(
    document: Document, layout: Layout, item: Attribution, resolver: SpeakerResolver
) -> Statement:
    spans = tuple(item.contents)
    speaker = resolver.resolve(item)
    dated = item.clause and said_on(document.text, item.clause, document.published_on)
    return Statement(
        kind=_kind(layout, spans),
        spans=spans,
        cue=None
        if item.cue is None
        else Cue(text=document.text[item.cue[0] : item.cue[1]], span=item.cue),
        speaker=speaker,
        said_on=dated or None,
        confidence=confidence_of(item.rule) if item.confidence is None else item.confidence,
        polarity=polarity_of(document.text, spans, item.cue, item.source),
        entities=mentioned(document.text, spans, resolver.registry, speaker),
    )


def load_rules() -> RuleExtractor:
    """The extractor with its lexicon read."""
    return RuleExtractor(load_lexicon())


def disjoint(items: Sequence[Attribution]) -> list[Attribution]:
    """In the order of the text, the outer of two that would overlap."""
    kept: list[Attribution] = []
    end = 0
    for item in sorted(items, key=lambda item: (item.contents[0][0], -item.contents[-1][1])):
        contents = sorted(item.contents)
        if contents[0][0] < end:
            continue
        item.contents = contents
        kept.append(item)
        end = contents[-1][1]
    return kept


def _kind(layout: Layout, spans: Sequence[Span]) -> Kind:
    """Direct if all of it is quoted, mixed if some of it is."""
    quoted = 0
    pieces = layout.pieces
    for start, end in spans:
        at = max(0, bisect_left(pieces, (start, start)) - 1)
        while at < len(pieces) and pieces[at][0] < end:
            quoted += max(0, min(end, pieces[at][1]) - max(start, pieces[at][0]))
            at += 1
    total = sum(end - start for start, end in spans)
    if quoted == 0:
        return "indirect"
    return "direct" if quoted >= total else "mixed"
