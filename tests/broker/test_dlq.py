"""`stancewire dlq` on a real broker: looking, replaying, and replaying again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stancewire.kafka.deadletters import dead_letter
from stancewire.kafka.messages import Message, header
from stancewire.kafka.reading import open_reader
from stancewire.settings import KafkaSettings
from tests.support.brokers import apache_only
from tests.support.pipeline import Program, read_all, send

# Fifty transactions: the kill that follows the first interrupts the rest on a slow machine too.
LETTERS = 10_000


def dlq(kafka: KafkaSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    where = ("--bootstrap-servers", kafka.bootstrap_servers)
    command = [sys.executable, "-m", "stancewire", "dlq", *arguments[:1], *where, *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def letter(number: int, reason: str, attempt: int = 0, topic: str = "articles.v1") -> Message:
    return dead_letter(
        topic=topic,
        partition=0,
        offset=number,
        key=b"k%d" % number,
        value=b'{"n": %d}' % number,
        headers=(("ce_id", b"e%d" % number), ("dlq_attempt", b"%d" % attempt)),
        reason=reason,
        error=ValueError(f"number {number} is\nno good"),
        model="m@1",
        now=datetime(2026, 3, 1 + number % 3, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def filled(kafka: KafkaSettings) -> KafkaSettings:
    send(
        kafka,
        [letter(number, "invalid") for number in range(6)]
        + [letter(6, "failed", attempt=3), letter(7, "failed", topic="quotes.v1")]
        + [Message("articles.v1.dlq", b"x", b"from elsewhere")],
    )
    return kafka


def test_list_filters_by_reason_time_and_topic(filled: KafkaSettings) -> None:
    def keys(*filters: str) -> list[str]:
        done = dlq(filled, "list", "--json", *filters)
        assert done.returncode == 0, done.stderr
        return sorted(json.loads(line)["key"] for line in done.stdout.splitlines())

    assert keys() == [*(f"k{number}" for number in range(8)), "x"]
    assert keys("--reason", "failed") == ["k6", "k7"]
    assert keys("--topic", "quotes.v1") == keys("--topic", "quotes.v1.dlq") == ["k7"]
    assert keys("--since", "2026-03-03", "--until", "2026-03-04") == ["k2", "k5"]


def test_a_letter_is_shown_with_its_reason_and_its_bytes(filled: KafkaSettings) -> None:
    listed = dlq(filled, "list", "--topic", "quotes.v1").stdout
    place = listed.split()[0]
    assert "failed" in listed
    assert "ValueError: number 7 is no good" in listed
    shown = dlq(filled, "show", place).stdout
    assert '{"n": 7}' in shown
    assert "ce_id: e7" in shown
    assert dlq(filled, "show", place, "--value").stdout == '{"n": 7}'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "articles.v1.dlq-0@999999"), "no record lies there"),
        (("show", "nowhere"), "'nowhere' is no place"),
        (("list", "--topic", "stances.v1"), "no dead letter topic"),
    ],
)
def test_what_is_not_there_is_said(
    filled: KafkaSettings, arguments: tuple[str, ...], words: str
) -> None:
    done = dlq(filled, *arguments)
    assert done.returncode == 1
    assert words in done.stderr


def test_replay_sends_each_letter_back_once_and_keeps_its_attempt(filled: KafkaSettings) -> None:
    dry = dlq(filled, "replay", "--dry-run")
    assert dry.stdout == "7 would be replayed, 1 have no topic to go back to\n", dry.stderr
    assert read_all(filled, "articles.v1") == []
    first = dlq(filled, "replay", "--reason", "invalid")
    assert first.stdout == "6 replayed, 0 had been before, 0 have no topic to go back to\n"
    second = dlq(filled, "replay")
    assert second.stdout == "1 replayed, 6 had been before, 1 have no topic to go back to\n"
    back = read_all(filled, "articles.v1")
    assert sorted(raw.key for raw in back) == [b"k%d" % number for number in range(6)]
    for raw in back:
        assert header(raw.headers, "dlq_attempt") == b"1"
        assert header(raw.headers, "ce_id") == b"e" + raw.key[1:]
        assert header(raw.headers, "dlq_reason") is None
    assert [raw.key for raw in read_all(filled, "quotes.v1")] == [b"k7"]


@apache_only
def test_a_replay_that_is_killed_is_gone_on_with(filled: KafkaSettings, tmp_path: Path) -> None:
    before = len(read_all(filled, "articles.v1"))
    send(filled, [letter(number, "not_json") for number in range(100, 100 + LETTERS)])
    where = ("--bootstrap-servers", filled.bootstrap_servers, "--reason", "not_json")
    with open_reader(filled, "articles.v1") as reader:
        assert sum(1 for _ in reader.everything()) == before
        command = ("dlq", "replay", *where)
        killed = Program(*command, log=tmp_path / "killed.log", serves=False)
        deadline = time.monotonic() + 90
        while not reader.poll(1):
            assert time.monotonic() < deadline, "nothing was replayed"
        killed.end(signal.SIGKILL)
    reached = len(read_all(filled, "articles.v1")) - before
    assert 0 < reached < LETTERS, "the kill came too late to interrupt anything"
    began = time.monotonic()
    again = dlq(filled, "replay", "--reason", "not_json")
    assert again.returncode == 0, again.stderr
    assert time.monotonic() - began < 100
    keys = Counter(raw.key for raw in read_all(filled, "articles.v1"))
    assert {key: keys[key] for key in keys if keys[key] > 1} == {}
    assert sum(int(key[1:]) >= 100 for key in keys) == LETTERS
