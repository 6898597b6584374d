"""The likeliest tags of words that a constraint allows, and the spans that they mark."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.quotes.span.labels import PARTS, allowed, begin, inside


class WordSpan(NamedTuple):
    """First and last word of a marked span, last included, and its part."""

    first: int
    last: int
    part: int


def best_tags(emissions: np.ndarray, transitions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The best tags (rows × words) of padded rows (rows × words × tags), by Viterbi's algorithm.

    I- follows only the B- or I- of its own part; a row never begins with I-. Tags beyond a row's
    length mean nothing. Source: Forney, "The Viterbi Algorithm", Proc. IEEE 61(3), 1973.
    """
    rows, words, tags = emissions.shape
    if rows == 0 or words == 0:
        return np.zeros((rows, words), dtype=np.int64)
    legal = np.where(allowed(), transitions, -np.inf)
    total = emissions[:, 0].copy()
    total[:, [inside(part) for part in range(len(PARTS))]] = -np.inf
    came_from = np.zeros((words, rows, tags), dtype=np.int64)
    for word in range(1, words):
        through = total[:, :, None] + legal
        came_from[word] = through.argmax(1)
        following = through.max(1) + emissions[:, word]
        running = word < lengths
        total = np.where(running[:, None], following, total)
        # A row that has ended stays where it is.
        came_from[word][~running] = np.arange(tags)
    best = np.zeros((rows, words), dtype=np.int64)
    best[:, -1] = total.argmax(1)
    every = np.arange(rows)
    for word in range(words - 1, 0, -1):
        best[:, word - 1] = came_from[word][every, best[:, word]]
    return best


def marked_spans(tags: np.ndarray) -> list[WordSpan]:
    """The spans of one row of tags, in order."""
    spans: list[WordSpan] = []
    starts = {begin(part): part for part in range(len(PARTS))}
    for word in np.flatnonzero(np.isin(tags, list(starts))).tolist():
        part = starts[int(tags[word])]
        last = word
        while last + 1 < len(tags) and tags[last + 1] == inside(part):
            last += 1
        spans.append(WordSpan(word, last, part))
    return spans
