"""Puts the model's attributions and the rules' together, with the marks' last word on edges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from models.quotes.layout import Layout
from models.quotes.reading import Attribution
from models.quotes.span.link import Linked
from stancewire.records import Span

# The name that the model's attributions go by among those of the rules.
MODEL_RULE = "span-model"


def to_attributions(linked: Sequence[Linked], layout: Layout) -> list[Attribution]:
    """The model's attributions as the rules give theirs; those without content are left out."""
    starts = [sentence.tokens[0].start for sentence in layout.sentences]
    return [_to_attribution(item, layout, starts) for item in linked if item.contents and starts]


def _to_attribution(item: Linked, layout: Layout, starts: Sequence[int]) -> Attribution:
    contents = [snap(span.span, layout) for span in item.contents]
    cue = None if item.cue is None else item.cue.span
    source = None if item.source is None else item.source.span
    anchor = cue or source or contents[0]
    sentence = max(0, bisect_right(starts, anchor[0]) - 1)
    return Attribution(
        contents=contents,
        source=source,
        cue=cue,
        rule=MODEL_RULE,
        sentence=sentence,
        clause=None if cue is None else _clause(layout, sentence, contents, source, cue),
    )


def snap(span: Span, layout: Layout) -> Span:
    """Moves an edge that lies inside of quotation marks out of them, if most of them is meant."""
    start, end = span
    pieces = layout.pieces
    at = max(0, bisect_right(pieces, (start, start)) - 1)
    for first, last in pieces[at : bisect_left(pieces, (end, end))]:
        common = min(end, last) - max(start, first)
        if 2 * common >= last - first:
            start, end = min(start, first), max(end, last)
    return start, end


def _clause(
    layout: Layout, sentence: int, contents: Sequence[Span], source: Span | None, cue: Span
) -> Span:
    """The stretch of the cue's sentence that no content takes, around source and cue."""
    tokens = layout.sentences[sentence].tokens
    first = min(cue[0], cue[0] if source is None else source[0])
    last = max(cue[1], cue[1] if source is None else source[1])
    low = max((end for _, end in contents if end <= first), default=tokens[0].start)
    high = min((start for start, _ in contents if start >= last), default=tokens[-1].end)
    return min(max(low, tokens[0].start), first), max(min(high, tokens[-1].end), last)


def combine(learned: Sequence[Attribution], ruled: Sequence[Attribution]) -> list[Attribution]:
    """The model's attributions, and those of the rules that touch none of them."""
    taken = sorted(span for item in learned for span in _spans(item))
    return [*learned, *(item for item in ruled if not _touches(item, taken))]


def _spans(item: Attribution) -> list[Span]:
    return [*item.contents, *(span for span in (item.source, item.cue) if span is not None)]


def _touches(item: Attribution, taken: Sequence[Span]) -> bool:
    for start, end in _spans(item):
        at = bisect_left(taken, (end, end)) - 1
        if at >= 0 and taken[at][1] > start:
            return True
    return False
