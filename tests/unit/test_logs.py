"""An event is a line, whatever a feed puts into its words."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire import logs
from stancewire.errors import FeedError, RecordError, StancewireError

FORGED = "gone\n2026-01-01 00:00:00,000 CRITICAL stancewire: all is lost\r\x1b[2K\u2028\x85\u202e"
# Where readers of a log may begin a new line.
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("stancewire.test", logging.WARNING, "", 0, message, args, trace)


def as_json(event: logging.LogRecord) -> dict[str, Any]:
    line = logs.JsonFormatter().format(event)
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_a_json_line_has_time_level_logger_and_message() -> None:
    event = record("%d articles", 3)
    event.created = datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC).timestamp()
    assert as_json(event) == {
        "ts": "2026-03-01T12:00:00.250Z",
        "level": "warning",
        "logger": "stancewire.test",
        "message": "3 articles",
    }


def test_a_json_line_has_the_context_of_an_argument_and_of_what_was_raised() -> None:
    error = FeedError("no answer", reason="timeout", url="http://feed.example/", level="not ours")
    for event in (record("%s", error), record("failed", error=raised(error))):
        fields = as_json(event)
        assert (fields["reason"], fields["url"]) == ("timeout", "http://feed.example/")
        assert fields["level"] == "warning"
    assert as_json(record("%s", RecordError("bad", reason="invalid")))["reason"] == "invalid"
    assert "reason" not in as_json(record("%s", StancewireError("bad", offset=3)))


def test_extra_fields_win_and_those_without_a_value_are_left_out() -> None:
    event = record("%s", RecordError("bad", reason="invalid", topic="a"))
    event.__dict__.update(topic="b", trace_id=None, partitions={1})
    fields = as_json(event)
    assert (fields["topic"], fields["partitions"]) == ("b", "{1}")
    assert "trace_id" not in fields


@given(st.text() | st.just(FORGED))
def test_no_text_of_a_feed_breaks_or_forges_a_json_line(text: str) -> None:
    error = raised(ValueError(text))
    fields = as_json(record("feed x: %s", text, error=error))
    assert fields["message"] == f"feed x: {text}"
    assert re.match(r"Traceback (?s:.*)\nValueError", fields["exception"])


@given(st.text() | st.just(FORGED))
def test_no_text_of_a_feed_breaks_or_forges_a_text_line(text: str) -> None:
    first, *others = logs.TextFormatter().format(record("x: %s", text)).split("\n")
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} WARNING stancewire\.test: x: ", first)
    assert first.isprintable()
    assert not others
    _, *trace = logs.TextFormatter().format(record("", error=raised(KeyError(text)))).split("\n")
    assert all(line.startswith("    ") and line.isprintable() for line in trace)


def test_text_is_as_it_is_written_where_it_is_text() -> None:
    shown = logs.TextFormatter().format(record("„Ça va“ \\n 日本語"))
    assert shown.endswith(" WARNING stancewire.test: „Ça va“ \\n 日本語")
    assert logs.TextFormatter().format(record("a\nb\x1b[0m")).endswith(r": a\nb\x1b[0m")


def test_a_text_line_ends_with_its_trace() -> None:
    event = record("dead letter")
    event.__dict__["trace_id"] = "ab" * 16
    assert logs.TextFormatter().format(event).endswith(f": dead letter trace_id={'ab' * 16}")


def test_long_words_lose_their_middle() -> None:
    error = raised(StancewireError("e" * 10**6, url="u" * 10**6))
    event = record("%s", "a" * 10**6 + "z", error=error)
    line = logs.JsonFormatter().format(event)
    assert len(line) < 16 * 1024
    assert json.loads(line)["message"].endswith("z")
    assert len(logs.TextFormatter().format(event)) < 16 * 1024


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


RUN = """
import logging, sys, threading, warnings
from stancewire import cli, logs
from stancewire.errors import StancewireError
def command():
    logs.set_up("info", sys.argv[1])
    {code}
cli.cli = command
cli.main()
"""


@pytest.mark.parametrize(
    ("code", "level", "words", "status"),
    [
        ("raise StancewireError('over', file='a.yaml', line=3)", "critical", "over", 1),
        ("raise KeyError('of ours')", "critical", "of ours", 1),
        ("t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", "critical", "zero", 0),
        ("warnings.warn('old\\nhabits')", "warning", "habits", 0),
        ("logging.getLogger('kafka').info('no'); logging.info('yes')", "info", "yes", 0),
    ],
)
def test_whatever_ends_or_warns_is_one_line(code: str, level: str, words: str, status: int) -> None:
    done = python(RUN.format(code=code), "json")
    assert done.returncode == status
    (line,) = done.stderr.splitlines()
    fields = json.loads(line)
    assert fields["level"] == level
    assert words in fields["message"]
    text = python(RUN.format(code=code), "text").stderr.splitlines()
    assert words in text[0]
    assert all(line.startswith("    ") for line in text[1:])


def test_the_last_error_names_its_place_to_machines_and_is_plain_to_people() -> None:
    code = RUN.format(code="raise StancewireError('over', file='a.yaml', line=3)")
    fields = json.loads(python(code, "auto").stderr)
    assert (fields["file"], fields["line"]) == ("a.yaml", 3)
    assert python(code, "text").stderr == "stancewire: over (file a.yaml, line 3)\n"


def test_on_a_terminal_lines_are_text() -> None:
    code = RUN.format(code="logging.info('yes')")
    ours, terminal = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-c", code, "auto"], stderr=terminal, timeout=60, check=True
        )
        assert os.read(ours, 1000).endswith(b" INFO root: yes\r\n")
    finally:
        os.close(terminal)
        os.close(ours)


def test_a_setting_that_cannot_be_used_is_a_line_too() -> None:
    command = [sys.executable, "-m", "stancewire", "topics", "--security-protocol", "SASL_SSL"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(done.stderr)["level"] == "critical"
