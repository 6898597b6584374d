"""Joins the marked spans of a paragraph into attributions: which source, cue and contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from models.quotes.span.labels import CONTENT, CUE, SOURCE
from models.quotes.span.tagger import Marked


@dataclass(slots=True)
class Linked:
    """One attribution: a cue, or a content that no cue wants, with what belongs to it."""

    cue: Marked | None
    source: Marked | None = None
    contents: list[Marked] = field(default_factory=list)


def link(marked: Sequence[Marked], bias: np.ndarray) -> list[Linked]:
    """The attributions of one text, in the order of their cues; spans are given in text order.

    A cue takes at most one source, a source or content goes with at most one cue, and with none
    where the model finds that likelier.
    """
    found: list[Linked] = []
    for _, group in groupby(marked, key=lambda item: item.paragraph):
        found.extend(_link_paragraph(list(group), bias))
    return found


def _link_paragraph(spans: Sequence[Marked], bias: np.ndarray) -> list[Linked]:
    scores = _scores(spans, bias)
    found = {at: Linked(span) for at, span in enumerate(spans) if span.part == CUE}
    candidates = sorted(_pairs(spans, found, scores, SOURCE), reverse=True)
    taken: set[int] = set()
    for _, cue, at in candidates:
        if at not in taken and found[cue].source is None:
            found[cue].source = spans[at]
            taken.add(at)
    best: dict[int, tuple[float, int]] = {}
    for score, cue, at in _pairs(spans, found, scores, CONTENT):
        best[at] = max(best.get(at, (score, cue)), (score, cue))
    loose: list[Linked] = []
    for at, span in enumerate(spans):
        if at in best:
            found[best[at][1]].contents.append(span)
        elif span.part == CONTENT:
            loose.append(Linked(None, contents=[span]))
    return [*found.values(), *loose]


def _pairs(
    spans: Sequence[Marked], cues: dict[int, Linked], scores: np.ndarray, part: int
) -> Iterator[tuple[float, int, int]]:
    """Likely links of spans of a part as (score, cue, span)."""
    reach = scores.shape[1]
    for at, span in enumerate(spans):
        if span.part != part:
            continue
        for other in range(max(0, at - reach), min(len(spans), at + reach + 1)):
            if other in cues:
                low, high = min(at, other), max(at, other)
                score = float(scores[low, high - low - 1])
                if score > 0:
                    yield score, other, at


def _scores(spans: Sequence[Marked], bias: np.ndarray) -> np.ndarray:
    """How likely a span (row) shares an attribution with the column-th after it, in logits."""
    reach = bias.shape[2]
    left = np.stack([span.left for span in spans])
    right = np.stack([span.right for span in spans])
    parts = np.array([span.part for span in spans])
    scores = np.full((len(spans), reach), -np.inf, dtype=np.float32)
    for gap in range(min(reach, len(spans) - 1)):
        one, other = slice(0, len(spans) - gap - 1), slice(gap + 1, None)
        products = (left[one] * right[other]).sum(1) / np.sqrt(left.shape[1])
        scores[one, gap] = products + bias[parts[one], parts[other], gap]
    return scores
