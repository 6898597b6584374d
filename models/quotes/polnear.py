"""Reads the PolNeAR corpus (Newell, Margolin and Ruths, LREC 2018)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.quotes.scoring import SpanSet, merge
from stancewire.errors import InputError

KINDS = ("direct", "mixed", "indirect")


@dataclass(frozen=True, slots=True)
class GoldAttribution:
    """Spans in code points; empty where the annotators marked none."""

    kind: str
    content: SpanSet
    source: SpanSet
    cue: SpanSet


@dataclass(slots=True)
class GoldArticle:
    """An article with its annotated attributions."""

    id: str
    text: str
    attributions: list[GoldAttribution] = field(default_factory=list)


def read_articles(split: Path) -> list[GoldArticle]:
    """The articles of one split: `attributions.jsonl` beside `text/ID.txt`.

    Raises:
        InputError: a file is missing or a line is not an attribution.
    """
    try:
        articles = {
            path.stem: GoldArticle(path.stem, path.read_bytes().decode("utf-8"))
            for path in sorted((split / "text").glob("*.txt"))
        }
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read the articles", directory=split) from error
    if not articles:
        raise InputError("no articles here", directory=split / "text")
    for number, row in _rows(split / "attributions.jsonl"):
        try:
            article = articles[row["doc"]]
            article.attributions.append(
                GoldAttribution(
                    row["kind"],
                    *(
                        merge([(start, end) for start, end in row[f"{part}_spans"]], article.text)
                        for part in ("content", "source", "cue")
                    ),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("not an attribution", file=split, line=number) from error
    return list(articles.values())


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, json.loads(line)
    except (OSError, ValueError) as error:
        raise InputError("cannot read the attributions", file=path) from error
