"""What the transactional producer refuses and survives, on real brokers."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata
from prometheus_client import CollectorRegistry

from stancewire.errors import TransactionError
from stancewire.kafka import topics
from stancewire.kafka.batch_reader import Batch, BatchReader
from stancewire.kafka.messages import Message
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.metrics import LoopMetrics
from stancewire.settings import KafkaSettings, WorkerSettings
from tests.broker.test_workers import until
from tests.support.apache_kafka import ApacheKafka
from tests.support.brokers import apache_only
from tests.support.generated import article
from tests.support.pipeline import publish, read_all

ARTICLES = 20


@pytest.fixture(scope="module", autouse=True)
def articles(kafka: KafkaSettings) -> None:
    publish(kafka, "articles.v1", [article(number) for number in range(ARTICLES)])


def metrics() -> LoopMetrics:
    return LoopMetrics(CollectorRegistry())


def committed(kafka: KafkaSettings, group: str, partition: TopicPartition) -> int | None:
    consumer = KafkaConsumer(
        **kafka.client(), group_id=group, isolation_level="read_committed", enable_auto_commit=False
    )
    try:
        found: int | None = consumer.committed(partition)
        return found
    finally:
        consumer.close()


def read_batch(kafka: KafkaSettings, group: str) -> tuple[BatchReader, Batch]:
    settings = WorkerSettings(group, session_timeout_s=6)
    reader = BatchReader(kafka, settings, "articles.v1")
    for _ in range(60):
        batch = reader.read(lambda: True, limit=64)
        if batch is not None:
            return reader, batch
    raise AssertionError("no batch")


@apache_only
def test_a_record_that_the_broker_refuses_fails_its_transaction(kafka: KafkaSettings) -> None:
    admin = KafkaAdminClient(**kafka.client())
    small = ConfigResource(ConfigResourceType.TOPIC, "stances.v1", {"max.message.bytes": "1000"})
    admin.alter_configs([small])
    admin.close()
    reader, batch = read_batch(kafka, "refused")
    producer = TransactionalProducer(kafka, "refused", metrics())
    noise = random.Random(1).randbytes(10_000)  # compression must not make it fit
    messages = [Message("stances.v1", b"k", b"fits"), Message("stances.v1", b"k", noise)]
    with pytest.raises(TransactionError, match="2 records failed"):
        producer.commit(messages, batch.offsets, batch.group)
    reader.close()
    TransactionalProducer(kafka, "refused", metrics()).close()
    assert not read_all(kafka, "stances.v1")
    for partition in batch.offsets:
        assert committed(kafka, "refused", partition) is None


STUCK = """
import sys
from prometheus_client import CollectorRegistry
from stancewire.kafka import transaction
from stancewire.kafka.messages import Message
from stancewire.metrics import LoopMetrics
from stancewire.settings import KafkaSettings

