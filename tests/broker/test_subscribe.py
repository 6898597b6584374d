"""Every example of docs/subscribe.md whose program is to be had, on Apache Kafka."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from kafka import KafkaProducer

from stancewire.kafka import topics
from stancewire.kafka.messages import Message, encode
from stancewire.records import Stance
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka, jars
from tests.support.pipeline import publish

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "subscribe.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, str] = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", PAGE, re.DOTALL))
UNTRIED = {"opensearch", "flink"}
LIMIT_S = 60.0
QUIET_S = 3.0


def stances() -> list[Stance]:
    [value] = [
        each
        for each in json.loads((ROOT / "deploy/examples/stance.v1.json").read_text())
        if each["label"] == "against"
    ][:1]
    return [Stance.model_validate({**value, "id": f"stance-{number}"}) for number in range(5)]


def abort(kafka: KafkaSettings, message: Message) -> None:
    producer = KafkaProducer(**kafka.client(), transactional_id="aborts")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(message.topic, message.value, message.key, list(message.headers)).get(30)
    producer.abort_transaction()
    producer.close()


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """Five stances, committed, and one of a transaction that was aborted among them."""
    broker = ApacheKafka(tmp_path_factory.mktemp("apache"))
    broker.start()
    settings = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
    topics.create(settings, partitions=2, replication_factor=1)
    committed = stances()
    publish(settings, topics.STANCES.name, committed[:3])
    aborted = committed[0].model_copy(update={"id": "stance-aborted"})
    abort(settings, encode(aborted, topics.STANCES.name, source="test", traceparent=None))
    publish(settings, topics.STANCES.name, committed[3:])
    yield settings
    broker.stop()


def command(name: str, folder: Path, kafka: KafkaSettings) -> list[str]:
    text = EXAMPLES[name].replace("kafka:9092", kafka.bootstrap_servers)
    if name in ("kafka-python", "confluent-kafka"):
        (folder / "example.py").write_text(text)
        return [sys.executable, str(folder / "example.py")]
    words = shlex.split(text)
    programs = {
        "stancewire": [sys.executable, "-m", "stancewire"],
        "kafka-console-consumer.sh": [
            "java", "-cp", f"{jars()}/*", "org.apache.kafka.tools.consumer.ConsoleConsumer",
        ],
    }  # fmt: skip
    return [*programs.get(words[0], words[:1]), *words[1:]]


def shown(words: Sequence[str], folder: Path) -> list[str]:
    """What it prints until it ends, or has printed five lines and then nothing more for a while."""
    out = folder / "out"
    with out.open("wb") as file, (folder / "err").open("wb") as errors:
        process = subprocess.Popen(words, stdout=file, stderr=errors)
        try:
            deadline = time.monotonic() + LIMIT_S
            while process.poll() is None and len(out.read_text().splitlines()) < len(stances()):
                assert time.monotonic() < deadline, (folder / "err").read_text()
                time.sleep(0.2)
            if process.poll() is None:
                time.sleep(QUIET_S)
            assert process.poll() in (None, 0), (folder / "err").read_text()
        finally:
            process.kill()
            process.wait()
    return out.read_text().splitlines()


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - UNTRIED))
def test_an_example_shows_what_was_committed_and_no_more(
    name: str, kafka: KafkaSettings, tmp_path: Path
) -> None:
    words = command(name, tmp_path, kafka)
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    if name == "tail":
        words.append("--no-follow")
    lines = shown(words, tmp_path)
    assert len(lines) == len(stances()), lines
    speaker, target = stances()[0].quote.speaker, stances()[0].target
    assert speaker is not None
    if name == "kafka-python":
        assert set(lines) == {f"{speaker.name} is against on {target.name}"}
    else:
        assert {f"stance-{number}" for number in range(5)} == set(
            re.findall(r"stance-\w+", "\n".join(lines))
        )


def test_every_example_reads_committed_records_and_the_untried_say_so() -> None:
    assert EXAMPLES.keys() > UNTRIED
    for name, text in EXAMPLES.items():
        assert name == "tail" or "read_committed" in text, name
    for name in UNTRIED:
        before = PAGE[: PAGE.index(EXAMPLES[name])].rpartition("\n## ")[2]
        assert "Untried here" in before, name


def test_the_example_of_connect_is_json() -> None:
    config = json.loads(EXAMPLES["opensearch"])["config"]
    assert config["topics"] == topics.STANCES.name
