"""The loop of every worker: read a batch, run the step, commit outputs and offsets as one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from stancewire.errors import RecordError, StancewireError, TransactionError
from stancewire.health import Health
from stancewire.kafka import deadletters
from stancewire.kafka.batch_reader import Batch, BatchReader
from stancewire.kafka.messages import TRACEPARENT, Message, decode, encode, header
from stancewire.kafka.retries import Retries
from stancewire.kafka.topics import Topic
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.lifecycle import Stop
from stancewire.metrics import LoopMetrics
from stancewire.records import ModelInfo, Record
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings, WorkerSettings

log = logging.getLogger(__name__)

In = TypeVar("In", bound=Record)


class Step(Protocol[In]):
    """What a worker does to records: a pure function with a name, an input and an output."""

    name: str
    source: Topic
    sink: Topic
    reads: type[In]

    @property
    def info(self) -> ModelInfo: ...

    def __call__(self, records: Sequence[In]) -> Sequence[Sequence[Record]]:
        """The outputs of each record, in the records' order."""
        ...

    def committed(self, outputs: Sequence[Record]) -> None:
        """Told of outputs once they can be read on the sink; for metrics."""
        ...


class Worker(Generic[In]):
    """One replica. Every input record ends as its outputs or as a dead letter, exactly once."""

    def __init__(
        self,
        step: Step[In],
        kafka: KafkaSettings,
        settings: WorkerSettings,
        *,
        metrics: LoopMetrics,
        health: Health,
        stop: Stop,
        clock: Callable[[], datetime],
    ) -> None:
        self._step = step
        self._kafka = kafka
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._stop = stop
        self._clock = clock
        self._retries = Retries(stop)
        self._dead_letters_in_a_row = 0

    def run(self) -> None:
        """Until a stop is requested. Raises StancewireError when going on would be no use."""
        producer: TransactionalProducer | None = None
        reader = BatchReader(self._kafka, self._settings, self._step.source.name)
        try:
            while not self._stop.requested:
                self._health.beat()
                try:
                    if producer is None:
                        producer = self._new_producer()
                        reader.rewind()
                    self._turn(reader, producer)
                except TransactionError as error:
                    producer = None
                    self._retries.failed(error)
        finally:
            self._health.waiting_for = "end"
            reader.close()
            if producer is not None:
                producer.close()

    def _new_producer(self) -> TransactionalProducer:
        self._health.waiting_for = "transactional producer"
        return TransactionalProducer(self._kafka, self._settings.transactional_id, self._metrics)

    def _turn(self, reader: BatchReader, producer: TransactionalProducer) -> None:
        with self._metrics.timed("poll"):
            batch = reader.read(keep_on=lambda: not self._stop.requested)
        self._health.waiting_for = None if reader.assigned else "partitions"
        if batch is None:
            return
        with self._metrics.timed("model"):
            messages, outputs = self._process(batch)
        producer.commit(messages, batch.offsets, batch.group)
        self._retries.succeeded()
        self._step.committed(outputs)
        self._metrics.consumed.inc(len(batch.records))
        self._metrics.batch.observe(len(batch.records))

    def _process(self, batch: Batch) -> tuple[list[Message], list[Record]]:
        """The messages for a batch, and the outputs among them.

        Every input gives its outputs or, if it fails, its dead letter alone.
        """
        inputs: list[In | RecordError] = [self._decode(raw) for raw in batch.records]
        good = [item for item in inputs if isinstance(item, self._step.reads)]
        results = iter(self._run_step(good))
        messages: list[Message] = []
        outputs: list[Record] = []
        for raw, item in zip(batch.records, inputs, strict=True):
            outcome = item if isinstance(item, RecordError) else next(results)
            try:
                if isinstance(outcome, Exception):
                    raise outcome
                messages.extend(self._encode(raw, outcome))
            except Exception as error:
                messages.append(self._dead_letter(raw, error))
            else:
                self._dead_letters_in_a_row = 0
                outputs.extend(outcome)
        return messages, outputs

    def _decode(self, raw: Any) -> In | RecordError:
        try:
            return decode(self._step.reads, raw.value, raw.headers)
        except RecordError as error:
            return error

    def _run_step(self, records: Sequence[In]) -> Sequence[Sequence[Record] | Exception]:
        """The step on all records at once or, if that fails, on each alone to find the culprit."""
        if not records:
            return []
        try:
            return self._step(records)
        except Exception as error:
            if len(records) > 1:
                log.warning("a batch of %d failed (%r); one at a time", len(records), error)
                return [result for record in records for result in self._run_step([record])]
            if isinstance(error, MemoryError):
                raise  # says nothing of the record: a new process tries it again
            return [error]

    def _encode(self, raw: Any, outputs: Sequence[Record]) -> list[Message]:
        source = f"stancewire/{self._step.name}"
        trace = header(raw.headers, TRACEPARENT)
        sink = self._step.sink.name
        messages = [encode(r, sink, source=source, traceparent=trace) for r in outputs]
        largest = max((m.size for m in messages), default=0)
        if largest > MAX_RECORD_BYTES:
            raise RecordError(f"an output of {largest} bytes", reason="too_large")
        return messages

    def _dead_letter(self, raw: Any, error: Exception) -> Message:
        where = {"topic": raw.topic, "partition": raw.partition, "offset": raw.offset}
        self._dead_letters_in_a_row += 1
        if self._dead_letters_in_a_row > self._settings.dead_letter_run:
            raise StancewireError(
                f"{self._settings.dead_letter_run} records in a row could not be processed; "
                "stopping before more of the topic becomes dead letters",
                **where,
            ) from error
        reason = error.reason if isinstance(error, RecordError) else "failed"
        log.error("dead letter: %s: %s (%s)", reason, error, where)
        self._metrics.dead_letters.labels(reason).inc()
        return deadletters.dead_letter(
            topic=raw.topic,
            partition=raw.partition,
            offset=raw.offset,
            key=raw.key,
            value=raw.value,
            headers=tuple(raw.headers),
            reason=reason,
            error=error,
            model=f"{self._step.info.name}@{self._step.info.revision}",
            now=self._clock(),
        )
