"""The model's attributions and the rules' put together, with the marks' last word on edges."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.quotes.layout import Layout
from models.quotes.marks import is_mark
from models.quotes.reading import MIN_FREE_QUOTE_WORDS, QUOTING_RULES, Attribution
from models.quotes.scoring import merge
from models.quotes.span.confidence import confidence_of
from models.quotes.span.link import Linked
from models.quotes.span.tagger import Marked
from models.quotes.transcript import TURN_RULE
from stancewire.records import Span

# The names that the model's attributions go by among those of the rules.
MODEL_RULE = "span-model"
AGREED_RULE = "span-model-agreed"


def to_attributions(linked: Sequence[Linked], layout: Layout) -> list[Attribution]:
    """The model's attributions as the rules give theirs; those without content are left out."""
    starts = [sentence.tokens[0].start for sentence in layout.sentences]
    return [_to_attribution(item, layout, starts) for item in linked if item.contents and starts]


def _to_attribution(item: Linked, layout: Layout, starts: Sequence[int]) -> Attribution:
    contents = _snap_all(item, layout, starts)
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
        margin=min(span.margin for span in _members(item)),
    )


def _members(item: Linked) -> list[Marked]:
    return [*item.contents, *(span for span in (item.source, item.cue) if span is not None)]


def _snap_all(item: Linked, layout: Layout, starts: Sequence[int]) -> list[Span]:
    """The contents with their edges moved, unless that would take in the source or the cue."""
    plain = [span.span for span in item.contents]
    snapped: list[Span] = []
    for start, end in sorted(snap(trim(span, layout, starts), layout) for span in plain):
        if snapped and start < snapped[-1][1]:
            snapped[-1] = snapped[-1][0], max(end, snapped[-1][1])
        else:
            snapped.append((start, end))
    others = [mark.span for mark in (item.source, item.cue) if mark is not None]
    inside = any(start < last and first < end for start, end in snapped for first, last in others)
    return plain if inside else snapped


def trim(span: Span, layout: Layout, starts: Sequence[int]) -> Span:
    """Without the dateline before a sentence and the period after an abbreviation's own."""
    start, end = span
    following = bisect_right(starts, start)
    if (
        following < len(starts)
        and starts[following] < end
        and (following == 0 or layout.sentences[following - 1].tokens[-1].end <= start)
    ):
        start = starts[following]
    if layout.text[max(start, end - 3) : end].strip(".") and layout.text[end - 2 : end] == "..":
        end -= 1
    return start, end


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


def combine(
    learned: Sequence[Attribution], ruled: Sequence[Attribution], text: str
) -> list[Attribution]:
    """One reading of each passage: where both read it, the model's unless the rules see further."""
    chosen: list[Attribution] = []
    told = [item for item in learned if not _is_unsaid(item, text)]
    for ours, theirs in _passages(told, ruled):
        found = _contents(theirs, text)
        if ours and not (theirs and _rules_see_further(ours, theirs, text)):
            whole = [_without_scraps(item, theirs, text) for item in ours]
            chosen.extend(
                _completed(item, theirs, merge(item.contents, text) in found) for item in whole
            )
        else:
            chosen.extend(theirs)
    return chosen


def _is_unsaid(item: Attribution, text: str) -> bool:
    """Words that nobody is said to have said, unless they are a quotation of some length.

    A nickname, a heading, a title; or words of which the model finds neither source nor cue.
    """
    if item.cue is not None or item.source is not None:
        return False
    words = sum(len(text[start:end].split()) for start, end in item.contents)
    quoted = any(is_mark(text[start]) for start, _ in item.contents)
    return words < MIN_FREE_QUOTE_WORDS or not quoted


