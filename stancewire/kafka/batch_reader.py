"""Batches of a topic for one member of a consumer group."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings, WorkerSettings

log = logging.getLogger(__name__)

# What is fetched ahead of the batch at work, whatever the lag; Kafka's own default is 50 MB.
MAX_FETCH_BYTES = 4 * MAX_RECORD_BYTES

# How long a stop request or a heartbeat may wait for a poll on a quiet topic.
IDLE_POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in order, and what commits them: the next offsets and the membership they need."""

    records: list[Any]
    group: ConsumerGroupMetadata

    @property
    def offsets(self) -> dict[TopicPartition, OffsetAndMetadata]:
        last: dict[TopicPartition, int] = {}
        for record in self.records:
            last[TopicPartition(record.topic, record.partition)] = record.offset
        return {where: OffsetAndMetadata(offset + 1, "", -1) for where, offset in last.items()}

    @property
    def written_at(self) -> float:
        """Up to when all that was written is in batches up to this one; Unix time in seconds."""
        last: dict[int, float] = {raw.partition: raw.timestamp / 1000 for raw in self.records}
        return min(last.values())


class BatchReader:
    """Reads committed records only, and commits nothing itself."""

    def __init__(self, kafka: KafkaSettings, worker: WorkerSettings, topic: str) -> None:
        self._worker = worker
        self._consumer = KafkaConsumer(
            topic,
            **kafka.client(),
            group_id=worker.group_id,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            partition_assignment_strategy=(CooperativeStickyAssignor,),
            max_poll_records=worker.batch_records,
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
            fetch_max_bytes=MAX_FETCH_BYTES,
            max_poll_interval_ms=int(worker.max_poll_interval_s * 1000),
            session_timeout_ms=int(worker.session_timeout_s * 1000),
            # Three beats a session, as the client's own defaults have it.
            heartbeat_interval_ms=int(worker.session_timeout_s * 1000 / 3),
        )

        self.quiet = False
        self._partitions: list[int] = []

    @property
    def assigned(self) -> bool:
        return bool(self._consumer.assignment())

    def read(self, keep_on: Callable[[], bool], limit: int) -> Batch | None:
        """The next batch: `limit` records, or those of `batch_wait_s` seconds from the first.

        None when nothing came in half a second, when `keep_on()` turned false, or when
        the group changed while the batch was filling: then it begins anew. Only the first makes
        it `quiet`.
        """
        self.quiet = False
        records: list[Any] = []
        generation = 0
        deadline = time.monotonic() + IDLE_POLL_S
        while keep_on():
            wait_s = deadline - time.monotonic()
            room = limit - len(records)
            if room <= 0 or wait_s <= 0:
                break
            polled = self._consumer.poll(int(wait_s * 1000), max_records=room)
            self._note_partitions()
            group = self._consumer.group_metadata()
            if (records or polled) and not _same_member(group, generation):
                log.info("the group changed while a batch was filling; reading it again")
                self.rewind()
                return None
            if polled and not records:
                generation = group.generation_id
                deadline = time.monotonic() + self._worker.batch_wait_s
            for part in polled.values():
                records.extend(part)
        goes_on = keep_on()
        self.quiet = goes_on and not records and self.assigned
        return Batch(records, group) if records and goes_on else None

    def hold(self, seconds: float, keep_on: Callable[[], bool]) -> None:
        """Takes no record for that long, yet stays a member of the group; then as `rewind`."""
        deadline = time.monotonic() + seconds
        while keep_on() and (left_s := deadline - time.monotonic()) > 0:
            # Partitions that came while it waited are paused, too; what they gave is read again.
            self._consumer.pause(*self._consumer.assignment())
            self._consumer.poll(int(min(left_s, IDLE_POLL_S) * 1000))
            self._note_partitions()
        self._consumer.resume(*self._consumer.assignment())
        self.rewind()

    def _note_partitions(self) -> None:
        partitions = sorted(where.partition for where in self._consumer.assignment())
        if partitions != self._partitions:
            log.info("reads partitions %s, did read %s", partitions, self._partitions)
            self._partitions = partitions

    def rewind(self) -> None:
        """Goes back to the committed offsets of every assigned partition."""
        for where in self._consumer.assignment():
            committed = self._consumer.committed(where)
            if committed is None:
                self._consumer.seek_to_beginning(where)
            else:
                self._consumer.seek(where, committed)

    def close(self) -> None:
        self._consumer.close(autocommit=False)


def _same_member(group: ConsumerGroupMetadata, generation: int) -> bool:
    """Whether the membership is real, and still that of the batch's first record (0: none yet)."""
    joined = group.generation_id > 0 and bool(group.member_id)
    return joined and generation in (0, group.generation_id)
