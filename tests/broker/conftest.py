"""Every test here runs on Apache Kafka and again on the embedded broker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stancewire.embedded import EmbeddedBroker
from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka

PARTITIONS = 2


@pytest.fixture(scope="module", params=["apache", "embedded"])
def kafka(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KafkaSettings]:
    """A broker of its own for each file of tests, with the topics created."""
    folder = tmp_path_factory.mktemp(request.param)
    broker = ApacheKafka(folder) if request.param == "apache" else EmbeddedBroker(folder)
    broker.start()
    settings = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
    topics.create(settings, partitions=PARTITIONS, replication_factor=1)
    yield settings
    broker.stop()