transaction.STUCK_AFTER_S = 5.0
made = transaction.TransactionalProducer(
    KafkaSettings(sys.argv[1]), "stuck", LoopMetrics(CollectorRegistry())
)
print("made", flush=True)
sys.stdin.readline()
made.commit([Message("quotes.v1", b"k", b"v")])
"""


@apache_only
def test_a_broker_that_falls_silent_ends_the_process_with_its_stacks(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    with closing(ApacheKafka(tmp_path / "silent")) as broker:
        broker.start()
        topics.create(KafkaSettings(broker.bootstrap_servers), partitions=1, replication_factor=1)
        with subprocess.Popen(
            [sys.executable, "-c", STUCK, broker.bootstrap_servers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "made\n"
            broker.send(signal.SIGSTOP)
            _, errors = process.communicate("go\n", timeout=60)
        assert process.returncode == 1
        assert "Timeout (0:00:05)!" in errors
        assert "in commit" in errors


def test_offsets_of_a_member_that_never_joined_are_refused_before_the_broker(
    kafka: KafkaSettings,
) -> None:
    producer = TransactionalProducer(kafka, "unjoined", metrics())
    offsets = {TopicPartition("articles.v1", 0): OffsetAndMetadata(1, "", -1)}
    before = len(read_all(kafka, "quotes.v1"))
    with pytest.raises(TransactionError, match="not a member"):
        producer.commit(
            [Message("quotes.v1", b"k", b"v")], offsets, ConsumerGroupMetadata("unjoined")
        )
    assert len(read_all(kafka, "quotes.v1")) == before


@apache_only
def test_offsets_of_a_left_generation_do_not_commit(kafka: KafkaSettings) -> None:
    reader, batch = read_batch(kafka, "left")
    reader.close()
    producer = TransactionalProducer(kafka, "left", metrics())
    before = len(read_all(kafka, "quotes.v1"))
    with pytest.raises(TransactionError):
        producer.commit([Message("quotes.v1", b"k", b"v")], batch.offsets, batch.group)
    TransactionalProducer(kafka, "left", metrics()).close()
    assert len(read_all(kafka, "quotes.v1")) == before
    for partition in batch.offsets:
        assert committed(kafka, "left", partition) is None


@apache_only
def test_a_failed_transaction_leaves_nothing_to_the_next_one(kafka: KafkaSettings) -> None:
    """The client itself would carry the refused offsets along."""
    stale, old = read_batch(kafka, "stale")
    stale.close()
    producer = TransactionalProducer(kafka, "stale", metrics())
    with pytest.raises(TransactionError):
        producer.commit([Message("quotes.v1", b"k", b"stale")], old.offsets, old.group)
    with pytest.raises(TransactionError):  # it is closed: there is no way but a new one
        producer.commit([Message("quotes.v1", b"k", b"again")])

    reader, new = read_batch(kafka, "stale")
    only, *others = sorted(new.offsets)
    assert others
    producer = TransactionalProducer(kafka, "stale", metrics())
    producer.commit([Message("quotes.v1", b"k", b"good")], {only: new.offsets[only]}, new.group)
    assert committed(kafka, "stale", only) == new.offsets[only].offset
    assert [committed(kafka, "stale", other) for other in others] == [None] * len(others)

    def values() -> set[bytes]:
        return {raw.value for raw in read_all(kafka, "quotes.v1")}

    until(lambda: b"good" in values())  # a commit's markers are written after it was answered
    assert not {b"stale", b"again"} & values()
    producer.close()
    reader.close()


def test_nothing_is_under_way_when_a_commit_begins(kafka: KafkaSettings) -> None:
    """The client calls a commit done, without one, if a record fails while it is pending."""
    producer = TransactionalProducer(kafka, "settled", metrics())
    client = producer._producer
    sent: list[Any] = []
    settled: list[bool] = []
    send, offsets, commit = (
        client.send,
        client.send_offsets_to_transaction,
        client.commit_transaction,
    )

    def sending(*arguments: Any) -> Any:
        sent.append(send(*arguments))
        return sent[-1]

    def asked(call: Callable[..., Any]) -> Callable[..., Any]:
        def calling(*arguments: Any) -> Any:
            settled.append(all(future.is_done for future in sent))
            return call(*arguments)

        return calling

    client.send = sending
    client.send_offsets_to_transaction = asked(offsets)
    client.commit_transaction = asked(commit)
    reader, batch = read_batch(kafka, "settled")
    messages = [Message("quotes.v1", b"%d" % number, b"v" * 1000) for number in range(500)]
    ends = producer.commit(messages, batch.offsets, batch.group)
    assert (len(sent), settled) == (500, [True, True])
    assert {where.topic for where in ends} == {"quotes.v1"}
    producer.close()
    reader.close()


def test_offsets_are_the_next_to_read_and_wait_time_bounds_a_batch(kafka: KafkaSettings) -> None:
    reader, batch = read_batch(kafka, "offsets")
    for partition, next_ in batch.offsets.items():
        own = [r.offset for r in batch.records if r.partition == partition.partition]
        assert next_.offset == max(own) + 1
        assert own == sorted(own)
    reader.rewind()
    again = reader.read(lambda: True, limit=64)
    assert again is not None
    first = {(r.partition, r.offset) for r in batch.records}
    assert {(r.partition, r.offset) for r in again.records} & first
    reader.close()
