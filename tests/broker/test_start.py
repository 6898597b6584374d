"""Starting before, without or against the broker's state of affairs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from stancewire.errors import BrokerError
from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import free_port


def stancewire(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stancewire", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("consume", "quotes", "--metrics-port", "0"),
        ("topics",),
        ("tail",),
    ],
)
def test_an_unreachable_broker_ends_after_the_limit_and_says_so(command: tuple[str, ...]) -> None:
    address = f"127.0.0.1:{free_port()}"
    began = time.monotonic()
    done = stancewire(*command, "--bootstrap-servers", address, "--start-timeout", "3")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert address in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 60


def test_missing_topics_are_named() -> None:
    unknown = KafkaSettings(f"127.0.0.1:{free_port()}", start_timeout_s=0)
    with pytest.raises(BrokerError, match="gave up after 0 s"):
        topics.wait_for(unknown, ("articles.v1",))


def test_topics_command_tells_what_is_there(kafka: KafkaSettings) -> None:
    done = stancewire("topics", "--bootstrap-servers", kafka.bootstrap_servers)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{topic.name}: ok" for topic in topics.TOPICS]


def test_waiting_ends_when_the_topic_is_missing(kafka: KafkaSettings) -> None:
    short = KafkaSettings(kafka.bootstrap_servers, start_timeout_s=1)
    with pytest.raises(BrokerError, match=r"no topic nowhere\.v1; `stancewire topics` creates"):
        topics.wait_for(short, ("articles.v1", "nowhere.v1"))


def test_a_bad_targets_file_ends_before_kafka_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text("- name: one\n- nmae: two\n")
    done = stancewire("consume", "stances", "--targets", str(file), "--metrics-port", "0")
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert str(file) in done.stderr
