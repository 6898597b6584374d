"""Which broker a test needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka

# The embedded broker bounds no record's size, takes offsets of members that have left, and shows
# the open transaction of a killed process once its successor commits.
apache_only = pytest.mark.parametrize("kafka", ["apache"], indirect=True)


@contextmanager
def running_kafka(folder: Path, partitions: int) -> Iterator[KafkaSettings]:
    """One Apache Kafka node with all topics, while the block runs."""
    broker = ApacheKafka(folder)
    broker.start()
    try:
        settings = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
        topics.create(settings, partitions=partitions, replication_factor=1)
        yield settings
    finally:
        broker.stop()
