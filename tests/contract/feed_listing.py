"""What the producer finds in every file of a folder of feeds, served over loopback.

python -m tests.contract.feed_listing DIR > tests/contract/feed_listing.tsv
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from producers.feedlist import FeedSpec
from producers.fetch import Fetcher, FetchSettings
from producers.harvest import Polled
from producers.lanes import Lanes
from producers.parse import parse_feed
from producers.poll import Web, poll
from stancewire.errors import FeedError
from stancewire.feed_records import FeedState
from tests.support.website import served

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
# Test files of feedparser state their type in a comment within the first lines.
STATED_TYPE = re.compile(rb"Header:\s+Content-type:\s*([^\r\n]+)", re.IGNORECASE)
STATED_WITHIN = 4096
COLUMNS = ("file", "feedparser", "entries", "articles", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class Listed:
    """Of one file: the entries that feedparser alone finds, those found here, and the rest."""

    name: str
    alone: int
    entries: int
    articles: int
    skipped: str
    failed: str

    def __str__(self) -> str:
        counts = (self.alone, self.entries, self.articles)
        return "\t".join([self.name, *map(str, counts), self.skipped, self.failed])


def stated_type(path: Path) -> str | None:
    with path.open("rb") as file:
        found = STATED_TYPE.search(file.read(STATED_WITHIN))
    return found[1].decode("latin-1").strip() if found else None


@asynccontextmanager
async def web_of(address: str) -> AsyncIterator[Web]:
    settings = FetchSettings("test", allowed_hosts=(address,), pause_seconds=0)
    async with Fetcher(settings) as fetcher, Lanes() as reader:
        yield Web(fetcher, reader)


async def listed(folder: Path) -> list[Listed]:
    """Polls each file once; a file that hangs or crashes the parser shows as failed."""
    paths = sorted(path for path in folder.glob("*/**/*") if path.is_file())
    with served(folder, stated_type) as address:
        async with web_of(address) as web:
            found = [await _row(path, folder, address, web) for path in paths]
    asked = "".join(f"{path}\t{kind}\n" for path, (_, kind) in zip(paths, found, strict=True))
    alone = _alone(asked)
    return [replace(row, alone=count) for (row, _), count in zip(found, alone, strict=True)]


def _alone(asked: str) -> list[int]:
    command = [sys.executable, "-m", "tests.contract.feedparser_alone"]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return [int(line) for line in done.stdout.splitlines()]


async def _row(path: Path, folder: Path, address: str, web: Web) -> tuple[Listed, str]:
    """The file's row, but for what feedparser finds, and its Content-Type."""
    name = path.relative_to(folder).as_posix()
    spec = FeedSpec(url=f"http://{address}/{quote(name)}", id=name, full_text=False)
    async with web.fetcher.answer(spec.url) as response:
        kind = response.headers.get("Content-Type", "")
        entries = _entries(response.body, response.url, kind)
    polled = await poll(spec, FeedState(id=spec.id, url=spec.url), web, NOW)
    skips = Counter(skipped.kind for skipped in polled.skipped)
    shown = " ".join(f"{each}:{count}" for each, count in sorted(skips.items()))
    return Listed(name, 0, entries, len(polled.articles), shown, _failure(polled)), kind


def _entries(body: bytes, url: str, kind: str) -> int:
    try:
        parsed = parse_feed(body, url, {"content-type": kind})
    except FeedError:
        return 0
    return len(parsed.entries) + parsed.omitted


def _failure(polled: Polled) -> str:
    if polled.error is None:
        return ""
    return polled.error.reason if isinstance(polled.error, FeedError) else "unnamed"


def render(rows: list[Listed]) -> str:
    return "\n".join(["\t".join(COLUMNS), *map(str, rows)]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render(asyncio.run(listed(Path(sys.argv[1])))))
