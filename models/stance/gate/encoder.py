"""Texts to the vectors that the gate compares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.stance.gate.index import Embedding, Weights
from models.stance.onnx_network import OnnxNetwork
from stancewire.errors import ModelError
from stancewire.records import ModelInfo

SHIPPED_GATE = Path(__file__).parent.parent / "weights" / "gate"

HEAD = "head.json"


@dataclass(frozen=True, slots=True)
class Head:
    """What goes with the network: the views' weights, and the logit from which a pair passes."""

    weights: Weights
    threshold: float


class Encoder:
    """The network that `models.stance.gate.export` wrote."""

    def __init__(self, directory: Path = SHIPPED_GATE, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered or malformed."""
        self._network = OnnxNetwork(directory, threads)
        self.head = _read_head(directory)

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


def _read_head(directory: Path) -> Head:
    try:
        head = json.loads((directory / HEAD).read_text(encoding="utf-8"))
        return Head(Weights(**head["weights"]), float(head["threshold"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{HEAD} is unreadable: {error!r}", directory=directory) from error
