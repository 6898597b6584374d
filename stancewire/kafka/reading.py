"""Reading a topic outside any consumer group: committed records only, no offsets kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stancewire.errors import BrokerError, RecordError
from stancewire.kafka.messages import about, decode
from stancewire.records import Record
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)

# How long a poll waits for what is on its way; what is there comes at once.
POLL_S = 0.5


class TopicReader:
    """All partitions of a topic; what was committed after `open_reader` is read too."""

    def __init__(self, consumer: Any, topic: str) -> None:
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise BrokerError(
                "the topic does not exist; `stancewire topics` creates it", topic=topic
            )
        self.partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        self.consumer = consumer
        consumer.assign(self.partitions)
        self.ends: dict[TopicPartition, int] = consumer.end_offsets(self.partitions)

    def go_on_to(self, ends: Mapping[int, int]) -> None:
        """Has `everything` end at these offsets of partitions, if they lie farther."""
        for number, end in ends.items():
            where = TopicPartition(self.partitions[0].topic, number)
            self.ends[where] = max(self.ends[where], end)

    def seek(self, since: datetime | None) -> None:
        """Goes to the first records that were written at that time or later; None: to the end."""
        starts = dict(self.ends)
        if since is not None:
            at = max(int(since.timestamp() * 1000), 0)
            found = self.consumer.offsets_for_times(dict.fromkeys(self.partitions, at))
            starts |= {where: first.offset for where, first in found.items() if first}
        for where, offset in starts.items():
            self.consumer.seek(where, offset)

    def poll(self, seconds: float) -> list[Any]:
        """What has come, in each partition's order; empty if nothing did in that time.

        Raises BrokerError, also outside of the block of `open_reader`.
        """
        try:
            polled = self.consumer.poll(int(seconds * 1000))
        except KafkaError as error:
            topic = self.partitions[0].topic
            raise BrokerError(f"the topic cannot be read: {error}", topic=topic) from error
        return [raw for part in polled.values() for raw in part]

    def everything(self) -> Iterator[Any]:
        """All records that were there when the reader was opened, in each partition's order."""
        self.consumer.seek_to_beginning(*self.partitions)
        while not self.at_end:
            yield from self.poll(POLL_S)

    @property
    def at_end(self) -> bool:
        """Whether all is read that was there when the reader was opened."""
        return all(self.consumer.position(tp) >= self.ends[tp] for tp in self.partitions)


def readable(kind: type[R], raws: Iterable[Any], level: int = logging.WARNING) -> Iterator[R]:
    """What of raw messages is such a record; the rest is logged and passed over."""
    for raw in raws:
        try:
            yield decode(kind, raw.value, raw.headers)
        except RecordError as error:
            where = f"{raw.topic}-{raw.partition}@{raw.offset}"
            what = f"passed over what is no {kind.type_name}: {where}"
            log.log(level, "%s: %s", what, error, extra=about(raw))


def written_ends(kafka: KafkaSettings, topic: str) -> dict[int, int]:
    """By partition, the offset after all that is written, be it committed or not. BrokerError."""
    with open_reader(kafka, topic, committed_only=False) as reader:
        return {where.partition: end for where, end in reader.ends.items()}


@contextmanager
def open_reader(
    kafka: KafkaSettings, topic: str, group: str | None = None, *, committed_only: bool = True
) -> Iterator[TopicReader]:
    """A reader whose position the caller sets; `group` lets it ask for that group's offsets.

    Errors of the client, in the block too, become BrokerError.
    """
    try:
        consumer = KafkaConsumer(
            **kafka.client(),
            group_id=group,
            isolation_level="read_committed" if committed_only else "read_uncommitted",
            enable_auto_commit=False,
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
        )
        try:
            yield TopicReader(consumer, topic)
        finally:
            consumer.close()
    except KafkaError as error:
        raise BrokerError(f"the topic cannot be read: {error}", topic=topic) from error
