"""From the topics into the store, for as long as the board is up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from kafka import TopicPartition

from consumers.board.store import Store
from stancewire.errors import BrokerError
from stancewire.kafka import topics
from stancewire.kafka.reading import TopicReader, open_reader, readable
from stancewire.records import Article, Stance
from stancewire.settings import KafkaSettings

log = logging.getLogger(__name__)

# How soon a statement is shown, and a stop is heard.
POLL_S = 0.2
# After the broker was away.
RETRY_S = 2.0


class Ingest:
    """Reads both topics from where the store left off; `arrived` gets the new numbers."""

    def __init__(
        self, kafka: KafkaSettings, store: Store, arrived: Callable[[Sequence[int]], None]
    ) -> None:
        self._kafka = kafka
        self._store = store
        self._arrived = arrived
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self.caught_up = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except BrokerError as error:
                log.warning("the topics cannot be read; trying again: %s", error)
                self._stop.wait(RETRY_S)

    def _read(self) -> None:
        with ExitStack() as stack:
            readers = [
                stack.enter_context(open_reader(self._kafka, topic.name))
                for topic in (topics.ARTICLES, topics.STANCES)
            ]
            for reader in readers:
                self._go_on(reader)
            while not self._stop.is_set():
                # Once at the end, what the client has fetched meanwhile is looked for, without the
                # haste of asking again: a broker may answer at once that there is nothing.
                ahead = 0.0 if self.caught_up.is_set() else POLL_S
                articles, stances = (reader.poll(ahead) for reader in readers)
                if articles or stances:
                    raws = [*articles, *stances]
                    places = {(raw.topic, raw.partition): raw.offset + 1 for raw in raws}
                    new = self._store.add(
                        readable(Article, articles), readable(Stance, stances), places
                    )
                    self._arrived(new)
                elif self.caught_up.is_set():
                    self._stop.wait(POLL_S)
                elif all(reader.at_end for reader in readers):
                    self.caught_up.set()

    def _go_on(self, reader: TopicReader) -> None:
        """From the store's place, or the start where it has none or the topic is a new one."""
        topic = reader.partitions[0].topic
        places = self._store.places(topic)
        starts = reader.consumer.beginning_offsets(reader.partitions)
        for where, end in reader.ends.items():
            place = places.get(where.partition, 0)
            first = starts[TopicPartition(topic, where.partition)]
            reader.consumer.seek(where, place if first <= place <= end else first)
