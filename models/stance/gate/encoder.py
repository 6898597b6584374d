"""Texts to the vectors that the gate compares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cachetools import LRUCache

from models.stance.gate.index import Embedding, Weights
from models.stance.onnx_network import OnnxNetwork
from stancewire.errors import ModelError
from stancewire.records import ModelInfo

SHIPPED_GATE = Path(__file__).parent.parent / "weights" / "gate"

WEIGHTS = "weights.json"

# Words whose vectors are kept: 40 MB at the most. A watchlist of a thousand targets has 6,000, a
# statement 50, so what the gate has read is not read again by the prior.
KEPT_WORDS = 100_000


class Encoder:
    """The network that `models.stance.gate.export` wrote."""

    def __init__(self, directory: Path = SHIPPED_GATE, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered or malformed."""
        self._network = OnnxNetwork(directory, threads)
        self.weights = _read_weights(directory)
        self._kept: LRUCache[str, Embedding] = LRUCache(KEPT_WORDS, lambda one: len(one.words))

    @property
    def info(self) -> ModelInfo:
        return self._network.manifest.info

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order; a text's does not depend on the others.

        Raises:
            ModelError: the network failed on a text.
        """
        known = {text: kept for text in texts if (kept := self._kept.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        for text, (whole, words) in zip(new, self._network.run(new), strict=True):
            # The first and the last token are the tokenizer's own marks: all of an empty text.
            known[text] = Embedding(whole, words[1:-1] if len(words) > 2 else words)
            self._kept[text] = known[text]
        return [known[text] for text in texts]


def _read_weights(directory: Path) -> Weights:
    try:
        return Weights(**json.loads((directory / WEIGHTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{WEIGHTS} is unreadable: {error!r}", directory=directory) from error