def _rules_see_further(
    ours: Sequence[Attribution], theirs: Sequence[Attribution], text: str
) -> bool:
    if any(item.cue is None for item in ours) or any(item.rule == TURN_RULE for item in theirs):
        return True
    if any(_is_introduced(other) and _under_another(other, ours) for other in theirs):
        return True
    if any(
        item.source is None
        and _source_of(item, theirs) is not None
        and merge(item.contents, text) not in _contents(theirs, text)
        for item in ours
    ):
        return True
    # The model reads paragraph by paragraph.
    return any("\n" in text[slice(*_extent(item))] for item in theirs)


def _is_introduced(item: Attribution) -> bool:
    """A quotation right after its own cue: `asking her, “Where do we go?”`."""
    return item.rule.startswith("quote-after") and item.cue is not None


def _under_another(item: Attribution, others: Sequence[Attribution]) -> bool:
    """Whether each that holds the item's words gives them another cue; at least one does."""
    holders = [other for other in others if _covers(other.contents, item.contents)]
    return bool(holders) and not any(_same_cue(item, other) for other in holders)


def _covers(spans: Sequence[Span], inner: Sequence[Span]) -> bool:
    return all(any(low <= start and end <= high for low, high in spans) for start, end in inner)


def _without_scraps(item: Attribution, theirs: Sequence[Attribution], text: str) -> Attribution:
    """Only the quotations, where the rules read just quotations with the same cue.

    The model sometimes adds words that another attribution, or none, is about.
    """
    for other in theirs:
        if (
            other.rule in QUOTING_RULES
            and _same_cue(item, other)
            and (set(other.contents) < set(item.contents) or _is_buried(other, item, text))
        ):
            quoted = [span for span in item.contents if is_mark(text[span[0]])]
            return replace(item, contents=_joined([*other.contents, *quoted]))
    return item


def _is_buried(quoted: Attribution, item: Attribution, text: str) -> bool:
    """`The letter spoke of the bridge: “It must go,” the union wrote.`: led to by a colon."""
    return (
        quoted.rule == "quote-before"
        and _covers(item.contents, quoted.contents)
        and text[quoted.contents[0][0] - 2 : quoted.contents[0][0]].rstrip() == ":"
    )


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Sorted, without those that lie in another."""
    kept: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def _source_of(item: Attribution, theirs: Sequence[Attribution]) -> Span | None:
    """The source that the rules give the same cue: the subject that it shares with another."""
    for other in theirs:
        if _same_cue(item, other):
            return other.source
    return None


def _same_cue(one: Attribution, other: Attribution) -> bool:
    return (
        one.cue is not None
        and other.cue is not None
        and one.cue[0] < other.cue[1]
        and other.cue[0] < one.cue[1]
    )


def _completed(item: Attribution, theirs: Sequence[Attribution], agreed: bool) -> Attribution:
    return replace(
        item,
        source=item.source or _source_of(item, theirs),
        rule=AGREED_RULE if agreed else MODEL_RULE,
        confidence=confidence_of(item.margin, agreed),
    )


def _contents(items: Sequence[Attribution], text: str) -> set[tuple[Span, ...]]:
    return {merge(item.contents, text) for item in items}


def _spans(item: Attribution) -> list[Span]:
    return [*item.contents, *(span for span in (item.source, item.cue) if span is not None)]


def _extent(item: Attribution) -> Span:
    spans = _spans(item)
    return min(start for start, _ in spans), max(end for _, end in spans)


def _passages(
    learned: Sequence[Attribution], ruled: Sequence[Attribution]
) -> Iterator[tuple[list[Attribution], list[Attribution]]]:
    """Groups of attributions whose extents overlap, the model's and the rules' apart."""
    items = [(_extent(item), number, True) for number, item in enumerate(learned)]
    items += [(_extent(item), number, False) for number, item in enumerate(ruled)]
    ours: list[Attribution] = []
    theirs: list[Attribution] = []
    reach = 0
    for (start, end), number, is_ours in sorted(items):
        if start >= reach and (ours or theirs):
            yield ours, theirs
            ours, theirs = [], []
        (ours if is_ours else theirs).append(learned[number] if is_ours else ruled[number])
        reach = max(reach, end)
    if ours or theirs:
        yield ours, theirs
