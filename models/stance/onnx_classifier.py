"""The default runtime: a transformers tokenizer and ONNX Runtime, without PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.stance.directory import read_labels
from models.stance.heads import StanceHead, read_head
from models.stance.onnx_network import OnnxNetwork
from models.stance.pair import Pair
from models.stance.scoring import softmax, to_scores
from models.stance.text import encode_text
from stancewire.errors import ModelError
from stancewire.records import Scores


class OnnxClassifier:
    """A stance head exported by `models.stance.export`."""

    def __init__(self, directory: Path, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered, or not such a model."""
        self._network = OnnxNetwork(directory, threads)
        head = read_head(read_labels(directory))
        if not isinstance(head, StanceHead):
            raise ModelError("the ONNX runtime takes stance heads only", directory=directory)
        self._head = head
        self.info = self._network.manifest.info

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order; scores do not depend on the other pairs.

        Raises:
            ModelError: the model failed on a pair.
        """
        return [self._scores(logits) for logits in self.logits(pairs)]

    def _scores(self, logits: list[float]) -> Scores:
        manifest = self._network.manifest
        for output in self._head.neutral:
            logits[output] += manifest.neutral_bias
        return to_scores(*self._head.combine(softmax(logits, manifest.temperature)))

    def logits(self, pairs: Sequence[Pair]) -> list[list[float]]:
        """The head's outputs of each pair, before calibration."""
        with_context = self._network.manifest.reads_context
        texts = [encode_text(pair, with_context) for pair in pairs]
        rows = self._network.run([first for first, _ in texts], [second for _, second in texts])
        return [[float(logit) for logit in logits] for (logits,) in rows]
