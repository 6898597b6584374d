"""Log lines on stderr, one an event: text for people, JSON for machines."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from stancewire.errors import FeedError, RecordError, StancewireError

log = logging.getLogger(__name__)

Style = Literal["auto", "text", "json"]

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Container runtimes cut lines at 16 KiB; a line may hold a message, a traceback and fields.
MAX_CHARS = 4000
# Libraries that tell more than their users want to know.
CHATTY = ("kafka", "urllib3")

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(level: str, style: Style = "auto") -> None:
    """Lines from this level up, those of chatty libraries from warnings up.

    `auto` is text if stderr is a terminal, else JSON.
    """
    is_json = style == "json" or (style == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if is_json else TextFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def are_json() -> bool:
    """Whether lines are JSON."""
    return any(isinstance(each.formatter, JsonFormatter) for each in logging.getLogger().handlers)


def take_over() -> None:
    """Makes lines of what Python prints by itself: warnings, and errors that nobody caught."""
    logging.captureWarnings(True)
    sys.excepthook = lambda kind, error, trace: log.critical(
        "ended by an error of ours: %r", error, exc_info=(kind, error, trace)
    )
    threading.excepthook = lambda caught: log.critical(
        "a thread ended by an error of ours: %r", caught.exc_value, exc_info=caught.exc_value
    )


class TextFormatter(logging.Formatter):
    """What is no text, such as a line break that a feed has sent, is shown as an escape.

    A traceback follows indented, so that none of its lines can be taken for an event.
    """

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = _visible(_short(super().formatMessage(record)))
        trace_id = getattr(record, "trace_id", None)
        return f"{line} trace_id={trace_id}" if trace_id else line

    def formatException(self, ei: _Caught) -> str:
        lines = super().formatException(ei).splitlines()
        return "\n".join(f"    {_visible(_short(line))}" for line in lines)


class JsonFormatter(logging.Formatter):
    """One object a line, in ASCII, so that no character can end or change the line.

    Its fields are those given by `extra`, and the context of the first StancewireError in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        created = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "ts": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        extra = {name: value for name, value in vars(record).items() if name not in _PLAIN}
        for name, value in {**_context(record), **extra}.items():
            if value is not None:
                line.setdefault(name, value)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        cut = {n: _short(v) if isinstance(v, str) else v for n, v in line.items()}
        text = json.dumps(cut, default=lambda value: _short(str(value)))
        return text.replace("\x7f", "\\u007f")  # the one control character that JSON lets pass


def _context(record: logging.LogRecord) -> dict[str, object]:
    error = next(_errors(record), None)
    if error is None:
        return {}
    reason = error.reason if isinstance(error, FeedError | RecordError) else None
    return {"reason": reason, **error.context}


def _errors(record: logging.LogRecord) -> Iterator[StancewireError]:
    given = record.args if isinstance(record.args, tuple) else ()
    for each in (*given, *(record.exc_info or ())):
        if isinstance(each, StancewireError):
            yield each


def _short(text: str) -> str:
    """Without the middle of what is too long: the ends say most, of a traceback, too."""
    half = MAX_CHARS // 2
    return text if len(text) <= MAX_CHARS else f"{text[:half]} […] {text[-half:]}"


def _visible(text: str) -> str:
    """Control characters, and those that change the direction, as escapes."""
    if text.isprintable():
        return text
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return "".join(shown)
