"""Traces: which context the records that a process makes carry, and whether it makes spans."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stancewire import traceparent
from stancewire.errors import ConfigError
from stancewire.kafka.messages import traceparent_of
from stancewire.records import Article

EXPORTERS = "OTEL_TRACES_EXPORTER"
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"


@dataclass(slots=True)
class Traced:
    """A record at work, or a poll: what comes of it carries `traceparent`, if it has one."""

    traceparent: bytes | None
    failure: Exception | None = None

    @property
    def trace_id(self) -> str | None:
        return traceparent.trace_id(self.traceparent)


class Tracer:
    """Makes no spans: what comes of a record carries the context that the record came with."""

    @contextmanager
    def records(self, raws: Sequence[Any], group: str) -> Iterator[list[Traced]]:
        """A place for each raw message that `group` has read, while they are worked on."""
        yield [Traced(traceparent_of(raw)) for raw in raws]

    @contextmanager
    def polls(self, found: Sequence[Sequence[Article]]) -> Iterator[list[Traced]]:
        """A place for what each poll found, while it is published."""
        yield [Traced(traceparent.new()) for _ in found]


def new_tracer(service: str, replica: str, given: Mapping[str, str] = os.environ) -> Tracer:
    """One that makes spans, if OpenTelemetry's own variables ask for them.

    Raises ConfigError if they ask for what is not installed or not to be had.
    """
    asked = _asked(given)
    if asked is None:
        return Tracer()
    try:
        from stancewire.spans import SpanTracer  # which alone imports OpenTelemetry
    except ModuleNotFoundError as error:
        raise ConfigError(
            "traces are asked for, but OpenTelemetry is not installed: "
            'pip install "stancewire[otel]"',
            variable=asked,
        ) from error
    return SpanTracer(service, replica)


def _asked(given: Mapping[str, str]) -> str | None:
    """The variable that asks for traces; by the standard, an empty one is as good as none."""
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    exporter = given.get(EXPORTERS)
    if exporter and exporter not in ("otlp", "none"):
        raise ConfigError(f"traces go by otlp or none, not {exporter!r}", variable=EXPORTERS)
    asked = next((name for name in (EXPORTERS, *ENDPOINTS) if given.get(name)), None)
    if exporter == "none" or asked is None:
        return None
    by = next((name for name in PROTOCOLS if given.get(name)), None)
    if by and given[by] != PROTOCOL:
        raise ConfigError(f"traces go by {PROTOCOL}, not {given[by]!r}", variable=by)
    return asked
