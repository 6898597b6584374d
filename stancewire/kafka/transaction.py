"""The only user of the Kafka client's transaction calls."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import KafkaProducer, TopicPartition
from kafka.errors import InvalidProducerEpochError, KafkaError, ProducerFencedError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from stancewire.errors import TransactionError
from stancewire.kafka.messages import Message
from stancewire.metrics import LoopMetrics
from stancewire.settings import MAX_DEAD_LETTER_BYTES, KafkaSettings
from stancewire.watchdog import ends_process_after

log = logging.getLogger(__name__)

# A record that the broker has not taken by then fails its batch, which is then tried again.
DELIVERY_TIMEOUT_S = 30.0
# The broker aborts what a dead process left open after this; readers wait for it so long.
TRANSACTION_TIMEOUT_S = 60.0
# Twice the longest that a commit may take with a broker that answers at all.
STUCK_AFTER_S = 2 * (DELIVERY_TIMEOUT_S + TRANSACTION_TIMEOUT_S)
# A few hundred stances in one request a partition; the client's own 16 kB hold ten.
BATCH_BYTES = 512 * 1024
# Room for the headers and framing that the client counts into a request.
FRAMING_BYTES = 64 * 1024


class TransactionalProducer:
    """Commits batches of messages, each whole or not at all.

    Making one fences every other producer of the same transactional id and ends what it left
    open. After a TransactionError the producer is closed and must be replaced: the client may
    carry offsets of a failed transaction into its next one.
    """

    def __init__(self, kafka: KafkaSettings, transactional_id: str, metrics: LoopMetrics) -> None:
        self._metrics = metrics
        self._id = transactional_id
        try:
            with ends_process_after(STUCK_AFTER_S):
                self._producer: Any = KafkaProducer(
                    **kafka.client(),
                    transactional_id=transactional_id,
                    acks="all",
                    compression_type="lz4",
                    linger_ms=5,
                    batch_size=BATCH_BYTES,
                    max_request_size=MAX_DEAD_LETTER_BYTES + FRAMING_BYTES,
                    delivery_timeout_ms=int(DELIVERY_TIMEOUT_S * 1000),
                    request_timeout_ms=int(DELIVERY_TIMEOUT_S * 1000 / 2),
                    transaction_timeout_ms=int(TRANSACTION_TIMEOUT_S * 1000),
                    allow_auto_create_topics=False,
                )
                self._producer.init_transactions()
        except (KafkaError, OSError) as error:
            self.close()
            raise TransactionError(
                f"no transactional producer: {error}", transactional_id=transactional_id
            ) from error

    def commit(
        self,
        messages: Sequence[Message],
        offsets: Mapping[TopicPartition, OffsetAndMetadata] | None = None,
        group: ConsumerGroupMetadata | None = None,
    ) -> dict[TopicPartition, int]:
        """Sends all messages and the consumed offsets in one transaction.

        `offsets` are the next to read, and `group` the membership under which the batch was
        read. Returns the offset after the last message of each partition. Raises
        TransactionError, whatever the client raised: a fenced producer is not reliably told from
        other failures.
        """
        try:
            with ends_process_after(STUCK_AFTER_S):
                with self._metrics.timed("send"):
                    self._producer.begin_transaction()
                    ends = self._send(messages)
                with self._metrics.timed("commit"):
                    if offsets is not None:
                        _check_member(group)
                        self._producer.send_offsets_to_transaction(dict(offsets), group)
                    self._producer.commit_transaction()
        except Exception as error:
            self._metrics.transactions.labels("failed").inc()
            self.close()
            fenced = isinstance(error, ProducerFencedError | InvalidProducerEpochError)
            hint = "; another live process has this replica's name" if fenced else ""
            raise TransactionError(
                f"a transaction of {len(messages)} records failed: "
                f"{type(error).__name__}: {error}{hint}",
                transactional_id=self._id,
            ) from error
        self._metrics.transactions.labels("committed").inc()
        self._metrics.produced.inc(len(messages))
        self._metrics.last_commit.set_to_current_time()
        return ends

    def _send(self, messages: Sequence[Message]) -> dict[TopicPartition, int]:
        futures = [
            self._producer.send(m.topic, m.value, m.key, list(m.headers), m.partition)
            for m in messages
        ]
        ends: dict[TopicPartition, int] = {}
        # Every one is asked: the client commits a transaction that has lost a record.
        for future in futures:
            sent = future.get(timeout=DELIVERY_TIMEOUT_S)
            ends[TopicPartition(sent.topic, sent.partition)] = sent.offset + 1
        return ends

    def close(self) -> None:
        producer = getattr(self, "_producer", None)
        if producer is not None:
            with contextlib.suppress(Exception):
                producer.close(timeout=1)


def _check_member(group: ConsumerGroupMetadata | None) -> None:
    """The client would send the offsets of one that never joined, and the broker take them."""
    if group is None or group.generation_id <= 0 or not group.member_id:
        raise TransactionError("not a member of the group any more", group=group)
