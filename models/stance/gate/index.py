"""How near a quote is to each of many targets, by vectors that are made once for each.

Two views are added up: the whole against the whole, as a bi-encoder compares them (Reimers and
Gurevych, "Sentence-BERT", EMNLP 2019), and each word of the target against the word of the quote
that fits it best (Khattab and Zaharia, "ColBERT", SIGIR 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedding:
    """A text as unit vectors: `whole` of shape (width,), `words` of shape (tokens, word width)."""

    whole: Floats
    words: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each view counts; the score is a logit."""

    whole: float
    words: float
    bias: float


class TargetIndex:
    """The phrases of every target, stacked; a target is as near as its nearest phrase."""

    def __init__(self, targets: Sequence[Sequence[Embedding]], weights: Weights) -> None:
        """`targets` holds the embeddings of each target's phrases, one at least."""
        phrases = [phrase for target in targets for phrase in target]
        self._weights = weights
        self._wholes = _stack([phrase.whole[None] for phrase in phrases])
        self._words = _stack([phrase.words for phrase in phrases])
        lengths = np.array([len(phrase.words) for phrase in phrases], dtype=np.intp)
        self._lengths = lengths.astype(np.float32)
        self._word_starts = np.cumsum(lengths) - lengths
        counts = np.array([len(target) for target in targets], dtype=np.intp)
        self._phrase_starts = np.cumsum(counts) - counts

    def scores(self, quote: Embedding) -> Floats:
        """A logit a target, in the targets' order: the higher, the likelier they are related."""
        if not self._phrase_starts.size:
            return np.zeros(0, dtype=np.float32)
        best = (self._words @ quote.words.T).max(1)
        by_words = np.add.reduceat(best, self._word_starts) / self._lengths
        phrases = (
            self._weights.whole * (self._wholes @ quote.whole)
            + self._weights.words * by_words
            + self._weights.bias
        )
        scores: Floats = np.maximum.reduceat(phrases, self._phrase_starts).astype(np.float32)
        return scores


def _stack(parts: Sequence[Any]) -> Floats:
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros((0, 1), np.float32)
