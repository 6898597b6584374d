"""Single messages outside of any transaction."""

from __future__ import annotations

import contextlib
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from stancewire.errors import BrokerError
from stancewire.kafka.messages import Message
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

# Whoever waits for the answer, such as a hub, gives up after about ten seconds.
TIMEOUT_S = 8.0
# Room for the headers and framing that the client counts into a request.
FRAMING_BYTES = 64 * 1024


class Sender:
    """Each message is on all in-sync replicas when `send` returns; may be used by many threads."""

    def __init__(self, kafka: KafkaSettings) -> None:
        try:
            self._producer: Any = KafkaProducer(
                **kafka.client(),
                acks="all",
                enable_idempotence=True,
                compression_type="lz4",
                max_request_size=MAX_RECORD_BYTES + FRAMING_BYTES,
                max_block_ms=int(TIMEOUT_S * 1000),
                delivery_timeout_ms=int(TIMEOUT_S * 1000),
                request_timeout_ms=int(TIMEOUT_S * 1000 / 2),
                allow_auto_create_topics=False,
            )
        except (KafkaError, OSError) as error:
            raise BrokerError(f"no producer: {error}") from error

    def send(self, message: Message) -> None:
        """Raises BrokerError if it is not known to be on the topic in time; it may be, even so."""
        try:
            sent = self._producer.send(
                message.topic, message.value, message.key, list(message.headers), message.partition
            )
            sent.get(timeout=TIMEOUT_S)
        except (KafkaError, AssertionError) as error:
            reason = f"not sent: {type(error).__name__}: {error}"
            raise BrokerError(reason, topic=message.topic) from error

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._producer.close(timeout=1)
