"""Whether a consumer group has read all there is."""

from __future__ import annotations

from stancewire.kafka.reading import open_reader
from stancewire.settings import KafkaSettings

POLL_S = 0.2


def drained(kafka: KafkaSettings, group: str, topic: str) -> bool:
    """True if no committed record lies past the group's offsets.

    Offsets alone cannot tell: the marker that ends a transaction takes one too, so a group that
    has read everything stays one behind. What lies between is read instead. Raises BrokerError.
    """
    with open_reader(kafka, topic, group) as reader:
        for partition in reader.partitions:
            reader.consumer.seek(partition, reader.consumer.committed(partition) or 0)
        while not reader.at_end:
            if reader.poll(POLL_S):
                return False
        return True
