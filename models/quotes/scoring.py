"""Precision, recall and F1 of spans."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from stancewire.records import Span

SpanSet = tuple[Span, ...]


@dataclass(slots=True)
class Score:
    """Counts that make precision, recall and F1 (all between 0 and 1)."""

    hits_found: float = 0.0
    found: int = 0
    hits_gold: float = 0.0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.hits_found / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits_gold / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, other: Score) -> None:
        self.hits_found += other.hits_found
        self.found += other.found
        self.hits_gold += other.hits_gold
        self.gold += other.gold


def merge(spans: Iterable[Span], text: str) -> SpanSet:
    """Sorted spans, those joined that only white space parts."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def best_jaccard(item: SpanSet, others: Iterable[SpanSet]) -> float:
    """The largest share of common characters among those of the item and of one other."""
    return max((_jaccard(item, other) for other in others), default=0.0)


def _jaccard(left: SpanSet, right: SpanSet) -> float:
    common = sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in left
        for other_start, other_end in right
    )
    total = sum(end - start for start, end in (*left, *right)) - common
    return common / total if total else 0.0


def exact(found: Sequence[Hashable], gold: Sequence[Hashable]) -> Score:
    """A hit is the same set of spans, or the same tuple of such sets."""
    found_set, gold_set = set(found), set(gold)
    return Score(
        sum(item in gold_set for item in found),
        len(found),
        sum(item in found_set for item in gold),
        len(gold),
    )


def overlap(found: Sequence[SpanSet], gold: Sequence[SpanSet]) -> Score:
    """A hit shares a character with an item of the other side."""
    return Score(_touching(found, gold), len(found), _touching(gold, found), len(gold))


def _touching(items: Sequence[SpanSet], others: Sequence[SpanSet]) -> int:
    """How many items share a character with any of the others, by one sweep over both."""
    events = sorted((start, end) for other in others for start, end in other)
    reach: list[Span] = []
    for start, end in events:
        if reach and start < reach[-1][1]:
            reach[-1] = (reach[-1][0], max(end, reach[-1][1]))
        else:
            reach.append((start, end))
    starts = [start for start, _ in reach]
    return sum(any(_hits(span, starts, reach) for span in item) for item in items)


def _hits(span: Span, starts: Sequence[int], reach: Sequence[Span]) -> bool:
    at = bisect_left(starts, span[1])
    return at > 0 and reach[at - 1][1] > span[0]
