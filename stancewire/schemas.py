"""The JSON Schemas of the records: `python -m stancewire.schemas` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from stancewire.feed_records import FeedState, Push
from stancewire.records import Article, Quote, Record, Stance

RECORDS: tuple[type[Record], ...] = (Article, Quote, Stance, FeedState, Push)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def file_name(record: type[Record]) -> str:
    return f"{record.type_name}.v{record.version}.json"


def schema(record: type[Record]) -> dict[str, Any]:
    """What a reader may rely on: fields that we write, unknown ones allowed."""
    name = f"stancewire:{record.type_name}.v{record.version}"
    return {"$schema": DIALECT, "$id": name, **record.model_json_schema(mode="serialization")}


def render(record: type[Record]) -> str:
    return json.dumps(schema(record), indent=2, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for record in RECORDS:
        (folder / file_name(record)).write_text(render(record), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "deploy/schemas"))
