"""The topic by which a push comes to the poller of its feed, whichever poller a hub has called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

from kafka import TopicPartition
from kafka.errors import KafkaError

from stancewire.errors import BrokerError
from stancewire.feed_records import Push
from stancewire.kafka import topics
from stancewire.kafka.messages import encode
from stancewire.kafka.reading import open_reader, readable
from stancewire.kafka.sender import Sender
from stancewire.settings import KafkaSettings

SOURCE = "stancewire/produce"
# Longer than it takes to replace a dead poller; what is older, the polls have found.
LOOK_BACK = timedelta(minutes=15)


class Pushes:
    """Sends pushes on, and reads those of the partitions that it follows.

    A partition that is new to it is read from `LOOK_BACK` ago: what its poller before had taken
    comes again, and is known by its time in the feed's state. Raises BrokerError.
    """

    def __init__(self, kafka: KafkaSettings, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._stack = ExitStack()
        self._reader = self._stack.enter_context(open_reader(kafka, topics.PUSHES.name))
        self._reader.consumer.pause(*self._reader.partitions)
        self._followed: frozenset[TopicPartition] = frozenset()
        self._sender = Sender(kafka)
        self._stack.callback(self._sender.close)

    def close(self) -> None:
        self._stack.close()

    def send(self, push: Push, partition: int) -> None:
        """On the topic when it returns."""
        message = encode(push, topics.PUSHES.name, source=SOURCE, traceparent=None)
        self._sender.send(replace(message, partition=partition))

    def follow(self, owned: Collection[int], fresh: Collection[int]) -> None:
        """Reads these partitions from now on, `fresh` and new ones from a while ago."""
        wanted = [TopicPartition(topics.PUSHES.name, number) for number in owned]
        missing = set(wanted) - set(self._reader.partitions)
        if missing:
            raise BrokerError(
                "the topic has fewer partitions than feeds.v1; give it as many",
                topic=topics.PUSHES.name,
            )
        consumer = self._reader.consumer
        try:
            again = [
                where for where in wanted if where.partition in fresh or where not in self._followed
            ]
            for where, offset in self._starts(again).items():
                consumer.seek(where, offset)
            consumer.pause(*self._reader.partitions)
            consumer.resume(*wanted)
            self._followed = frozenset(wanted)
        except KafkaError as error:
            raise BrokerError(f"cannot be followed: {error}", topic=topics.PUSHES.name) from error

    def _starts(self, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        consumer = self._reader.consumer
        since = int((self._clock() - LOOK_BACK).timestamp() * 1000)
        starts: dict[TopicPartition, int] = consumer.end_offsets(places) if places else {}
        found = consumer.offsets_for_times(dict.fromkeys(places, since)) if places else {}
        return starts | {where: at.offset for where, at in found.items() if at}

    def poll(self) -> list[Push]:
        """What has come; what is no push is logged and passed over."""
        return list(readable(Push, self._reader.poll(0)))
