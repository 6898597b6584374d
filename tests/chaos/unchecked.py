"""`tests.chaos.impatient` without the check of every future: what the chaos run must find out.

python -m tests.chaos.run --module tests.chaos.unchecked --kind silence_broker
"""

from __future__ import annotations

from collections.abc import Sequence

from stancewire.kafka.messages import Message
from stancewire.kafka.transaction import TransactionalProducer
from tests.chaos.impatient import run


def send_only(producer: TransactionalProducer, messages: Sequence[Message]) -> None:
    for m in messages:
        producer._producer.send(m.topic, value=m.value, key=m.key, headers=list(m.headers))


if __name__ == "__main__":
    TransactionalProducer._send = send_only  # type: ignore[assignment]
    run()
