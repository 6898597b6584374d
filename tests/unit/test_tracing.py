"""Whether spans are made, as OpenTelemetry's own variables ask for them; no collector, no harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from stancewire import traceparent
from stancewire.errors import ConfigError
from stancewire.spans import SpanTracer
from stancewire.tracing import Tracer, new_tracer
from tests.support.apache_kafka import free_port
from tests.support.collector import Collector

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.mark.parametrize(
    ("given", "makes_spans"),
    [
        ({}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://c:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://c:4318"}, False),
        ({"OTEL_SDK_DISABLED": "True", ENDPOINT: "http://c:4318"}, False),
        ({ENDPOINT: "http://c:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
    ],
)
def test_the_variables_of_the_standard_decide(given: dict[str, str], makes_spans: bool) -> None:
    tracer = new_tracer("test", "one", given)
    assert isinstance(tracer, SpanTracer) is makes_spans


@pytest.mark.parametrize(
    "given",
    [
        {"OTEL_TRACES_EXPORTER": "zipkin"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
def test_what_is_not_to_be_had_is_named(given: dict[str, str]) -> None:
    variable, value = list(given.items())[-1]
    with pytest.raises(ConfigError, match=rf"{value}.*{variable}"):
        new_tracer("test", "one", given)


def python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, **variables},
    )


def test_nothing_of_it_is_imported_where_it_is_not_asked_for() -> None:
    code = (
        "import sys, stancewire.cli, stancewire.kafka.worker, producers.produce\n"
        "from stancewire.tracing import new_tracer\n"
        "new_tracer('test', 'one', {})\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    assert python(code).stdout == "[]\n"


def test_asked_for_and_not_installed_is_an_error_that_says_what_to_do() -> None:
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from stancewire.errors import ConfigError\n"
        "from stancewire.tracing import new_tracer\n"
        "try: new_tracer('test', 'one')\n"
        "except ConfigError as error: print(error)"
    )
    said = python(code, OTEL_TRACES_EXPORTER="otlp").stdout
    assert 'pip install "stancewire[otel]"' in said
    assert "OTEL_TRACES_EXPORTER" in said


def raw(*headers: tuple[str, bytes]) -> SimpleNamespace:
    return SimpleNamespace(topic="t", partition=1, offset=7, key=b"\xff", headers=headers)


@pytest.mark.parametrize(
    "value",
    [b"", b"junk", b"00-" + b"0" * 32 + b"-" + b"1" * 16 + b"-01", b"ff" + traceparent.new()[2:]],
)
def test_what_is_no_context_does_not_go_on(value: bytes) -> None:
    assert traceparent.trace_id(value) is None
    with Tracer().records([raw(("traceparent", value)), raw()], "g") as traced:
        assert [(each.traceparent, each.trace_id) for each in traced] == [(None, None)] * 2


def test_a_context_goes_on_as_it_is_where_no_spans_are_made() -> None:
    given = traceparent.new()
    with Tracer().records([raw(("traceparent", given))], "g") as (only,):
        assert only.traceparent == given
        assert only.trace_id == given[3:35].decode()


def test_what_is_not_sampled_is_not_sent_but_stays_one_trace() -> None:
    code = (
        "from stancewire.tracing import new_tracer\n"
        "from tests.support.generated import article\n"
        "from tests.unit.test_tracing import raw\n"
        "tracer = new_tracer('test', 'one')\n"
        "with tracer.polls([[article(1)], []]) as (poll, _): pass\n"
        "with tracer.records([raw(('traceparent', poll.traceparent))], 'g') as (record,): pass\n"
        "print(poll.trace_id == record.trace_id, poll.traceparent != record.traceparent)"
    )
    with Collector() as collector:
        where = {ENDPOINT: collector.url}
        assert python(code, OTEL_TRACES_SAMPLER="always_off", **where).stdout == "True True\n"
        assert not collector.spans
        assert python(code, OTEL_SERVICE_NAME="mine", **where).stdout == "True True\n"
        assert len(collector.spans) == 3
        assert {span.resource["service.name"] for span in collector.spans} == {"mine"}


def test_an_error_in_the_block_fails_every_span() -> None:
    code = (
        "from stancewire.tracing import new_tracer\n"
        "from tests.unit.test_tracing import raw\n"
        "tracer = new_tracer('test', 'one')\n"
        "try:\n"
        "    with tracer.records([raw(), raw()], 'g'): raise OSError('\\udc80')\n"
        "except OSError: print('raised')"
    )
    with Collector() as collector:
        assert python(code, **{ENDPOINT: collector.url}).stdout == "raised\n"
    assert [span.error for span in collector.spans] == ["?", "?"]
    assert {span.attributes["error.type"] for span in collector.spans} == {"OSError"}


def test_a_collector_that_is_away_costs_a_line_and_some_seconds_at_the_end() -> None:
    code = (
        "from stancewire import logs\n"
        "from stancewire.tracing import new_tracer\n"
        "from tests.unit.test_tracing import raw\n"
        "logs.set_up('info', 'json')\n"
        "tracer = new_tracer('test', 'one')\n"
        "for _ in range(1000):\n"
        "    with tracer.records([raw()], 'g'): pass\n"
    )
    began = time.monotonic()
    address = f"http://127.0.0.1:{free_port()}"
    done = python(code, **{ENDPOINT: address, "OTEL_EXPORTER_OTLP_TIMEOUT": "2"})
    (line,) = done.stderr.splitlines()
    assert "refused" in json.loads(line)["message"]
    assert time.monotonic() - began < 20
