"""What Kafka alone costs a stance worker: quotes read, ready stances written in transactions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import click
from prometheus_client import CollectorRegistry

from stancewire.kafka import topics
from stancewire.kafka.batch_reader import BatchReader
from stancewire.kafka.messages import Message
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.metrics import LoopMetrics
from stancewire.settings import KafkaSettings, WorkerSettings
from tests.support.pipeline import send

# Polls of half a second in which a group must have formed.
JOIN_POLLS = 60


class Pipe:
    """The worker's own reader and producer; each quote has the same outputs every time."""

    def __init__(
        self, kafka: KafkaSettings, quotes: Sequence[Message], outputs: Sequence[Sequence[Message]]
    ) -> None:
        self._kafka = kafka
        self._outputs = outputs
        self._runs = 0
        self._reader: BatchReader | None = None
        send(kafka, quotes)
        metrics = LoopMetrics(CollectorRegistry())
        self._producer = TransactionalProducer(kafka, "speed-pipe", metrics)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):
            self._close_reader()
        self._producer.close()

    def join(self) -> None:
        """A new group, which begins with the oldest quote; it has formed when this returns."""
        self._close_reader()
        self._runs += 1
        self._settings = WorkerSettings(f"speed-pipe-{self._runs}")
        self._reader = BatchReader(self._kafka, self._settings, topics.QUOTES.name)
        for _ in range(JOIN_POLLS):
            if self._reader.read(lambda: True, 1) is not None:
                self._reader.rewind()
                return
        raise click.ClickException("the group did not form")

    def pump(self) -> None:
        """Reads every quote and commits its outputs, a full batch at a time."""
        assert self._reader is not None
        done = 0
        while done < len(self._outputs):
            batch = self._reader.read(lambda: True, self._settings.batch_records)
            if batch is None:
                continue
            its = self._outputs[done : done + len(batch.records)]
            written = [message for each in its for message in each]
            self._producer.commit(written, batch.offsets, batch.group)
            done += len(batch.records)

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
