"""The real processes, and what they left on the topics."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence, Set
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from stancewire.kafka.messages import Message, encode
from stancewire.kafka.reading import open_reader
from stancewire.records import Record
from stancewire.settings import MAX_DEAD_LETTER_BYTES, KafkaSettings
from tests.support.apache_kafka import free_port

# Loading the models on a busy two-core machine.
READY_LIMIT_S = 120.0


class Program:
    """One `stancewire` command as a child process; its output goes to `log`.

    `module` may name another program that takes the same arguments.
    """

    def __init__(
        self,
        *arguments: str,
        log: Path,
        serves: bool = True,
        module: str = "stancewire",
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.log = log
        metrics = ["--metrics-host", "127.0.0.1", "--metrics-port", str(self.port)]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments, *(metrics if serves else [])],
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_ready(self) -> Program:
        deadline = time.monotonic() + READY_LIMIT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if self.get("/readyz")[0] == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready:\n{self.log.read_text()[-3000:]}")

    def end(self, how: signal.Signals = signal.SIGTERM, limit_s: float = 60.0) -> int:
        """Sends the signal and gives the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(limit_s)


def publish(kafka: KafkaSettings, topic: str, records: Sequence[Record | bytes]) -> None:
    """Records as the product writes them, or raw bytes, committed or failed."""
    send(
        kafka,
        (
            Message(topic, None, record)
            if isinstance(record, bytes)
            else encode(record, topic, source="test", traceparent=None)
            for record in records
        ),
    )


def send(kafka: KafkaSettings, messages: Iterable[Message]) -> None:
    """Sends them as they come; fails if the broker does not take every one."""
    producer = KafkaProducer(**kafka.client(), max_request_size=2 * MAX_DEAD_LETTER_BYTES)
    failures: list[BaseException] = []
    for m in messages:
        sent = producer.send(m.topic, m.value, m.key, list(m.headers))
        sent.add_errback(failures.append)
    producer.flush()
    producer.close()
    assert not failures, failures[0]


def read_all(kafka: KafkaSettings, topic: str) -> list[Any]:
    """Every committed message of the topic, by partition and offset."""
    with open_reader(kafka, topic) as reader:
        found = list(reader.everything())
    return sorted(found, key=lambda raw: (raw.partition, raw.offset))


def values(kafka: KafkaSettings, topic: str) -> list[dict[str, Any]]:
    return [json.loads(raw.value) for raw in read_all(kafka, topic)]


CLOCKS = frozenset({"extracted_at", "classified_at"})


def without_clocks(value: Any, clocks: Set[str] = CLOCKS) -> Any:
    """The record but for when it was made."""
    if isinstance(value, dict):
        return {k: without_clocks(v, clocks) for k, v in value.items() if k not in clocks}
    if isinstance(value, list):
        return [without_clocks(item, clocks) for item in value]
    return value
