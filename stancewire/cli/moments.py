"""Moments on a command line: a date and time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_SPAN = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic since 8.4 only
    """ISO 8601 (UTC where it states no zone), or a span before now: 90s, 30m, 6h, 2d, 1w."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        span = _SPAN.fullmatch(value.strip().lower())
        try:
            if span:
                return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
            moment = datetime.fromisoformat(value.strip())
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither a time such as 2026-03-01T12:00 nor a span as 6h")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


MOMENT = Moment()
