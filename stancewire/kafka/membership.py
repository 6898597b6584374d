"""Partitions that a member of a consumer group owns, rather than reads."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import ConsumerGroupMetadata

from stancewire.errors import BrokerError
from stancewire.settings import KafkaSettings, WorkerSettings

# How long one poll of the client takes, and so how long closing may.
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Owned:
    """What a member owns at one moment, of how many partitions.

    `fresh` came since the last look, maybe after they were lost and another had them. Offsets
    that are committed under `group` are refused once the group has changed.
    """

    partitions: frozenset[int]
    fresh: frozenset[int]
    count: int
    group: ConsumerGroupMetadata


class _Arrivals(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes what is assigned, and no more: it is called on the client's own thread."""

    def __init__(self) -> None:
        self._partitions: set[int] = set()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._partitions.update(where.partition for where in assigned)

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        pass

    def taken(self) -> frozenset[int]:
        taken, self._partitions = self._partitions, set()
        return frozenset(taken)


class Membership:
    """Shares the partitions of a topic over the live members of a group.

    Whoever owns a partition alone writes what belongs to it: a transaction that carries offsets
    under an older membership is refused by the broker (KIP-447), so a frozen member that comes
    back writes nothing.
    """

    def __init__(self, kafka: KafkaSettings, member: WorkerSettings, topic: str) -> None:
        self._topic = topic
        self._arrivals = _Arrivals()
        self._consumer = KafkaConsumer(
            **kafka.client(),
            group_id=member.group_id,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="latest",
            allow_auto_create_topics=False,
            partition_assignment_strategy=(CooperativeStickyAssignor,),
            max_poll_interval_ms=int(member.max_poll_interval_s * 1000),
            session_timeout_ms=int(member.session_timeout_s * 1000),
            # Three beats a session, as the client's own defaults have it.
            heartbeat_interval_ms=int(member.session_timeout_s * 1000 / 3),
        )
        self._consumer.subscribe([topic], listener=self._arrivals)
        self._lock = threading.Lock()
        self._partitions: frozenset[int] = frozenset()
        self._fresh: frozenset[int] = frozenset()
        self._count = 0
        self._group = self._consumer.group_metadata()
        self._error: Exception | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._take_part, name="membership", daemon=True)
        self._thread.start()

    def owned(self) -> Owned:
        """What is owned now. Raises BrokerError."""
        with self._lock:
            if self._error is not None:
                error, self._error = self._error, None
                raise BrokerError(f"no part in the group: {error}", topic=self._topic) from error
            fresh, self._fresh = self._fresh & self._partitions, frozenset()
            return Owned(self._partitions, fresh, self._count, self._group)

    def _take_part(self) -> None:
        """Polls without a pause: the client throws a rebalance away that ends between two polls."""
        while not self._closing.is_set():
            try:
                self._consumer.poll(int(POLL_S * 1000), max_records=1)
                assigned = self._consumer.assignment()
                self._consumer.pause(*assigned)  # nothing is read here; it would only cost memory
                count = len(self._consumer.partitions_for_topic(self._topic) or ())
                group = self._consumer.group_metadata()
            except Exception as error:  # whatever it is, the loop must hear of it
                with self._lock:
                    self._error = error
                self._closing.wait(POLL_S)
                continue
            with self._lock:
                self._partitions = frozenset(where.partition for where in assigned)
                self._fresh |= self._arrivals.taken()
                self._count, self._group = count, group

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self._consumer.close(autocommit=False)
