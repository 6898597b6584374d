"""The tags of words: what begins, goes on or stands outside of a span."""

from __future__ import annotations

import numpy as np

PARTS = ("source", "cue", "content")
SOURCE, CUE, CONTENT = range(len(PARTS))

OUTSIDE = 0
TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")


def begin(part: int) -> int:
    return 1 + 2 * part


def inside(part: int) -> int:
    return 2 + 2 * part


def allowed() -> np.ndarray:
    """Whether tag j may follow tag i, as a matrix of booleans: I- only after its own B- or I-."""
    table = np.ones((len(TAGS), len(TAGS)), dtype=bool)
    for part in range(len(PARTS)):
        table[:, inside(part)] = False
        table[[begin(part), inside(part)], inside(part)] = True
    return table
