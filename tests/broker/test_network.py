"""A transaction over a network that loses requests, answers and connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from stancewire.errors import TransactionError
from stancewire.kafka import topics, transaction
from stancewire.kafka.messages import Message
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.settings import KafkaSettings
from tests.broker.test_transactions import committed, metrics, read_batch
from tests.support.apache_kafka import ApacheKafka, free_port
from tests.support.generated import article
from tests.support.pipeline import publish, read_all
from tests.support.proxy import (
    ADD_OFFSETS_TO_TXN,
    ADD_PARTITIONS_TO_TXN,
    END_TXN,
    PRODUCE,
    TXN_OFFSET_COMMIT,
    Proxy,
)


@dataclass(frozen=True, slots=True)
class Network:
    """A broker that is reached through a proxy only."""

    kafka: KafkaSettings
    proxy: Proxy


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    port = free_port()
    listener = f"advertised.listeners=PLAINTEXT://127.0.0.1:{port}\n"
    broker = ApacheKafka(tmp_path_factory.mktemp("behind"), listener)
    with Proxy(port, broker.port) as proxy, closing(broker):
        broker.start()
        kafka = KafkaSettings(f"127.0.0.1:{port}")
        topics.create(kafka, partitions=1, replication_factor=1)
        publish(kafka, "articles.v1", [article(1)])
        yield Network(kafka, proxy)


def test_a_record_that_is_not_taken_in_time_fails_its_transaction(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client alone would commit here: its flush returns, and the record is lost."""
    monkeypatch.setattr(transaction, "DELIVERY_TIMEOUT_S", 3.0)
    kafka, before = network.kafka, len(read_all(network.kafka, "quotes.v1"))
    reader, batch = read_batch(kafka, "untaken")
    producer = TransactionalProducer(kafka, "untaken", metrics())
    network.proxy.swallowed = {PRODUCE}
    with pytest.raises(TransactionError, match="1 records failed"):
        producer.commit([Message("quotes.v1", b"k", b"v")], batch.offsets, batch.group)
    network.proxy.swallowed = set()
    TransactionalProducer(kafka, "untaken", metrics()).close()
    assert len(read_all(kafka, "quotes.v1")) == before
    for partition in batch.offsets:
        assert committed(kafka, "untaken", partition) is None
    reader.close()


@pytest.mark.parametrize("lose_answer", [False, True], ids=["request", "answer"])
@pytest.mark.parametrize(
    "number",
    [ADD_PARTITIONS_TO_TXN, PRODUCE, ADD_OFFSETS_TO_TXN, TXN_OFFSET_COMMIT, END_TXN],
    ids=["add-partitions", "produce", "add-offsets", "offset-commit", "end"],
)
def test_a_cut_connection_leaves_all_of_a_transaction_or_nothing(
    network: Network, number: int, lose_answer: bool
) -> None:
    kafka, group = network.kafka, f"cut-{number}-{lose_answer}"
    before = len(read_all(kafka, "quotes.v1"))
    reader, batch = read_batch(kafka, group)
    producer = TransactionalProducer(kafka, group, metrics())
    network.proxy.lose_answer = lose_answer
    network.proxy.cut_at = number
    messages = [Message("quotes.v1", b"k", b"%d" % count) for count in range(3)]
    try:
        producer.commit(messages, batch.offsets, batch.group)
        reported = True
    except TransactionError:
        reported = False
    assert network.proxy.cut_at is None, "the request never came"
    TransactionalProducer(kafka, group, metrics()).close()
    outputs = len(read_all(kafka, "quotes.v1")) - before
    offsets = [committed(kafka, group, partition) for partition in batch.offsets]
    reader.close()
    assert (outputs, offsets) in ((3, [1]), (0, [None]))
    assert outputs == 3 or not reported
