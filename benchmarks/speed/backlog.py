"""Whether a long backlog slows the stance worker down: the same quotes read, many or few behind.

Each round has a Kafka of its own; there first the few lie on quotes.v1, then the rest of the many.
"""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

import click

from benchmarks.speed import machine, options
from benchmarks.speed.broker import Broker, broker
from benchmarks.speed.finished import finished
from benchmarks.speed.rates import Done, steady_rate
from benchmarks.speed.records import messages, quote_of
from benchmarks.speed.table import spread, table
from benchmarks.speed.variants import EVERY_PAIR, OPTIONS
from benchmarks.speed.workers import Plan, running, wait_consumed
from models.stance import Pair
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from tests.support.pipeline import send

TARGET = "the bridge"


def fill(on: Broker, numbers: range) -> None:
    """Small quotes, each another."""
    pairs = (Pair(f"We will build the bridge in {n} days.", "", "Ann Lee") for n in numbers)
    quotes = (quote_of(pair, n) for n, pair in zip(numbers, pairs, strict=True))
    send(on.kafka, messages(quotes, topics.QUOTES.name))


def first(batches: list[Done], records: int) -> list[Done]:
    """The batches up to the one with which so many records are done."""
    taken: list[Done] = []
    for batch in batches:
        if sum(each.records for each in taken) >= records:
            break
        taken.append(batch)
    return taken


def run(on: Broker, model: str, group: str, records: int) -> float:
    """Quotes a second over the first records; the worker is ended when these are done."""
    since = datetime.now(UTC)
    given = ("--model", model, "--target", TARGET, *OPTIONS[EVERY_PAIR])
    with running(on, [Plan("stances", given)], group) as workers:
        wait_consumed(workers, records)
    [batches] = finished(on.kafka, "stances.v1", since=since)
    return steady_rate([first(batches, records)]).records


@click.command(help=__doc__)
@options.model_option
@options.count_option("--backlog", 100_000, "Quotes in the long backlog.", least=200)
@options.count_option("--few", 2_000, "Quotes in the short one, all of which are read.", least=100)
@options.rounds_option()
def backlog(model: str, backlog: int, few: int, rounds: int) -> None:
    about = machine.describe()
    rates: dict[int, list[float]] = {few: [], backlog: []}
    try:
        for _ in range(rounds):
            with broker() as on:
                done = 0
                for behind, its in rates.items():
                    fill(on, range(done, behind))
                    done = behind
                    its.append(run(on, model, f"behind-{behind}", few))
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"the first {few:,} quotes, one target, model {model}, {EVERY_PAIR}; median of {rounds} "
        f"rounds\n{about}\n"
    )
    one = median(rates[few])
    rows = [
        [f"{behind:,}", spread(its), f"{median(its) / one:.2f}"] for behind, its in rates.items()
    ]
    click.echo(table(["quotes in the backlog", "quotes/s (min–max)", "ratio"], rows))
