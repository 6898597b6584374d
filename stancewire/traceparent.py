"""W3C trace context (https://www.w3.org/TR/trace-context/): which trace a record belongs to."""

from __future__ import annotations

import re
import secrets

HEADER = "traceparent"

# Later versions may add fields; ids of zeros alone are none.
_FORM = re.compile(
    rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)


def new() -> bytes:
    """The context of a record that begins a trace; sampled, so that tracers take part."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01".encode()


def trace_id(traceparent: bytes | None) -> str | None:
    """The trace's id, or None if the header is missing or not as the standard has it."""
    match = _FORM.fullmatch(traceparent or b"")
    return match[1].decode() if match else None
