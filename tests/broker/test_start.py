"""Starting before, without or against the broker's state of affairs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from stancewire.errors import BrokerError
from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.support.apache_kafka import free_port
from tests.support.brokers import apache_only
from tests.support.pipeline import Program


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


@pytest.mark.parametrize("role", [("consume", "quotes"), ("produce", "--feeds", "feeds.yaml")])
def test_a_role_that_waits_for_the_broker_ends_when_it_is_asked_to(
    role: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("feeds.yaml").write_text("- http://news.example/feed\n")
    log = tmp_path / "role.log"
    program = Program(*role, "--bootstrap-servers", f"127.0.0.1:{free_port()}", log=log)
    until(lambda: "does not answer" in log.read_text())
    began = time.monotonic()
    assert program.end(signal.SIGTERM) == 0, log.read_text()
    assert time.monotonic() - began < 20  # one look at the broker takes five seconds


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


@apache_only
def test_a_compacted_topic_of_records_ends_the_start(
    kafka: KafkaSettings, caplog: pytest.LogCaptureFixture
) -> None:
    def alter(topic: str, **settings: str) -> None:
        config = {name.replace("_", "."): value for name, value in settings.items()}
        admin = KafkaAdminClient(**kafka.client())
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, config)])
        admin.close()

    alter("quotes.v1", retention_ms="1000")
    topics.check(kafka, ["quotes.v1"])
    assert "quotes.v1: retention.ms is 1000, we create it with 2592000000" in caplog.text
    alter("quotes.v1", cleanup_policy="compact")
    with pytest.raises(BrokerError, match=r"records would be lost.*quotes\.v1"):
        topics.check(kafka, ["articles.v1", "quotes.v1"])
    where = ("--bootstrap-servers", kafka.bootstrap_servers, "--metrics-port", "0")
    done = stancewire("consume", "quotes", *where)
    assert done.returncode == 1
    assert "cleanup.policy is compact" in done.stderr
