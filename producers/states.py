"""The states of all feeds, as the compacted topic has them."""

from __future__ import annotations

import logging
from contextlib import closing

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stancewire import topics
from stancewire.errors import BrokerError, RecordError
from stancewire.messages import decode
from stancewire.records import FeedState
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

POLL_MS = 500


def read_states(kafka: KafkaSettings) -> dict[str, FeedState]:
    """The last committed state of each feed, by feed id.

    A state that cannot be read is logged and left out: its feed starts anew. Raises BrokerError.
    """
    states: dict[str, FeedState] = {}
    try:
        with closing(
            KafkaConsumer(
                **kafka.client(),
                isolation_level="read_committed",
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                max_partition_fetch_bytes=MAX_RECORD_BYTES,
            )
        ) as consumer:
            name = topics.FEEDS.name
            where = [TopicPartition(name, n) for n in consumer.partitions_for_topic(name) or ()]
            consumer.assign(where)
            consumer.seek_to_beginning(*where)
            ends = consumer.end_offsets(where)
            while any(consumer.position(tp) < ends[tp] for tp in where):
                for part in consumer.poll(POLL_MS).values():
                    for raw in part:
                        _take(states, raw.key, raw.value, raw.headers, raw.offset)
    except KafkaError as error:
        raise BrokerError(
            f"the feeds' states cannot be read: {error}", bootstrap_servers=kafka.bootstrap_servers
        ) from error
    return states


def _take(
    states: dict[str, FeedState],
    key: bytes | None,
    value: bytes | None,
    headers: list[tuple[str, bytes]],
    offset: int,
) -> None:
    if value is None:
        states.pop((key or b"").decode("utf-8", "replace"), None)
        return
    try:
        state = decode(FeedState, value, headers)
    except RecordError as error:
        log.warning("passed over a feed's state at offset %d: %s", offset, error)
    else:
        states[state.id] = state
