"""A record that cannot be processed, kept with everything needed to understand and replay it."""

from __future__ import annotations

from datetime import datetime

from stancewire.kafka.messages import Headers, Message, header

SUFFIX = ".dlq"

# Longer errors are cut: a header is for reading, and brokers bound the size of a record.
MAX_ERROR_CHARS = 2000

REASON, ERROR, TOPIC, PARTITION, OFFSET, ATTEMPT, MODEL, TIME = (
    f"dlq_{name}"
    for name in ("reason", "error", "topic", "partition", "offset", "attempt", "model", "time")
)
OWN = frozenset((REASON, ERROR, TOPIC, PARTITION, OFFSET, ATTEMPT, MODEL, TIME))


def dead_letter(
    *,
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
    reason: str,
    error: BaseException,
    model: str,
    now: datetime,
) -> Message:
    """The original bytes and headers, plus why, from where, and at which attempt it failed."""
    own = {
        REASON: reason,
        ERROR: f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARS],
        TOPIC: topic,
        PARTITION: partition,
        OFFSET: offset,
        ATTEMPT: attempt(headers) + 1,
        MODEL: model,
        TIME: now.isoformat(),
    }
    kept = tuple(pair for pair in headers if pair[0] not in OWN)
    added = tuple((name, str(text).encode("utf-8", "replace")) for name, text in own.items())
    return Message(topic=topic + SUFFIX, key=key, value=value, headers=kept + added)


def attempt(headers: Headers) -> int:
    """How often the record has failed before; 0 for one that never did."""
    text = header(headers, ATTEMPT) or b"0"
    return int(text) if text.isdigit() else 0
