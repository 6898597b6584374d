"""The golden examples: what the workers make of one article; `make schemas` writes them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from consumers.classifying import ClassifierSettings, build
from consumers.quotes import QuotesStep
from consumers.stances import StancesStep
from consumers.targets import Watched
from models.quotes import load_extractor
from models.stance.gate import Encoder
from stancewire.feed_records import FeedState, Push, SeenEntry, Subscription
from stancewire.identity import content_hash, stable_id
from stancewire.metrics import StanceMetrics
from stancewire.records import Article, Feed, Record
from stancewire.schemas import file_name
from stancewire.watchlist import Target, Watchlist

EXAMPLES = Path("deploy/examples")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WATCHLIST = Watchlist((Target(id="harbour-wall", name="the new harbour wall"),))
TITLE = "Harbour wall plan divides the council"
TEXT = """\
The council of Port Ellis voted on Monday to study a new harbour wall.

“The wall is the only thing that will keep this town above water, and we must build it,” \
Mayor Ruth Adeyemi said. “We have waited long enough.”

Fisherman Tom Garrick called the plan “a waste of forty million.”

Adeyemi told reporters that work could begin in May."""


def article() -> Article:
    feed = Feed(id="port-ellis", url="https://news.example/port-ellis.xml", title="Port Ellis News")
    return Article(
        id=stable_id("article", feed.id, "tag:news.example,2026:harbour-wall"),
        url="https://news.example/harbour-wall",
        title=TITLE,
        text=TEXT,
        language="en",
        authors=("Jo Marsh",),
        published_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        fetched_at=datetime(2026, 3, 2, 9, 29, tzinfo=UTC),
        feed=feed,
        content_hash=content_hash(TITLE, TEXT),
    )


def state() -> FeedState:
    one = article()
    return FeedState(
        id=one.feed.id,
        url=one.feed.url,
        title=one.feed.title,
        etag='"5f1c"',
        checked_at=one.fetched_at,
        next_check_at=NOW,
        recent=(one.published_at,) if one.published_at else (),
        ttl_seconds=900,
        entries=1,
        subscription=Subscription(
            hub="https://hub.example/", topic=one.feed.url, asked_at=one.fetched_at
        ),
        seen={one.id: SeenEntry(revision=1, content_hash=one.content_hash)},
    )


def push() -> Push:
    body = b"<rss version='2.0'><channel><title>Port Ellis News</title></channel></rss>"
    return Push.of_content("port-ellis", NOW, "application/rss+xml", body)


def records() -> dict[str, list[Record]]:
    """By file name: one article, all its quotes, their stances, and the feed's state."""
    quotes = QuotesStep(load_extractor(), lambda: NOW)([article()])[0]
    step = StancesStep(
        build(ClassifierSettings(), Encoder()),
        Watched(WATCHLIST),
        lambda: NOW,
        StanceMetrics(CollectorRegistry()),
    )
    stances = [stance for of_one in step(quotes) for stance in of_one]
    groups: list[list[Record]] = [[article()], [*quotes], [*stances], [state()], [push()]]
    return {file_name(type(group[0])): group for group in groups}


def render(group: list[Record]) -> list[dict[str, Any]]:
    return [record.model_dump(mode="json") for record in group]


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, group in records().items():
        text = json.dumps(render(group), indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
