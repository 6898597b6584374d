"""Which of a thousand targets a quote can speak to: only those are worth the cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.stance.gate.encoder import Head
from models.stance.gate.index import Embedding, TargetIndex
from models.stance.pair import Pair
from models.stance.text import content_words, encode_text, plain


class TextEncoder(Protocol):
    """What the gate needs of an encoder."""

    @property
    def head(self) -> Head: ...

    def embed(self, texts: Sequence[str]) -> list[Embedding]: ...


class Gate:
    """Passes a target if the quote or what stands around it names it, or if both mean like things.

    Whether a pair passes depends on that pair alone, so the length of the list changes nothing.
    """

    def __init__(self, encoder: TextEncoder, targets: Sequence[Sequence[str]]) -> None:
        """`targets` holds each target's phrases: its name, its aliases, its hint.

        Raises:
            ModelError: the encoder failed on a phrase.
        """
        phrases = [plain(phrase) for target in targets for phrase in target]
        embedded = iter(encoder.embed(phrases))
        self._encoder = encoder
        self._index = TargetIndex(
            [[next(embedded) for _ in target] for target in targets], encoder.head.weights
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
            self._passed(text, embedding)
            for text, embedding in zip(texts, self._encoder.embed(texts), strict=True)
        ]

    def _passed(self, text: str, embedding: Embedding) -> list[int]:
        words = content_words(text)
        near = self._index.scores(embedding) >= self._encoder.head.threshold
        return [
            place
            for place, (is_near, names) in enumerate(zip(near, self._names, strict=True))
            if is_near or any(name <= words for name in names)
        ]
