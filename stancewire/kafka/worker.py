"""The loop of every worker: read a batch, run the step, commit outputs and offsets as one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from stancewire import traceparent
from stancewire.errors import RecordError, TransactionError
from stancewire.health import Health
from stancewire.kafka import deadletters
from stancewire.kafka.batch_reader import Batch, BatchReader
from stancewire.kafka.breaker import Breaker
from stancewire.kafka.isolation import isolated
from stancewire.kafka.messages import Message, about, decode, encode
from stancewire.kafka.pacing import BatchSize
from stancewire.kafka.retries import Retries
from stancewire.kafka.topics import Topic
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.lifecycle import Stop
from stancewire.metrics import LoopMetrics
from stancewire.records import ModelInfo, Record
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings, WorkerSettings
from stancewire.tracing import Traced, Tracer

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


@dataclass(slots=True)
class Processed:
    """What a batch became; which of its records failed is noted where they are traced."""

    messages: list[Message] = field(default_factory=list)
    outputs: list[Record] = field(default_factory=list)


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
        tracer: Tracer | None = None,
    ) -> None:
        self._step = step
        self._kafka = kafka
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._stop = stop
        self._clock = clock
        self._tracer = tracer or Tracer()
        self._retries = Retries(stop)
        self._breaker = Breaker(settings.dead_letter_run)
        self._size = BatchSize(settings.batch_records, settings.max_poll_interval_s)

    def run(self) -> None:
        """Until a stop is requested. Raises StancewireError when going on would be no use."""
        producer: TransactionalProducer | None = None
        reader = BatchReader(self._kafka, self._settings, self._step.source.name)
        try:
            while self._goes_on():
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

    def _goes_on(self) -> bool:
        """Tells that the loop lives; false once a stop is requested."""
        self._health.beat()
        return not self._stop.requested

    def _new_producer(self) -> TransactionalProducer:
        self._health.waiting_for = "transactional producer"
        return TransactionalProducer(self._kafka, self._settings.transactional_id, self._metrics)

    def _turn(self, reader: BatchReader, producer: TransactionalProducer) -> None:
        if self._breaker.is_open:
            reader.hold(self._breaker.pause_s, self._goes_on)
        with self._metrics.timed("poll"):
            limit = 1 if self._breaker.is_open else self._size.records
            batch = reader.read(self._goes_on, limit)
        if not self._breaker.is_open:
            self._health.waiting_for = None if reader.assigned else "partitions"
        if reader.quiet:
            self._metrics.caught_up.set_to_current_time()
        if batch is None:
            return
        with self._tracer.records(batch.records, self._settings.group_id) as traced:
            began = time.monotonic()
            with self._metrics.timed("model"):
                processed = self._process(batch, traced)
            self._size.took(len(batch.records), time.monotonic() - began)
            was_open = self._breaker.is_open
            if not self._breaker.check([each.failure is not None for each in traced]):
                self._stand_still(traced)
                reader.rewind()
                return
            producer.commit(processed.messages, batch.offsets, batch.group)
        self._retries.succeeded()
        self._metrics.circuit_open.set(0)
        if was_open:
            log.info("a record succeeded; going on")
        self._report(batch, processed, traced)

    def _stand_still(self, traced: Sequence[Traced]) -> None:
        """Says that the breaker is open, and why; nothing of the batch is committed."""
        last = next(each.failure for each in reversed(traced) if each.failure is not None)
        more = (
            f"more than {self._settings.dead_letter_run} records in a row failed; the last: {last}"
        )
        self._health.waiting_for = f"circuit breaker: {more}"
        self._metrics.circuit_open.set(1)
        log.error("%s; trying one again in %g s", more, self._breaker.pause_s)

    def _report(self, batch: Batch, processed: Processed, traced: Sequence[Traced]) -> None:
        self._step.committed(processed.outputs)
        self._metrics.consumed.inc(len(batch.records))
        self._metrics.batch.observe(len(batch.records))
        self._metrics.caught_up.set(batch.written_at)
        log.debug("committed a batch of %d, %d outputs", len(traced), len(processed.outputs))
        for raw, each in zip(batch.records, traced, strict=True):
            if each.failure is not None:
                reason = _reason(each.failure)
                self._metrics.dead_letters.labels(reason).inc()
                log.error(
                    "dead letter: %s-%d@%d: %s: %s",
                    raw.topic, raw.partition, raw.offset, reason, each.failure,
                    extra={**about(raw), "reason": reason, "trace_id": each.trace_id},
                    # Of what is wrong with a record the words say all.
                    exc_info=None if isinstance(each.failure, RecordError) else each.failure,
                )  # fmt: skip

    def _process(self, batch: Batch, traced: Sequence[Traced]) -> Processed:
        """Every input gives its outputs or, if it fails, its dead letter alone."""
        inputs: list[In | RecordError] = [self._decode(raw) for raw in batch.records]
        good = [item for item in inputs if isinstance(item, self._step.reads)]
        results = iter(isolated(self._step, good, self._stop.wait))
        processed = Processed()
        for raw, item, each in zip(batch.records, inputs, traced, strict=True):
            outcome = item if isinstance(item, RecordError) else next(results)
            try:
                if isinstance(outcome, Exception):
                    raise outcome
                processed.messages.extend(self._encode(outcome, each.traceparent))
            except Exception as error:
                processed.messages.append(self._dead_letter(raw, error))
                each.failure = error
            else:
                processed.outputs.extend(outcome)
        return processed

    def _decode(self, raw: Any) -> In | RecordError:
        try:
            return decode(self._step.reads, raw.value, raw.headers)
        except RecordError as error:
            return error

    def _encode(self, outputs: Sequence[Record], carried: bytes | None) -> list[Message]:
        source = f"stancewire/{self._step.name}"
        trace = carried or traceparent.new()
        sink = self._step.sink.name
        messages = [encode(r, sink, source=source, traceparent=trace) for r in outputs]
        largest = max((m.size for m in messages), default=0)
        if largest > MAX_RECORD_BYTES:
            raise RecordError(f"an output of {largest} bytes", reason="too_large")
        return messages

    def _dead_letter(self, raw: Any, error: Exception) -> Message:
        return deadletters.dead_letter(
            topic=raw.topic,
            partition=raw.partition,
            offset=raw.offset,
            key=raw.key,
            value=raw.value,
            headers=tuple(raw.headers),
            reason=_reason(error),
            error=error,
            model=f"{self._step.info.name}@{self._step.info.revision}",
            now=self._clock(),
        )


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, RecordError) else "failed"
