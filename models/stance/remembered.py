"""A cache for repeated statements: a quote that a hundred papers print is classified once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b

from cachetools import LRUCache

from models.stance.pair import Pair, StanceClassifier
from models.stance.text import encode_text
from stancewire.records import ModelInfo, Scores

# Two pairs of as many as a worker ever sees do not share a key of 16 bytes.
KEY_BYTES = 16


class Remembered:
    """A classifier that keeps what it said of the last pairs, by what their networks read.

    Scores do not depend on the pairs that run beside, so a kept answer is the one that would be
    given again. A pair takes about 400 bytes.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        pairs: int,
        counted: Callable[[int], object],
    ) -> None:
        """Keeps up to so many `pairs`; `counted` is told how many were remembered."""
        self._classifier = classifier
        self._counted = counted
        self._kept: LRUCache[bytes, Scores] = LRUCache(pairs)

    @property
    def info(self) -> ModelInfo:
        return self._classifier.info

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order.

        Raises:
            ModelError: as the classifier's.
        """
        keys = [self._key(pair) for pair in pairs]
        known = {key: scores for key in keys if (scores := self._kept.get(key)) is not None}
        new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in known}
        known |= zip(new, self._classifier.classify(list(new.values())), strict=True)
        for key in new:
            self._kept[key] = known[key]
        self._counted(len(pairs) - len(new))
        return [known[key] for key in keys]

    def _key(self, pair: Pair) -> bytes:
        info = self._classifier.info
        read = encode_text(pair, with_context=True)
        parts = (info.name, info.revision, str(pair.among), *read, *pair.aliases)
        # Their lengths part the texts, whatever is in them.
        told = "".join(f"{len(part)}:{part}" for part in parts)
        return blake2b(told.encode(), digest_size=KEY_BYTES).digest()
