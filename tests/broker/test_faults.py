"""What goes wrong inside a worker, on real brokers, with steps that fail on purpose."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from stancewire.errors import StancewireError
from stancewire.health import Health
from stancewire.kafka import breaker, isolation, topics
from stancewire.kafka.lag import drained
from stancewire.kafka.messages import header
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.kafka.worker import Worker
from stancewire.lifecycle import Stop
from stancewire.metrics import LoopMetrics
from stancewire.records import Article, ModelInfo, Record
from stancewire.settings import KafkaSettings, WorkerSettings
from tests.broker.test_workers import until
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
