"""Runs the exported network over texts: ONNX Runtime, without PyTorch."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from models.manifest import read_manifest
from models.onnx_session import open_session
from models.quotes.span.decode import WordSpan, best_tags, marked_spans
from models.quotes.span.encoding import Encoding, encode
from models.quotes.span.labels import PARTS, TAGS
from models.quotes.span.windows import Window, cut
from stancewire.errors import ModelError
from stancewire.records import ModelInfo, Span

# The file of what follows the network: transitions between tags, biases of links.
HEAD = "head.json"


@dataclass(frozen=True, slots=True)
class Head:
    """What decoding needs beside the network's outputs."""

    transitions: np.ndarray
    link_bias: np.ndarray
    """Left part × right part × how many spans stand between them."""
    first_token: int
    last_token: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A span of the text that the model marked, with the vectors that link it to others."""

    span: Span
    part: int
    paragraph: int
    left: np.ndarray
    right: np.ndarray
    margin: float
    """Mean lead of the chosen tags over the second best, in logits."""


class SpanTagger:
    """Marks sources, cues and contents.

    Each window runs as a batch of its own, without padding, on one thread; `threads` windows run
    at a time. Dynamic int8 scales are taken per tensor, so a paragraph's spans would otherwise
    depend on those beside it.
    """

    def __init__(self, directory: Path, threads: int | None = None) -> None:
        """Raises: ModelError: a file is missing, altered, or not such a model."""
        self._manifest = read_manifest(directory)
        self.head = read_head(directory / HEAD)
        self._tokenizer = load_tokenizer(directory / "tokenizer.json")
        self._session = open_session(directory / "model.onnx")
        self._pool = ThreadPoolExecutor(threads or os.cpu_count(), thread_name_prefix="span")

    @property
    def info(self) -> ModelInfo:
        return self._manifest.info

    def tag(self, texts: Sequence[str]) -> list[list[Marked]]:
        """The marked spans of each text, in order.

        Raises:
            ModelError: the model failed on a window.
        """
        encodings = [encode(self._tokenizer, text) for text in texts]
        plans = [cut(encoding.paragraph) for encoding in encodings]
        jobs = [
            (encoding, window)
            for encoding, plan in zip(encodings, plans, strict=True)
            for window in plan
        ]
        outputs = list(self._pool.map(self._run, *zip(*jobs, strict=True))) if jobs else []
        marked: list[list[Marked]] = []
        at = 0
        for encoding, plan in zip(encodings, plans, strict=True):
            marked.append(self._decode(encoding, outputs[at : at + len(plan)]))
            at += len(plan)
        return marked

    def _run(self, encoding: Encoding, window: Window) -> tuple[np.ndarray, ...]:
        """Emissions, left and right link vectors of the pieces that the window keeps."""
        ids, types = (array[window.start : window.end] for array in (encoding.ids, encoding.types))
        feed = {
            "input_ids": np.concatenate(([self.head.first_token], ids, [self.head.last_token])),
            "attention_mask": np.ones(len(ids) + 2, dtype=np.int64),
            "token_type_ids": np.pad(types, 1),
        }
        try:
            outputs = self._session.run(
                ["tags", "left", "right"], {name: row[None] for name, row in feed.items()}
            )
        except Exception as error:  # ONNX Runtime's errors have no common base class
            raise ModelError(f"the model failed: {error}", model=self.info.name) from error
        kept = slice(window.keep - window.start + 1, window.until - window.start + 1)
        return tuple(output[0, kept] for output in outputs)

    def _decode(
        self, encoding: Encoding, outputs: Sequence[tuple[np.ndarray, ...]]
    ) -> list[Marked]:
        if not outputs:
            return []
        tags, left, right = (np.concatenate(part) for part in zip(*outputs, strict=True))
        words = np.flatnonzero(encoding.first)
        paragraphs = encoding.paragraph[words]
        marked: list[Marked] = []
        for number, (rows, best) in enumerate(
            _decode_paragraphs(tags[words], paragraphs, self.head.transitions)
        ):
            marked.extend(
                self._mark(encoding, words, rows, span, number, (tags, left, right))
                for span in marked_spans(best)
            )
        return marked

    def _mark(
        self,
        encoding: Encoding,
        words: np.ndarray,
        rows: np.ndarray,
        span: WordSpan,
        paragraph: int,
        outputs: tuple[np.ndarray, ...],
    ) -> Marked:
        tags, left, right = outputs
        first, last = int(rows[span.first]), int(rows[span.last])
        end = int(words[last + 1]) if last + 1 < len(words) else len(encoding)
        heads = words[[first, last]]
        top = np.sort(tags[words[first : last + 1]], axis=1)
        return Marked(
            span=(int(encoding.starts[heads[0]]), int(encoding.ends[end - 1])),
            part=span.part,
            paragraph=paragraph,
            left=left[heads].sum(0),
            right=right[heads].sum(0),
            margin=float((top[:, -1] - top[:, -2]).mean()),
        )


# Rows × longest row that are decoded at a time, to bound the memory that padding takes.
_DECODED = 65_536


def _decode_paragraphs(
    emissions: np.ndarray, paragraphs: np.ndarray, transitions: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each paragraph its words' numbers and their tags; paragraphs are decoded side by side."""
    bounds = [0, *(np.flatnonzero(np.diff(paragraphs)) + 1).tolist(), len(paragraphs)]
    rows = [np.arange(*pair) for pair in pairwise(bounds)]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    result: list[tuple[np.ndarray, np.ndarray]] = [(row, row) for row in rows]
    batch: list[int] = []
    for place, number in enumerate(order):
        batch.append(number)
        longer = len(rows[order[place + 1]]) if place + 1 < len(order) else 0
        if not longer or (len(batch) + 1) * longer > _DECODED:
            lengths = np.array([len(rows[member]) for member in batch])
            padded = np.zeros((len(batch), lengths.max(), len(TAGS)), dtype=np.float32)
            for at, member in enumerate(batch):
                padded[at, : lengths[at]] = emissions[rows[member]]
            tags = best_tags(padded, transitions, lengths)
            for at, member in enumerate(batch):
                result[member] = (rows[member], tags[at, : lengths[at]])
            batch = []
    return result


def read_head(path: Path) -> Head:
    """Raises: ModelError: the file is missing or malformed."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        head = Head(
            np.array(values["transitions"], dtype=np.float32),
            np.array(values["link_bias"], dtype=np.float32),
            int(values["first_token"]),
            int(values["last_token"]),
        )
    except OSError as error:
        raise ModelError(f"cannot read {path.name}", file=path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path.name} is malformed: {error}", file=path) from error
    if head.transitions.shape != (len(TAGS), len(TAGS)) or head.link_bias.shape[:2] != (
        len(PARTS),
        len(PARTS),
    ):
        raise ModelError(f"{path.name} is of another shape", file=path)
    return head


def load_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer that cuts and pads nothing. Raises: ModelError: it cannot be read."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise ModelError(f"cannot load the tokenizer: {error}", file=path) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def window_edges(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids of the special tokens that open and end a window."""
    first, last = tokenizer.encode("").ids
    return first, last
