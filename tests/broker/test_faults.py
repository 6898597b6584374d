"""What goes wrong inside a worker, on real brokers, with steps that fail on purpose."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata
from prometheus_client import CollectorRegistry

from stancewire.errors import StancewireError, TransactionError
from stancewire.health import Health
from stancewire.kafka import breaker, isolation, topics
from stancewire.kafka.batch_reader import Batch, BatchReader
from stancewire.kafka.lag import drained
from stancewire.kafka.messages import Message, header
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.kafka.worker import Worker
from stancewire.lifecycle import Stop
from stancewire.metrics import LoopMetrics
from stancewire.records import Article, ModelInfo, Record
from stancewire.settings import KafkaSettings, WorkerSettings
from tests.broker.test_workers import until
from tests.support.brokers import apache_only
from tests.support.generated import article
from tests.support.pipeline import publish, read_all, values

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class CopyStep:
    """Articles to articles on quotes.v1; an article whose id is in `poison` fails its batch."""

    name = "copy"
    source = topics.ARTICLES
    sink = topics.QUOTES
    reads = Article
    info = ModelInfo(name="copy", revision="1")

    def __init__(self, fails: Callable[[Article], None] = lambda article: None) -> None:
        self._fails = fails
        self.told: list[str] = []

    def __call__(self, records: Sequence[Article]) -> list[list[Article]]:
        for record in records:
            self._fails(record)
        return [[record] for record in records]

    def committed(self, outputs: Sequence[Record]) -> None:
        self.told += [output.key for output in outputs]


def metrics() -> LoopMetrics:
    return LoopMetrics(CollectorRegistry())


def worker(
    kafka: KafkaSettings,
    step: CopyStep,
    group: str,
    registry: CollectorRegistry | None = None,
    health: Health | None = None,
    **settings: int,
) -> tuple[Worker[Article], Stop]:
    stop = Stop()
    made = Worker(
        step,
        kafka,
        WorkerSettings(group, replica="one", session_timeout_s=6, **settings),
        metrics=LoopMetrics(registry or CollectorRegistry()),
        health=health or Health(60),
        stop=stop,
        clock=lambda: NOW,
    )
    return made, stop


@contextmanager
def in_thread(made: Worker[Article], stop: Stop) -> Iterator[list[BaseException]]:
    """Runs the worker beside the test; what it raised is in the list when it ended."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.run()
        except StancewireError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield raised
    finally:
        stop.request()
        thread.join(60)
        assert not thread.is_alive()


def test_a_poison_record_is_found_in_its_batch_and_the_rest_go_on(kafka: KafkaSettings) -> None:
    poison = {article(3).id, article(7).id}

    def fails(record: Article) -> None:
        if record.id in poison:
            raise ZeroDivisionError("this one")

    step = CopyStep(fails)
    publish(kafka, "articles.v1", [article(number) for number in range(10)])
    made, stop = worker(kafka, step, "poison")
    with in_thread(made, stop) as raised:
        until(lambda: drained(kafka, "poison", "articles.v1"))
    assert not raised
    good = [article(number).id for number in range(10) if article(number).id not in poison]
    assert sorted(v["id"] for v in values(kafka, "quotes.v1")) == sorted(good)
    assert sorted(step.told) == sorted(good)
    letters = read_all(kafka, "articles.v1.dlq")
    assert {raw.key.decode() for raw in letters} == poison
    for raw in letters:
        assert header(raw.headers, "dlq_reason") == b"failed"
        assert header(raw.headers, "dlq_error") == b"ZeroDivisionError: this one"
        assert header(raw.headers, "dlq_model") == b"copy@1"
        assert header(raw.headers, "ce_type") == b"stancewire.article.v1"


def test_a_run_of_dead_letters_stops_the_worker_until_records_succeed_again(
    kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "FIRST_PAUSE_S", 0.2)
    broken = threading.Event()
    broken.set()

    def fails(record: Article) -> None:
        if broken.is_set():
            raise ValueError("everything is broken")

    before = len(read_all(kafka, "articles.v1.dlq"))
    step = CopyStep(fails)
    registry, health = CollectorRegistry(), Health(60)
    made, stop = worker(
        kafka, step, "breaker", registry, health, dead_letter_run=4, batch_records=3
    )

    def is_open() -> bool:
        return registry.get_sample_value("stancewire_circuit_open") == 1

    with in_thread(made, stop) as raised:
        until(is_open)
        assert not health.ready
        assert "more than 4 records in a row failed" in (health.waiting_for or "")
        assert "everything is broken" in (health.waiting_for or "")
        time.sleep(2)  # several tries that must not add up to more dead letters
        letters = len(read_all(kafka, "articles.v1.dlq")) - before
        assert letters <= 4
        assert is_open()
        assert not drained(kafka, "breaker", "articles.v1")
        broken.clear()
        until(lambda: drained(kafka, "breaker", "articles.v1"))
        until(lambda: health.ready)
    assert not raised
    assert not is_open()
    assert len(step.told) + letters == len(read_all(kafka, "articles.v1"))


def test_memory_that_runs_out_makes_no_dead_letter(
    kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "WAITS_S", (0.1, 0.1))

    def fails(record: Article) -> None:
        raise MemoryError

    before = len(read_all(kafka, "articles.v1.dlq"))
    made, _ = worker(kafka, CopyStep(fails), "memory")
    with pytest.raises(StancewireError, match="lacks memory"):
        made.run()
    assert len(read_all(kafka, "articles.v1.dlq")) == before


def test_a_fenced_worker_begins_again_and_every_record_passes_once(kafka: KafkaSettings) -> None:
    begun = threading.Event()
    rival_done = threading.Event()

    def slow(record: Article) -> None:
        if not rival_done.is_set():
            begun.set()
            assert rival_done.wait(30)

    step = CopyStep(slow)
    made, stop = worker(kafka, step, "fenced")
    before = len(read_all(kafka, "quotes.v1"))
    with in_thread(made, stop) as raised:
        assert begun.wait(60)
        TransactionalProducer(kafka, "fenced-one", metrics()).close()
        rival_done.set()
        until(lambda: drained(kafka, "fenced", "articles.v1"))
    assert not raised
    articles = read_all(kafka, "articles.v1")
    assert len(read_all(kafka, "quotes.v1")) - before == len(articles)
    assert len(step.told) == len(articles)


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
