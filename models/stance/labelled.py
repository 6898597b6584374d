"""Pairs labelled for this project on PolNeAR and NewsMTSC: offsets here, the text there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from models.quotes.polarity import polarity_of
from models.stance.pair import Pair
from stancewire.errors import InputError
from stancewire.records import Label, Span

# Characters of the article around a statement that the labellers read, too.
BEFORE, AFTER = 300, 150

# Not .jsonl: those beside them hold whole pairs.
LABELS = tuple(
    Path(__file__).with_name("data") / name
    for name in (
        "polnear-train.labels",
        "newsmtsc-train.labels",
        "mined-polnear-train.labels",
        "mined-newsmtsc-train.labels",
    )
)


def labelled_pairs(
    data: Path, labels: Sequence[Path] = LABELS, doubtful: bool = False
) -> list[tuple[Pair, Label]]:
    """The pairs with their labels; `data` is the directory of the stance sets, beside `quotes`.

    A line names a PolNeAR article (`doc`) or a line of NewsMTSC's train set (`row`, from 1). Pairs
    on which two careful readers might differ are left out unless `doubtful`.

    Raises:
        InputError: a text cannot be read, or a line is malformed.
    """
    return [pair for path in labels for pair in _read(data, path, doubtful)]


def _read(data: Path, labels: Path, doubtful: bool) -> Iterator[tuple[Pair, Label]]:
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            yield from _pairs(row, _text_of(row, data), doubtful)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(f"not labels: {error!r}", file=labels, line=number) from error


def _text_of(row: dict[str, Any], data: Path) -> str:
    if "doc" in row:
        return _text(data.parent / "quotes" / "polnear" / "train" / "text" / f"{row['doc']}.txt")
    text: str = json.loads(_lines(data / "newsmtsc" / "train.jsonl")[row["row"] - 1])["text"]
    return text


def _pairs(row: dict[str, Any], text: str, doubtful: bool) -> Iterator[tuple[Pair, Label]]:
    quote, speaker = _words(text, row["content"]), _words(text, row["source"])
    context = around(text, [*row["content"], *row["source"]])
    polarity = polarity_of(text, row["content"], _extent(row["cue"]), _extent(row["source"]))
    for target, label, sure in row["pairs"]:
        known = known_label(label)
        if sure or doubtful:
            yield Pair(quote, target, speaker, context, polarity), known


def known_label(value: object) -> Label:
    """Raises: ValueError: it is none of the labels."""
    if value not in get_args(Label):
        raise ValueError(f"unknown label {value!r}")
    return cast(Label, value)


@cache
def _lines(path: Path) -> list[str]:
    return _text(path).split("\n")


def around(text: str, spans: Sequence[Sequence[int]]) -> str:
    """The words of a text from some before the first of the spans to some after the last."""
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return " ".join(text[max(0, first - BEFORE) : last + AFTER].split())


def _extent(spans: Sequence[Sequence[int]]) -> Span | None:
    return (spans[0][0], spans[-1][1]) if spans else None


def _words(text: str, spans: Sequence[Sequence[int]]) -> str:
    return " ".join(" ".join(text[start:end].split()) for start, end in spans)


@cache
def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read a text that was labelled", file=path) from error
