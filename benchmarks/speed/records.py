"""Texts and labelled pairs as the records that the workers read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from models.stance import Pair
from stancewire.identity import content_hash, stable_id
from stancewire.kafka.messages import Message, encode
from stancewire.records import (
    Article,
    ArticleBrief,
    Feed,
    ModelInfo,
    NamedEntity,
    Quote,
    Record,
    Speaker,
)

FEED = Feed(id="speed", url="https://speed.example/feed", title="Speed")
MADE_AT = datetime(2016, 10, 1, tzinfo=UTC)
MODEL = ModelInfo(name="benchmark", revision="0")


def article_of(text: str, number: int) -> Article:
    title = f"Story {number}"
    return Article(
        id=stable_id("speed", number),
        url=f"https://speed.example/{number}",
        title=title,
        text=text,
        language="en",
        published_at=MADE_AT,
        fetched_at=MADE_AT,
        feed=FEED,
        content_hash=content_hash(title, text),
    )


def quote_of(pair: Pair, number: int, targets: Sequence[str] = ()) -> Quote:
    """The pair's quote as a record; with `entities: true` it is judged towards these targets."""
    span = (0, len(pair.quote))
    name = pair.speaker
    return Quote(
        id=stable_id("speed-quote", number),
        article_id=stable_id("speed", number),
        kind="mixed",
        text=pair.quote,
        spans=(span,),
        speaker=Speaker(name=name, mention=name, mention_span=(0, len(name)), resolved_by="name")
        if name
        else None,
        entities=tuple(NamedEntity(name=target, kind="organisation") for target in targets),
        polarity=pair.polarity,
        confidence=1.0,
        context=pair.context,
        article=ArticleBrief(
            url=f"https://speed.example/{number}",
            title=f"Story {number}",
            published_at=MADE_AT,
            fetched_at=MADE_AT,
            feed=FEED,
        ),
        extracted_at=MADE_AT,
        model=MODEL,
    )


def messages(records: Iterable[Record], topic: str) -> Iterator[Message]:
    for record in records:
        yield encode(record, topic, source="benchmark", traceparent=None)
