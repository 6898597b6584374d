"""Statements as files: a line or a row each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

COLUMNS = (
    "number", "said_at", "speaker", "role", "text", "polarity", "target", "label", "score",
    "abstained", "feed", "title", "url", "model", "model_revision",
)  # fmt: skip


def as_json(page: Sequence[dict[str, Any]], _: bool) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in page)


def as_csv(page: Sequence[dict[str, Any]], first: bool) -> str:
    """A row a stance; a cell that a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    if first:
        writer.writerow(COLUMNS)
    for each in page:
        speaker, article = each["speaker"] or {}, each["article"]
        for stance in each["stances"]:
            row = (
                each["number"], each["said_at"], speaker.get("name"), speaker.get("role"),
                each["text"], each["polarity"], stance["target"]["name"], stance["label"],
                stance["score"], stance["abstained"], article["feed"]["id"], article["title"],
                article["url"], stance["model"]["name"], stance["model"]["revision"],
            )  # fmt: skip
            writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    is_formula = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if is_formula else value
