"""A million tiny articles, one in a hundred of them poison: is every one accounted for?

python -m tests.chaos.million [--articles N] [--out DIR]

Runs both workers on one broker, watches their memory, and counts what came of each record. DIR gets
`million.json` and `memory.csv` (seconds, worker, resident MB).
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from stancewire.identity import content_hash, stable_id
from stancewire.kafka import topics
from stancewire.kafka.deadletters import REASON
from stancewire.kafka.lag import drained
from stancewire.kafka.messages import Message, encode, header
from stancewire.kafka.reading import open_reader
from stancewire.records import Article
from stancewire.settings import KafkaSettings
from tests.support.apache_kafka import ApacheKafka
from tests.support.generated import FEED, FETCHED_AT
from tests.support.pipeline import Program, send

PARTITIONS = 4
POISON_EVERY = 100
TARGET = "the bridge"

# Seconds between two readings of the memory.
SAMPLE_S = 5.0


@dataclass(frozen=True, slots=True)
class Account:
    """What went in and what came of it; a lost article is one without a quote or a letter."""

    articles: int
    poison: int
    quotes: int
    stances: int
    letters: dict[str, int]
    lost: int
    duplicated: int
    seconds: int

    @property
    def settled(self) -> bool:
        whole = self.quotes == self.stances == self.articles - self.poison
        even = len(self.letters) == len(POISON) and sum(self.letters.values()) == self.poison
        return whole and even and not (self.lost or self.duplicated)


def good(number: int) -> Message:
    """An article with one statement."""
    text = f'"We will build the bridge in {number} days," said Ann Lee.'
    article = Article(
        id=stable_id("tiny", number),
        url=f"https://generated.example/tiny/{number}",
        title=None,
        text=text,
        language="en",
        published_at=FETCHED_AT,
        fetched_at=FETCHED_AT,
        feed=FEED,
        content_hash=content_hash(None, text),
    )
    return encode(article, topics.ARTICLES.name, source="test", traceparent=None)


def _typed(number: int, type_: bytes) -> Message:
    message = good(number)
    headers = tuple(
        (name, type_ if name == "ce_type" else value) for name, value in message.headers
    )
    return Message(message.topic, message.key, message.value, headers)


def _valued(number: int, value: bytes) -> Message:
    message = good(number)
    return Message(message.topic, message.key, value, message.headers)


POISON = {
    "empty": lambda number: _valued(number, b""),
    "not_json": lambda number: _valued(number, b"<html>%d" % number),
    "invalid": lambda number: _valued(number, b'{"id": %d}' % number),
    "unknown_version": lambda number: _typed(number, b"stancewire.article.v9"),
    "wrong_type": lambda number: _typed(number, b"stancewire.quote.v1"),
}


def inputs(articles: int) -> Iterator[Message]:
    makers = list(POISON.values())
    for number in range(articles):
        poisoned = number % POISON_EVERY == 0
        yield makers[number // POISON_EVERY % len(makers)](number) if poisoned else good(number)


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    [kilobytes] = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kilobytes / 1024


def watch(kafka: KafkaSettings, workers: dict[str, Program], table: Path) -> None:
    """Writes the workers' memory until both have read all there is."""
    began = time.monotonic()
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["seconds", "worker", "resident_mb"])
        while not (
            drained(kafka, "stancewire-quotes", topics.ARTICLES.name)
            and drained(kafka, "stancewire-stances", topics.QUOTES.name)
        ):
            for name, worker in workers.items():
                assert worker.process.poll() is None, worker.log.read_text()[-3000:]
                memory = round(resident_mb(worker.process.pid), 1)
                rows.writerow([round(time.monotonic() - began), name, memory])
            file.flush()
            time.sleep(SAMPLE_S)


def account(kafka: KafkaSettings, articles: int, seconds: int) -> Account:
    found: Counter[str] = Counter()
    with open_reader(kafka, topics.QUOTES.name) as reader:
        for raw in reader.everything():
            found[json.loads(raw.value)["article_id"]] += 1
    letters: Counter[str] = Counter()
    with open_reader(kafka, f"{topics.ARTICLES.name}.dlq") as reader:
        for raw in reader.everything():
            letters[(header(raw.headers, REASON) or b"").decode()] += 1
            found[raw.key.decode()] += 1
    with open_reader(kafka, topics.STANCES.name) as reader:
        stances = {json.loads(raw.value)["id"]: None for raw in reader.everything()}
    poison = len(range(0, articles, POISON_EVERY))
    return Account(
        articles=articles,
        poison=poison,
        quotes=found.total() - letters.total(),
        stances=len(stances),
        letters=dict(letters),
        lost=articles - len(found),
        duplicated=found.total() - len(found),
        seconds=seconds,
    )


@click.command(help=__doc__)
@click.option("--articles", default=1_000_000, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/million"))
def main(articles: int, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = ApacheKafka(folder)
        stack.callback(broker.stop)
        broker.start()
        kafka = KafkaSettings(broker.bootstrap_servers)
        topics.create(kafka, partitions=PARTITIONS, replication_factor=1)
        send(kafka, inputs(articles))
        where = ("--bootstrap-servers", kafka.bootstrap_servers, "--batch-records", "256")
        commands = {
            "quotes": ("consume", "quotes", *where),
            "stances": ("consume", "stances", "--model", "small", "--target", TARGET, *where),
        }
        began = time.monotonic()
        workers = {
            name: Program(*command, log=out / f"{name}.log") for name, command in commands.items()
        }
        for worker in workers.values():
            stack.callback(worker.end)
        watch(kafka, workers, out / "memory.csv")
        result = account(kafka, articles, round(time.monotonic() - began))
    text = json.dumps(asdict(result), indent=2)
    (out / "million.json").write_text(text + "\n", encoding="utf-8")
    click.echo(text)
    sys.exit(0 if result.settled else 1)


if __name__ == "__main__":
    main()
