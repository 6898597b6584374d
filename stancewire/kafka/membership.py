"""Partitions that a member of a consumer group owns, rather than reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError
from kafka.structs import ConsumerGroupMetadata

from stancewire.errors import BrokerError
from stancewire.settings import KafkaSettings, WorkerSettings


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

    def poll(self, seconds: float) -> Owned:
        """Takes part in the group for that long; to be called every few seconds.

        Raises BrokerError.
        """
        try:
            self._consumer.poll(int(seconds * 1000), max_records=1)
            owned = self._consumer.assignment()
            self._consumer.pause(*owned)  # nothing is read here; it would only cost memory
            count = len(self._consumer.partitions_for_topic(self._topic) or ())
            group = self._consumer.group_metadata()
            partitions = frozenset(where.partition for where in owned)
            return Owned(partitions, self._arrivals.taken() & partitions, count, group)
        except KafkaError as error:
            raise BrokerError(f"no part in the group: {error}", topic=self._topic) from error

    def close(self) -> None:
        self._consumer.close(autocommit=False)
