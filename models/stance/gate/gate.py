"""Which of a thousand targets a quote can speak to: only those are worth the cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from models.stance.gate.index import Embedding, TargetIndex, Weights
from models.stance.pair import Pair
from models.stance.text import content_words, encode_text, plain


class TextEncoder(Protocol):
    """What the gate needs of an encoder."""

    @property
    def weights(self) -> Weights: ...

    def embed(self, texts: Sequence[str]) -> list[Embedding]: ...


class Gate:
    """Chooses the targets that the quote or what stands around it names, then the nearest ones."""

    def __init__(
        self, encoder: TextEncoder, targets: Sequence[Sequence[str]], nearest: int
    ) -> None:
        """`targets` holds each target's phrases: its name, its aliases, its hint.

        So many targets as `nearest` says are chosen for each quote, more only if it names more.

        Raises:
            ModelError: the encoder failed on a phrase.
        """
        phrases = [plain(phrase) for target in targets for phrase in target]
        embedded = iter(encoder.embed(phrases))
        self._encoder = encoder
        self._nearest = nearest
        self._index = TargetIndex(
            [[next(embedded) for _ in target] for target in targets], encoder.weights
        )
        self._names: list[list[set[str]]] = [
            [words for phrase in target if (words := content_words(plain(phrase)))]
            for target in targets
        ]

    def choose(self, quotes: Sequence[Pair]) -> list[list[int]]:
        """The places of the targets that each quote may speak to, ascending; its target is unread.

        Raises:
            ModelError: the encoder failed on a quote.
        """
        texts = [encode_text(quote, with_context=True)[0] for quote in quotes]
        return [
            self._chosen(text, embedding)
            for text, embedding in zip(texts, self._encoder.embed(texts), strict=True)
        ]

    def _chosen(self, text: str, embedding: Embedding) -> list[int]:
        words = content_words(text)
        named = [
            place for place, names in enumerate(self._names) if any(name <= words for name in names)
        ]
        # Equally near ones in the list's order, so that a replay chooses the same.
        by_nearness = np.argsort(-self._index.scores(embedding), kind="stable").tolist()
        ranked = dict.fromkeys([*named, *by_nearness])
        return sorted(list(ranked)[: max(self._nearest, len(named))])
