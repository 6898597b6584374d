"""`tests.chaos.impatient` without the check of every future: what the chaos run must find out.

python -m tests.chaos.run --module tests.chaos.unchecked --kind silence_broker
"""

from __future__ import annotations

from collections.abc import Sequence

from kafka import TopicPartition

from stancewire.kafka.messages import Message
from stancewire.kafka.transaction import TransactionalProducer
from tests.chaos.impatient import run


def send_only(
    producer: TransactionalProducer, messages: Sequence[Message]
) -> dict[TopicPartition, int]:
    for m in messages:
        producer._producer.send(m.topic, m.value, m.key, list(m.headers), m.partition)
    return {}


if __name__ == "__main__":
    TransactionalProducer._send = send_only  # type: ignore[assignment, method-assign]
    run()
