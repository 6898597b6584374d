"""Pairs labelled for this project on PolNeAR's train articles: offsets here, the text there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from models.stance.pair import Pair
from stancewire.errors import InputError
from stancewire.records import Label

# Not .jsonl: those beside it hold whole pairs.
LABELS = Path(__file__).with_name("data") / "polnear-train.labels"


def labelled_pairs(
    data: Path, labels: Path = LABELS, doubtful: bool = False
) -> list[tuple[Pair, Label]]:
    """The pairs with their labels; `data` is the directory of the stance sets, beside `quotes`.

    Pairs on which two careful readers might differ are left out unless `doubtful`.

    Raises:
        InputError: an article cannot be read, or a line is malformed.
    """
    articles = data.parent / "quotes" / "polnear" / "train" / "text"
    found: list[tuple[Pair, Label]] = []
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            text = _text(articles / f"{row['doc']}.txt")
            found.extend(_pairs(row, text, doubtful))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"not labels: {error!r}", file=labels, line=number) from error
    return found


def _pairs(row: dict[str, Any], text: str, doubtful: bool) -> Iterator[tuple[Pair, Label]]:
    quote, speaker = _words(text, row["content"]), _words(text, row["source"])
    for target, label, sure in row["pairs"]:
        if label not in get_args(Label):
            raise ValueError(f"unknown label {label!r}")
        if sure or doubtful:
            yield Pair(quote, target, speaker), cast(Label, label)


def _words(text: str, spans: Sequence[Sequence[int]]) -> str:
    return " ".join(" ".join(text[start:end].split()) for start, end in spans)


@cache
def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read an article that was labelled", file=path) from error
