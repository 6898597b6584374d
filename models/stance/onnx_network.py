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

# More rows at a time gain nothing, and the last ones of a batch would wait for fewer threads.
ROWS = 8

# Tokens at a time, unless one row has more: what a network once needed stays allocated, which for
# the MPNet on eight rows of 256 was 225 MB.
TOKENS = 256

# Rows that are made ready while the ones before them run; fewer would seldom be of equal length.
CHUNK = 96


class OnnxNetwork:
    """What `models.stance.export` or `models.stance.gate.export` wrote.

    Rows run without padding, on one thread, `threads` calls at a time. A row must not depend on
    the rows beside it, or a replayed topic would differ from the first run. Where the weights say
    that it does not, rows of equal length run together; otherwise each runs by itself.
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
        found: list[list[Any]] = [[] for _ in sequences[0]]
        running = [
            (rows, self._pool.submit(self._run, batch))
            for start in range(0, len(found), CHUNK)
            for rows, batch in self._batches(start, [s[start : start + CHUNK] for s in sequences])
        ]
        for rows, outputs in running:
            for place, row in enumerate(rows):
                found[row] = [output[place] for output in outputs.result()]
        return found

    def _batches(
        self, start: int, sequences: Sequence[Sequence[str]]
    ) -> list[tuple[list[int], dict[str, Any]]]:
        """What runs together of some rows, the first of which is row number `start`."""
        encoded = self._tokenizer(
            *map(list, sequences), truncation=True, max_length=self.manifest.max_tokens
        )
        lengths = [len(tokens) for tokens in encoded["input_ids"]]
        together = of_equal_length(lengths, ROWS if self.manifest.rows_apart else 1, TOKENS)
        return [
            (
                [start + place for place in places],
                {name: np.array([encoded[name][p] for p in places]) for name in self._inputs},
            )
            for places in together
        ]

    def _run(self, batch: dict[str, Any]) -> list[Any]:
        try:
            return list(self._session.run(None, batch))
        except Exception as error:  # ONNX Runtime's errors have no common base class
            name = self.manifest.info.name
            raise ModelError(f"the model failed: {error}", model=name) from error


def of_equal_length(lengths: Sequence[int], rows: int, tokens: int) -> list[list[int]]:
    """Row numbers in batches of one length, each of up to `rows` rows and `tokens` tokens.

    A row that is longer than that is a batch. The longest come first, so threads that work through
    them are done at about the same time.
    """
    by_length: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_length.setdefault(length, []).append(row)
    batches = []
    for length, its in sorted(by_length.items(), reverse=True):
        limit = max(1, min(rows, tokens // max(1, length)))
        batches += [its[start : start + limit] for start in range(0, len(its), limit)]
    return batches
