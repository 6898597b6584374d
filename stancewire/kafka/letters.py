"""Dead letters as an operator sees them: where they lie, why, and which of them are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stancewire.errors import ConfigError, InputError
from stancewire.kafka import deadletters, topics
from stancewire.kafka.messages import Headers, Message, header
from stancewire.kafka.reading import POLL_S, open_reader
from stancewire.settings import KafkaSettings

_PLACE = re.compile(r"(?P<topic>.+)-(?P<partition>\d+)@(?P<offset>\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies; written `topic-partition@offset`."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}@{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Raises InputError if the text is no place."""
        match = _PLACE.fullmatch(text)
        if match is None:
            raise InputError(f"{text!r} is no place; one is written articles.v1.dlq-0@12")
        return cls(match["topic"], int(match["partition"]), int(match["offset"]))


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter; what its headers do not say is None or empty."""

    place: Place
    origin: Place | None
    reason: str
    error: str
    attempt: int
    model: str
    time: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers

    @classmethod
    def read(cls, raw: Any) -> Letter:
        """The letter in a Kafka record; one that another program wrote is a letter, too."""

        def text(name: str) -> str:
            return (header(raw.headers, name) or b"").decode("utf-8", "replace")

        origin = (
            f"{text(deadletters.TOPIC)}-{text(deadletters.PARTITION)}@{text(deadletters.OFFSET)}"
        )
        return cls(
            place=Place(raw.topic, raw.partition, raw.offset),
            origin=Place.parse(origin) if _PLACE.fullmatch(origin) else None,
            reason=text(deadletters.REASON),
            error=text(deadletters.ERROR),
            attempt=deadletters.attempt(raw.headers),
            model=text(deadletters.MODEL),
            time=_time(text(deadletters.TIME), raw.timestamp),
            key=raw.key,
            value=raw.value,
            headers=tuple(raw.headers),
        )

    def again(self) -> Message | None:
        """The record for the topic that it came from; None if that is none that a worker reads.

        Of what was added only the attempt stays, so that the next failure counts on.
        """
        if self.origin is None or self.origin.topic not in {t.name for t in topics.INPUTS}:
            return None
        kept = [
            (name, value)
            for name, value in self.headers
            if name not in deadletters.OWN or name == deadletters.ATTEMPT
        ]
        return Message(self.origin.topic, self.key, self.value, tuple(kept))


def _time(text: str, timestamp_ms: int) -> datetime:
    """When the letter was written; where it does not say so, when Kafka took it."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    return said if said.tzinfo else said.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters an operator means; what is None or empty does not narrow it."""

    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    max_attempt: int | None = None

    def __contains__(self, letter: Letter) -> bool:
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (self.since is None or letter.time >= self.since)
            and (self.until is None or letter.time < self.until)
            and (self.max_attempt is None or letter.attempt <= self.max_attempt)
        )

    @property
    def dead_letter_topics(self) -> list[str]:
        """The topics to read, by their own names. Raises ConfigError for one that is none."""
        known = {topic.name for topic in topics.DEAD_LETTERS}
        named = [
            name if name.endswith(deadletters.SUFFIX) else name + deadletters.SUFFIX
            for name in self.topics
        ]
        for name in named:
            if name not in known:
                raise ConfigError(
                    f"{name!r} is no dead letter topic", known=", ".join(sorted(known))
                )
        return named or [topic.name for topic in topics.DEAD_LETTERS]


def letters(kafka: KafkaSettings, wanted: Wanted) -> Iterator[Letter]:
    """The wanted letters that are there now, topic by topic, in each partition's order.

    Raises:
        BrokerError: a topic does not exist or cannot be read.
        ConfigError: as `Wanted.dead_letter_topics`.
    """
    for topic in wanted.dead_letter_topics:
        with open_reader(kafka, topic) as reader:
            for raw in reader.everything():
                letter = Letter.read(raw)
                if letter in wanted:
                    yield letter


def find(kafka: KafkaSettings, place: Place) -> Letter:
    """The letter at a place.

    Raises:
        BrokerError: the topic does not exist or cannot be read.
        InputError: there is no committed record at the place.
    """
    with open_reader(kafka, place.topic) as reader:
        here = [tp for tp in reader.partitions if tp.partition == place.partition]
        if here:
            reader.consumer.assign(here)
            reader.consumer.seek(here[0], place.offset)
            for raw in reader.poll(POLL_S * 10):
                if raw.offset == place.offset:
                    return Letter.read(raw)
                break
    raise InputError("no record lies there (any more)", place=place)
