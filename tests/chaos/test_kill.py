"""Killing workers changes nothing: the output is that of a run without kills."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path

from stancewire.kafka import topics
from stancewire.kafka.lag import drained
from stancewire.settings import KafkaSettings
from tests.chaos.comparison import Contents, compare
from tests.support.apache_kafka import ApacheKafka
from tests.support.generated import article
from tests.support.pipeline import Program, publish, read_all, without_clocks

ARTICLES = int(os.environ.get("STANCEWIRE_CHAOS_ARTICLES", "500"))
TARGETS = ("--target", "a carbon tax", "--target", "the new tram line")
REPORT = Path("build/chaos.json")
RUN_LIMIT_S = 420.0

Row = tuple[str, int, bytes, str]


def run_pipeline(folder: Path, kills: int) -> tuple[list[Row], int]:
    """All output rows in order, and how many kills hit a worker in the middle of its work."""
    folder.mkdir()
    broker = ApacheKafka(folder / "broker")
    broker.start()
    try:
        kafka = KafkaSettings(broker.bootstrap_servers)
        topics.create(kafka, partitions=3, replication_factor=1)
        publish(kafka, "articles.v1", [article(number) for number in range(ARTICLES)])
        faults = work_through(kafka, folder, kills)
        rows = [
            (topic, raw.partition, raw.key, comparable(raw.value))
            for topic in ("quotes.v1", "stances.v1", "articles.v1.dlq", "quotes.v1.dlq")
            for raw in read_all(kafka, topic)
        ]
        return rows, faults
    finally:
        broker.stop()


def comparable(value: bytes) -> str:
    return json.dumps(without_clocks(json.loads(value)), sort_keys=True)


def work_through(kafka: KafkaSettings, folder: Path, kills: int) -> int:
    where = ("--bootstrap-servers", kafka.bootstrap_servers, "--session-timeout", "6")
    # Small batches: the kill then comes in the middle of much work, not at its end.
    commands = {
        "quotes": ("consume", "quotes", "--batch-records", "16", *where),
        "stances": ("consume", "stances", "--batch-records", "16", *TARGETS, *where),
    }
    stages = {"quotes": "articles.v1", "stances": "quotes.v1"}
    sinks = {"quotes": "quotes.v1", "stances": "stances.v1"}
    log = folder / "workers.log"
    running = {kind: Program(*command, log=log) for kind, command in commands.items()}
    faults = 0
    deadline = time.monotonic() + RUN_LIMIT_S
    try:
        for kind in [kind for _ in range(kills) for kind in commands]:
            before = len(read_all(kafka, sinks[kind]))
            while len(read_all(kafka, sinks[kind])) < before + ARTICLES // 10:
                assert time.monotonic() < deadline, log.read_text()[-2000:]
                time.sleep(0.05)
            running[kind].end(signal.SIGKILL)
            faults += not drained(kafka, f"stancewire-{kind}", stages[kind])
            running[kind] = Program(*commands[kind], log=log)
        for kind, topic in stages.items():
            while not drained(kafka, f"stancewire-{kind}", topic):
                assert time.monotonic() < deadline, log.read_text()[-2000:]
                time.sleep(0.5)
    finally:
        statuses = {kind: program.end() for kind, program in running.items()}
    assert set(statuses.values()) == {0}, log.read_text()[-2000:]
    return faults


def by_id(rows: list[Row]) -> Contents:
    found: Contents = {}
    for row in rows:
        found.setdefault((row[0], json.loads(row[3])["id"]), []).append(repr(row))
    return found


def test_sigkill_of_each_worker_changes_no_record(tmp_path: Path) -> None:
    undisturbed, _ = run_pipeline(tmp_path / "undisturbed", kills=0)
    disturbed, faults = run_pipeline(tmp_path / "disturbed", kills=1)
    result: dict[str, int] = {"articles": ARTICLES, "records": len(undisturbed), "faults": faults}
    result |= asdict(compare(by_id(undisturbed), by_id(disturbed)))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(result, indent=2) + "\n")
    assert faults == 2, "a kill came when there was nothing left to interrupt"
    assert len(undisturbed) > 5 * ARTICLES
    assert {key: result[key] for key in ("lost", "duplicated", "changed")} == {
        "lost": 0,
        "duplicated": 0,
        "changed": 0,
    }
    assert disturbed == undisturbed
