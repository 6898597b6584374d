"""From the sending of an article to the reading of its stances, at shares of the capacity.

Articles come at random (Poisson), at 10, 50 and 90 per cent of what the machine can do; that is
measured first unless --capacity gives it. Each stance counts, from before its article was sent to
when a subscriber that reads committed records has it. Sender and subscriber share the machine.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from pathlib import Path

import click
from kafka import KafkaProducer

from benchmarks.speed import machine, options
from benchmarks.speed.broker import broker
from benchmarks.speed.end_to_end import run as full_speed
from benchmarks.speed.end_to_end import stance_options
from benchmarks.speed.rates import WARM_RECORDS
from benchmarks.speed.records import article_of, messages
from benchmarks.speed.table import percentile, table
from benchmarks.speed.texts import TARGETS, news
from benchmarks.speed.variants import AS_SHIPPED, EVERY_PAIR
from benchmarks.speed.workers import (
    CONSUMED,
    LOOK_S,
    PRODUCED,
    Plan,
    Worker,
    plans,
    running,
    total,
    wait_consumed,
)
from models.quotes import load_extractor
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from stancewire.kafka.messages import Message
from stancewire.kafka.reading import TopicReader, open_reader
from tests.support.pipeline import send

SHARES = (0.1, 0.5, 0.9)
PERCENTILES = (0.5, 0.95, 0.99)

# Articles that measure the capacity.
MEASURED = 150

# A poll returns as soon as there is something.
POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Level:
    """Articles a second that came, how many, and the seconds that each stance took."""

    rate: float
    articles: int
    delays_s: list[float]


def arrivals(rate: float, count: int, rng: random.Random) -> list[float]:
    """Seconds from the start at which so many articles come, `rate` a second on average."""
    return list(accumulate(rng.expovariate(rate) for _ in range(count)))


def run(
    texts: Sequence[str], rate: float, seed: int, quotes: Sequence[Plan], stances: Sequence[Plan]
) -> Level:
    """The first texts warm the workers up; the clock is on the others."""
    ready = list(messages((article_of(t, n) for n, t in enumerate(texts)), topics.ARTICLES.name))
    warm_up, timed = ready[:WARM_RECORDS], ready[WARM_RECORDS:]
    with broker(max(len(quotes), len(stances))) as on, ExitStack() as stack:
        judging = stack.enter_context(running(on, stances))
        lifting = stack.enter_context(running(on, quotes))
        send(on.kafka, warm_up)
        wait_consumed(lifting, len(warm_up))
        wait_consumed(judging, total(lifting, PRODUCED))
        before = total(judging, PRODUCED)
        reader = stack.enter_context(open_reader(on.kafka, topics.STANCES.name))
        reader.seek(None)
        reader.poll(POLL_S)
        producer = KafkaProducer(**on.kafka.client())
        stack.callback(producer.close)
        due = arrivals(rate, len(timed), random.Random(seed))
        sent: dict[bytes, float] = {}
        sender = threading.Thread(target=send_on_time, args=(producer, timed, due, sent))
        sender.start()
        seen: list[tuple[bytes, float]] = []
        while sender.is_alive() or len(seen) < expected(lifting, judging, len(ready)) - before:
            until = time.monotonic() + LOOK_S
            while time.monotonic() < until:
                seen += read(reader)
    return Level(rate, len(timed), [at - sent[key] for key, at in seen])


def send_on_time(
    producer: KafkaProducer,
    articles: Sequence[Message],
    due: Sequence[float],
    sent: dict[bytes, float],
) -> None:
    """Sends each at its time, and notes when, by key."""
    began = time.time()
    for message, after in zip(articles, due, strict=True):
        time.sleep(max(0.0, began + after - time.time()))
        assert message.key is not None
        sent[message.key] = time.time()
        producer.send(message.topic, message.value, message.key, list(message.headers))


def read(reader: TopicReader) -> list[tuple[bytes, float]]:
    """The keys of stances that have come, which are their articles', with the time."""
    raws = reader.poll(POLL_S)
    now = time.time()
    return [(raw.key, now) for raw in raws]


def expected(lifting: Sequence[Worker], judging: Sequence[Worker], articles: int) -> float:
    """Stances that there will be once the workers have all of it; until then unknown: infinity."""
    if total(lifting, CONSUMED) < articles or total(judging, CONSUMED) < total(lifting, PRODUCED):
        return inf
    return total(judging, PRODUCED)


@click.command(help=__doc__)
@options.data_option
@options.model_option
@click.option("--capacity", type=float, help="Articles a second; measured if not given.")
@options.count_option("--articles", 200, "Distinct texts at each level, at the most.", least=10)
@options.count_option("--seconds", 60, "How long articles come at each level, at the most.")
@options.workers_options
@options.seed_option
def latency(
    data: Path, model: str, capacity: float | None, articles: int, seconds: int,
    quote_workers: int, stance_workers: int, pin: bool, every_pair: bool, seed: int,
) -> None:  # fmt: skip
    about = machine.describe()
    variant = EVERY_PAIR if every_pair else AS_SHIPPED
    quotes = plans("quotes", quote_workers, (), pin)
    stances = plans("stances", stance_workers, stance_options(model, variant), pin, quote_workers)
    try:
        texts = news(
            data, max(articles + WARM_RECORDS, 0 if capacity else MEASURED), load_extractor
        )
        if capacity is None:
            capacity = full_speed(texts[:MEASURED], quotes, stances).articles_s
        levels = {}
        for share in SHARES:
            rate = share * capacity
            count = min(articles, max(1, round(rate * seconds)))
            levels[share] = run(texts[: WARM_RECORDS + count], rate, seed, quotes, stances)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"capacity {capacity:.2f} articles/s; {len(TARGETS)} targets, model {model}, {variant}; "
        f"{quote_workers} quotes and {stance_workers} stance workers"
        f"{', each on one core with one thread' if pin else ''}\n{about}\n"
    )
    click.echo(report(levels))


def report(levels: dict[float, Level]) -> str:
    rows = [
        [
            f"{share:.0%}",
            f"{level.rate:.2f}",
            f"{level.articles:,}",
            f"{len(level.delays_s):,}",
            *(f"{percentile(level.delays_s, of):.2f}" for of in PERCENTILES),
        ]
        for share, level in levels.items()
    ]
    heads = ["of the capacity", "articles/s", "articles", "stances"]
    return table([*heads, *(f"p{100 * of:.0f}, s" for of in PERCENTILES)], rows)
