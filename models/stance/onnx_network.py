"""An exported network with its tokenizer, run on rows of text without PyTorch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from models.manifest import read_manifest
from models.onnx_session import open_session
from models.stance.directory import load_tokenizer
from stancewire.errors import ModelError


class OnnxNetwork:
    """What `models.stance.export` or `models.stance.gate.export` wrote.

    Each row runs as a batch of its own, without padding, on one thread; `threads` rows run at a
    time. Dynamic int8 scales are taken per tensor, so a row's outputs would otherwise depend on
    the rows beside it, and a replayed topic would differ from the first run.
    """

    def __init__(self, directory: Path, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing or altered."""
        self.manifest = read_manifest(directory)
        self._tokenizer = load_tokenizer(directory)
        self._session = open_session(directory / "model.onnx")
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._pool = ThreadPoolExecutor(threads or os.cpu_count(), thread_name_prefix="stance")

    def run(self, *sequences: Sequence[str]) -> list[list[Any]]:
        """The network's outputs for each row, in order; a row is one text of each of `sequences`.

        Raises:
            ModelError: the network failed on a row.
        """
        if not sequences[0]:
            return []
        encoded = self._tokenizer(
            *map(list, sequences), truncation=True, max_length=self.manifest.max_tokens
        )
        rows = [
            {name: np.array([encoded[name][row]], dtype=np.int64) for name in self._inputs}
            for row in range(len(sequences[0]))
        ]
        return list(self._pool.map(self._run, rows))

    def _run(self, row: dict[str, Any]) -> list[Any]:
        try:
            return [output[0] for output in self._session.run(None, row)]
        except Exception as error:  # ONNX Runtime's errors have no common base class
            name = self.manifest.info.name
            raise ModelError(f"the model failed: {error}", model=name) from error
