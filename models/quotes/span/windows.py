"""Where a text is cut for the model: a window a paragraph, overlapping ones for a long one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

# Word pieces in a window: room for the longest paragraph of 999 in 1,000.
LONGEST = 192

# Windows of a long paragraph begin this many pieces apart, so that each piece has a window in
# which at least a quarter of one stands to either side of it.
STRIDE = 96


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `start` to `end` are read; those from `keep` to `until` are taken from here."""

    start: int
    end: int
    keep: int
    until: int


def cut(paragraph: np.ndarray) -> list[Window]:
    """Windows over word pieces whose paragraphs are given; their kept parts tile the text.

    A window holds as many whole paragraphs as fit, so that each is read beside its neighbours; a
    paragraph that fits in none has overlapping windows of its own.
    """
    edges = np.flatnonzero(np.diff(paragraph)) + 1
    bounds = [0, *edges.tolist(), len(paragraph)]
    windows: list[Window] = []
    first = 0
    for start, end in pairwise(bounds):
        if end - first > LONGEST:
            windows.extend(_cut_stretch(first, start))
            first = start
    windows.extend(_cut_stretch(first, len(paragraph)))
    return windows


def _cut_stretch(start: int, end: int) -> list[Window]:
    """Windows over whole paragraphs that fit in one, or over one paragraph that does not."""
    if end - start <= LONGEST:
        return [Window(start, end, start, end)] if end > start else []
    # Two neighbours share a stretch; each keeps its own half of it.
    margin = (LONGEST - STRIDE) // 2
    windows: list[Window] = []
    first = keep = start
    while first + LONGEST < end:
        until = first + LONGEST - margin
        windows.append(Window(first, first + LONGEST, keep, until))
        first, keep = first + STRIDE, until
    windows.append(Window(end - LONGEST, end, keep, end))
    return windows
