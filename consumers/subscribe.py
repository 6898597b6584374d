"""Reading `stances.v1` as any subscriber would: committed records only, no group, no offsets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stancewire import topics
from stancewire.errors import BrokerError, RecordError
from stancewire.messages import decode
from stancewire.records import Stance
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

POLL_S = 0.5


def stances(
    kafka: KafkaSettings,
    *,
    from_start: bool,
    follow: bool,
    keep_on: Callable[[], bool],
    on_idle: Callable[[], None] = lambda: None,
) -> Iterator[Stance]:
    """The stances in each partition's order, from the first or from now on.

    Ends when `keep_on()` turns false or, without `follow`, at what was the end at the start.
    `on_idle` is called whenever half a second brought nothing. Records that are not stances are
    logged and passed over. Raises BrokerError.
    """
    try:
        with closing(_consumer(kafka)) as consumer:
            where = _assign_all(consumer, topics.STANCES.name, from_start=from_start)
            ends: dict[TopicPartition, int] = consumer.end_offsets(where)
            while keep_on():
                polled = consumer.poll(int(POLL_S * 1000))
                for part in polled.values():
                    for raw in part:
                        stance = _decode(raw)
                        if stance is not None:
                            yield stance
                if not polled:
                    on_idle()
                if not follow and all(consumer.position(tp) >= ends[tp] for tp in where):
                    return
    except KafkaError as error:
        raise BrokerError(
            f"stances cannot be read: {error}", bootstrap_servers=kafka.bootstrap_servers
        ) from error


def _consumer(kafka: KafkaSettings) -> Any:
    return KafkaConsumer(
        **kafka.client(),
        isolation_level="read_committed",
        enable_auto_commit=False,
        allow_auto_create_topics=False,
        max_partition_fetch_bytes=MAX_RECORD_BYTES,
    )


def _assign_all(consumer: Any, topic: str, *, from_start: bool) -> list[TopicPartition]:
    partitions = consumer.partitions_for_topic(topic)
    if not partitions:
        raise BrokerError("the topic does not exist; `stancewire topics` creates it", topic=topic)
    where = [TopicPartition(topic, number) for number in sorted(partitions)]
    consumer.assign(where)
    if from_start:
        consumer.seek_to_beginning(*where)
    else:
        consumer.seek_to_end(*where)
    return where


def _decode(raw: Any) -> Stance | None:
    try:
        return decode(Stance, raw.value, raw.headers)
    except RecordError as error:
        log.warning("passed over %s-%d@%d: %s", raw.topic, raw.partition, raw.offset, error)
        return None
