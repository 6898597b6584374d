"""Texts to the vectors that the gate compares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from models.stance.gate.index import Embedding, Weights
from models.stance.onnx_network import OnnxNetwork
from stancewire.errors import ModelError
from stancewire.records import ModelInfo

SHIPPED_GATE = Path(__file__).parent.parent / "weights" / "gate"

WEIGHTS = "weights.json"


class Encoder:
    """The network that `models.stance.gate.export` wrote."""

    def __init__(self, directory: Path = SHIPPED_GATE, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered or malformed."""
        self._network = OnnxNetwork(directory, threads)
        self.weights = _read_weights(directory)

    @property
    def info(self) -> ModelInfo:
        return self._network.manifest.info

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, in order; a text's does not depend on the others.

        Raises:
            ModelError: the network failed on a text.
        """
        # The first and the last token are the tokenizer's own marks: all that an empty text has.
        return [
            Embedding(whole, words[1:-1] if len(words) > 2 else words)
            for whole, words in self._network.run(texts)
        ]


def _read_weights(directory: Path) -> Weights:
    try:
        return Weights(**json.loads((directory / WEIGHTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{WEIGHTS} is unreadable: {error!r}", directory=directory) from error
