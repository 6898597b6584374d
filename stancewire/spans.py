"""Spans of OpenTelemetry, by its messaging conventions: of polls, of sends, of records.

https://opentelemetry.io/docs/specs/semconv/messaging/. Its instrumentation of the Kafka client does
not serve: it sees records that are iterated over, not polled, and begins a trace with each send.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import trace_exporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from stancewire import __version__, traceparent
from stancewire.errors import RecordError
from stancewire.kafka import topics
from stancewire.kafka.messages import header
from stancewire.records import Article
from stancewire.tracing import Traced, Tracer

_W3C = TraceContextTextMapPropagator()
# What is longer says no more, and a batch of spans has a largest size.
MAX_CHARS = 2000
# A collector that is away is one event, however often it is tried.
QUIET_S = 60.0


class SpanTracer(Tracer):
    """Sends spans as OpenTelemetry's variables say; the last ones when the process ends."""

    def __init__(self, service: str, replica: str) -> None:
        ours = {
            "service.name": service,
            "service.instance.id": replica,
            "service.version": __version__,
        }
        logging.getLogger(trace_exporter.__name__).addFilter(_Seldom())
        # What the operator's variables say of the resource wins.
        resource = Resource.create(ours).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=resource)
        provider.add_span_processor(BatchSpanProcessor(trace_exporter.OTLPSpanExporter()))
        self._tracer = provider.get_tracer("stancewire", __version__)

    @contextmanager
    def records(self, raws: Sequence[Any], group: str) -> Iterator[list[Traced]]:
        """A span a record, from the reading of its batch to the commit."""
        with _open([self._process(raw, group) for raw in raws]) as traced:
            yield traced

    @contextmanager
    def polls(self, found: Sequence[Sequence[Article]]) -> Iterator[list[Traced]]:
        """For each poll with articles a span of it, and under that one of their sending."""
        with _open([self._send(articles) if articles else None for articles in found]) as traced:
            yield traced

    def _process(self, raw: Any, group: str) -> Span:
        carrier = {traceparent.HEADER: _text(header(raw.headers, traceparent.HEADER))}
        about = {
            "messaging.consumer.group.name": group,
            "messaging.destination.partition.id": str(raw.partition),
            "messaging.kafka.offset": raw.offset,
            "messaging.kafka.message.key": _text(raw.key),
        }
        return self._tracer.start_span(
            f"process {raw.topic}",
            context=_W3C.extract(carrier, Context()),
            kind=SpanKind.CONSUMER,
            attributes=_messaging("process", raw.topic) | about,
        )

    def _send(self, articles: Sequence[Article]) -> Span:
        feed = articles[0].feed
        of_feed = {"stancewire.feed.id": feed.id, "url.full": feed.url}
        asked = int(articles[0].fetched_at.timestamp() * 1e9)
        poll = self._tracer.start_span("poll", Context(), attributes=of_feed, start_time=asked)
        poll.end()
        topic = topics.ARTICLES.name
        return self._tracer.start_span(
            f"send {topic}",
            context=set_span_in_context(poll, Context()),
            kind=SpanKind.PRODUCER,
            attributes=_messaging("send", topic)
            | of_feed
            | {"messaging.batch.message_count": len(articles)},
        )


class _Seldom(logging.Filter):
    """Lets one line through, then none for a while."""

    _until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        passes = record.created >= self._until
        if passes:
            self._until = record.created + QUIET_S
        return passes


def _messaging(operation: str, topic: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }


@contextmanager
def _open(spans: Sequence[Span | None]) -> Iterator[list[Traced]]:
    """Ends the spans with the block, as failed where it failed."""
    traced = [Traced(_traceparent(span)) for span in spans]
    try:
        yield traced
    except Exception as error:
        for each in traced:
            each.failure = each.failure or error
        raise
    finally:
        for span, each in zip(spans, traced, strict=True):
            if span is not None:
                _end(span, each.failure)


def _end(span: Span, failure: Exception | None) -> None:
    if failure is not None:
        kind = failure.reason if isinstance(failure, RecordError) else type(failure).__name__
        span.set_attribute("error.type", kind)
        span.set_status(StatusCode.ERROR, _text(str(failure).encode("utf-8", "replace")))
    span.end()


def _traceparent(span: Span | None) -> bytes:
    carrier: dict[str, str] = {}
    if span is not None:
        _W3C.inject(carrier, set_span_in_context(span, Context()))
    return carrier[traceparent.HEADER].encode() if carrier else traceparent.new()


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")[:MAX_CHARS]
