"""The default runtime: a transformers tokenizer and ONNX Runtime, without PyTorch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from models.manifest import read_manifest
from models.onnx_session import open_session
from models.stance.directory import load_tokenizer, read_labels
from models.stance.heads import StanceHead, read_head
from models.stance.pair import Pair
from models.stance.scoring import softmax, to_scores
from models.stance.text import encode_text
from stancewire.errors import ModelError
from stancewire.records import ModelInfo, Scores


class OnnxClassifier:
    """A stance head exported by `models.stance.export`.

    Each pair runs as a batch of its own, without padding, on one thread; `threads` pairs run at a
    time. Dynamic int8 scales are taken per tensor, so a pair's scores would otherwise depend on
    the pairs beside it, and a replayed topic would differ from the first run.
    """

    def __init__(self, directory: Path, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered, or not such a model."""
        self._manifest = read_manifest(directory)
        head = read_head(read_labels(directory))
        if not isinstance(head, StanceHead):
            raise ModelError("the ONNX runtime takes stance heads only", directory=directory)
        self._head = head
        self._tokenizer = load_tokenizer(directory)
        self._session = open_session(directory / "model.onnx")
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._pool = ThreadPoolExecutor(threads or os.cpu_count(), thread_name_prefix="stance")

    @property
    def info(self) -> ModelInfo:
        return self._manifest.info

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order; scores do not depend on the other pairs.

        Raises:
            ModelError: the model failed on a pair.
        """
        return [
            to_scores(*self._head.combine(softmax(logits, self._manifest.temperature)))
            for logits in self.logits(pairs)
        ]

    def logits(self, pairs: Sequence[Pair]) -> list[list[float]]:
        """The head's outputs of each pair, before calibration."""
        if not pairs:
            return []
        with_context = self._manifest.reads_context
        firsts, seconds = zip(*(encode_text(pair, with_context) for pair in pairs), strict=True)
        encoded = self._tokenizer(
            list(firsts), list(seconds), truncation=True, max_length=self._manifest.max_tokens
        )
        rows = [
            {name: np.array([encoded[name][row]], dtype=np.int64) for name in self._inputs}
            for row in range(len(pairs))
        ]
        return list(self._pool.map(self._run, rows))

    def _run(self, row: dict[str, Any]) -> list[float]:
        try:
            (logits,) = self._session.run(["logits"], row)
        except Exception as error:  # ONNX Runtime's errors have no common base class
            raise ModelError(f"the model failed: {error}", model=self.info.name) from error
        return [float(logit) for logit in logits[0]]
