"""Whether a consumer group has read all there is."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from stancewire.errors import BrokerError
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

POLL_MS = 200


def drained(kafka: KafkaSettings, group: str, topic: str) -> bool:
    """True if no committed record lies past the group's offsets.

    Offsets alone cannot tell: the marker that ends a transaction takes one too, so a group that
    has read everything stays one behind. What lies between is read instead. Raises BrokerError.
    """
    try:
        with closing(
            KafkaConsumer(
                **kafka.client(),
                group_id=group,
                isolation_level="read_committed",
                enable_auto_commit=False,
                allow_auto_create_topics=False,
                max_partition_fetch_bytes=MAX_RECORD_BYTES,
            )
        ) as consumer:
            numbers = sorted(consumer.partitions_for_topic(topic) or ())
            where = [TopicPartition(topic, number) for number in numbers]
            consumer.assign(where)
            ends = consumer.end_offsets(where)
            for partition in where:
                consumer.seek(partition, consumer.committed(partition) or 0)
            while any(consumer.position(tp) < ends[tp] for tp in where):
                if consumer.poll(POLL_MS):
                    return False
            return True
    except KafkaError as error:
        raise BrokerError(f"the lag cannot be read: {error}", group=group, topic=topic) from error
