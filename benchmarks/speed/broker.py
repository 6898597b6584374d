"""One Apache Kafka node on this machine while a block runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka


@dataclass(frozen=True, slots=True)
class Broker:
    """How to reach it, its process, and a folder that goes with it."""

    kafka: KafkaSettings
    pid: int
    folder: Path


@contextmanager
def broker(partitions: int = 1) -> Iterator[Broker]:
    """With all topics of so many partitions; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="stancewire-speed-") as scratch:
        node = ApacheKafka(Path(scratch) / "kafka")
        try:
            node.start()
            kafka = KafkaSettings(node.bootstrap_servers, start_timeout_s=60)
            topics.create(kafka, partitions=partitions, replication_factor=1)
            yield Broker(kafka, node.pid, Path(scratch))
        finally:
            node.close()
