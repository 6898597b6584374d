"""Records as Kafka messages: JSON values with CloudEvents 1.0 headers in binary mode."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from stancewire import traceparent as trace
from stancewire.errors import RecordError
from stancewire.records import Record

Headers = tuple[tuple[str, bytes], ...]
R = TypeVar("R", bound=Record)

CONTENT_TYPE = b"application/json"
TYPE_PREFIX = "stancewire."


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a topic, before it has an offset."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None  # where the key alone does not decide

    @property
    def size(self) -> int:
        """Bytes of key, value and headers; Kafka adds less than 100 of its own."""
        parts = [self.key or b"", self.value or b""]
        return sum(map(len, parts)) + sum(len(k.encode()) + len(v) for k, v in self.headers)


def event_type(record: type[Record]) -> str:
    return f"{TYPE_PREFIX}{record.type_name}.v{record.version}"


def header(headers: Iterable[tuple[str, bytes]], name: str) -> bytes | None:
    """The last header of that name, as Kafka's own clients take it."""
    found = None
    for key, value in headers:
        if key == name:
            found = value
    return found


def traceparent_of(raw: Any) -> bytes | None:
    """The trace context of a raw message, or None if it has none that can be one."""
    given = header(raw.headers, trace.HEADER)
    return given if trace.trace_id(given) else None


def about(raw: Any) -> dict[str, object]:
    """Which raw message a log line is about, as the line's fields."""
    return {
        "topic": raw.topic,
        "partition": raw.partition,
        "offset": raw.offset,
        "trace_id": trace.trace_id(header(raw.headers, trace.HEADER)),
    }


def encode(record: Record, topic: str, *, source: str, traceparent: bytes | None) -> Message:
    """The message for a record; `source` names the process kind that made it."""
    return Message(
        topic=topic,
        key=record.key.encode(),
        value=record.model_dump_json().encode(),
        headers=(
            ("ce_specversion", b"1.0"),
            ("ce_id", record.event_id.encode()),
            ("ce_type", event_type(type(record)).encode()),
            ("ce_source", source.encode()),
            ("ce_time", record.event_time.isoformat().encode()),
            ("content-type", CONTENT_TYPE),
            (trace.HEADER, traceparent or trace.new()),
        ),
    )


def decode(kind: type[R], value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> R:
    """The record in a message's value.

    A message without `ce_type` is taken as what it is read for, so that other programs may
    write plain JSON. Raises RecordError with reason `empty`, `wrong_type`, `unknown_version`,
    `not_json` or `invalid`.
    """
    if not value:
        raise RecordError("the message has no value", reason="empty")
    _check_type(kind, header(headers, "ce_type"))
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise RecordError(f"not JSON: {first['msg']}", reason="not_json") from error
        where = ".".join(map(str, first["loc"])) or "record"
        raise RecordError(
            f"not a valid {kind.type_name}: {where}: {first['msg']}", reason="invalid"
        ) from error


def _check_type(kind: type[Record], given: bytes | None) -> None:
    if given is None:
        return
    name = given.decode("utf-8", "replace")
    if name == event_type(kind):
        return
    match = re.fullmatch(rf"{re.escape(TYPE_PREFIX + kind.type_name)}\.v(\d+)", name)
    if match:
        raise RecordError(
            f"version {match[1]} of {kind.type_name}; this program reads version {kind.version}",
            reason="unknown_version",
        )
    raise RecordError(f"a {name!r} where {event_type(kind)!r} belongs", reason="wrong_type")
