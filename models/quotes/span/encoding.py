"""Text as the model reads it: word pieces, each with what case, marks and layout say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.quotes.marks import find_quotations

# Token types: three cases, twice for inside or outside of quotation marks.
_LOWER, _CAPITAL, _CAPITALS = range(3)
_QUOTED = 3
TOKEN_TYPES = 6


@dataclass(frozen=True, slots=True)
class Encoding:
    """Arrays over the word pieces of a text; offsets are code points."""

    ids: np.ndarray
    types: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    first: np.ndarray
    """Whether a word begins with the piece."""
    paragraph: np.ndarray
    """The number of the piece's paragraph, from 0."""

    def __len__(self) -> int:
        return len(self.ids)


def encode(tokenizer: Any, text: str) -> Encoding:
    """The whole text, of any length, without special tokens; time is linear in the text."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    words = np.array([-1 if word is None else word for word in encoded.word_ids], dtype=np.int64)
    first = np.diff(words, prepend=-2) != 0
    breaks = np.array([at for at, sign in enumerate(text) if sign == "\n"], dtype=np.int64)
    return Encoding(
        ids=np.array(encoded.ids, dtype=np.int64),
        types=_types(text, starts, ends, first),
        starts=starts,
        ends=ends,
        first=first,
        paragraph=np.unique(np.searchsorted(breaks, starts), return_inverse=True)[1],
    )


def _types(text: str, starts: np.ndarray, ends: np.ndarray, first: np.ndarray) -> np.ndarray:
    case = np.zeros(len(starts), dtype=np.int64)
    kind = _LOWER
    for at, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if first[at]:
            kind = _LOWER
            if text[start].isupper():
                capitals = end - start > 1 and text[start:end].isupper()
                kind = _CAPITALS if capitals else _CAPITAL
        case[at] = kind
    pieces = [piece for quotation in find_quotations(text) for piece in quotation.pieces]
    bounds = np.array(pieces, dtype=np.int64).reshape(-1, 2)
    before = np.searchsorted(bounds[:, 0], starts, side="right")
    quoted = np.zeros(len(starts), dtype=bool)
    some = before > 0
    quoted[some] = starts[some] < bounds[before[some] - 1, 1]
    case[quoted] += _QUOTED
    return case
