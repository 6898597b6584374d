"""What a second worker adds: one and two, each on a core of its own with one thread.

The same records lie on topics of as many partitions as there are workers at the most. Kafka and
this program run on the same cores and take their share; on a machine with as many cores as workers
that share is missing in the ratio, so it is in the table.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from benchmarks.speed import machine, options
from benchmarks.speed.asked import labelled
from benchmarks.speed.broker import broker
from benchmarks.speed.end_to_end import stance_options
from benchmarks.speed.finished import Sink, finished
from benchmarks.speed.rates import steady_rate
from benchmarks.speed.records import article_of, messages, quote_of
from benchmarks.speed.table import spread, table
from benchmarks.speed.texts import TARGETS, news
from benchmarks.speed.variants import EVERY_PAIR
from benchmarks.speed.workers import Kind, plans, running, wait_consumed
from models.quotes import load_extractor
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from stancewire.records import Record
from tests.support.pipeline import send

SINKS: dict[Kind, Sink] = {"quotes": "quotes.v1", "stances": "stances.v1"}
SOURCES = {"quotes": topics.ARTICLES.name, "stances": topics.QUOTES.name}


@dataclass(frozen=True, slots=True)
class Run:
    """Input records a second of all workers, and the cores that Kafka kept busy meanwhile."""

    rate: float
    kafka_cores: float


def run(
    kind: Kind, workers: int, partitions: int, records: Sequence[Record], given: Sequence[str]
) -> Run:
    """The workers are ready when the records come, all at once; their rates are of mid-way."""
    with broker(partitions) as on:
        with running(on, plans(kind, workers, given, pin=True)) as busy:
            send(on.kafka, messages(records, SOURCES[kind]))
            began, before = time.monotonic(), machine.cpu_seconds(on.pid)
            wait_consumed(busy, len(records))
            cores = (machine.cpu_seconds(on.pid) - before) / (time.monotonic() - began)
        batches = finished(on.kafka, SINKS[kind], apart=workers > 1)
    return Run(steady_rate(batches).records, cores)


@click.command(help=__doc__)
@options.data_option
@options.model_option
@click.option(
    "--kind", type=click.Choice(["quotes", "stances"]), default="stances", show_default=True
)
@options.count_option("--records", 600, "Articles or quotes, each a distinct text.", least=200)
@options.count_option("--most", 2, "Workers and partitions, at the most.", least=2)
@options.rounds_option()
def scaling(data: Path, model: str, kind: Kind, records: int, most: int, rounds: int) -> None:
    about = machine.describe()
    counts = sorted({1, most})
    runs: dict[int, list[Run]] = {count: [] for count in counts}
    try:
        backlog = inputs(kind, data, records)
        given = stance_options(model, EVERY_PAIR) if kind == "stances" else ()
        for _ in range(rounds):
            for count in counts:
                runs[count].append(run(kind, count, most, backlog, given))
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    what = f"quotes, {len(TARGETS)} targets, model {model}" if kind == "stances" else "articles"
    click.echo(
        f"{len(backlog)} {what}, {most} partitions; every worker on one core with one thread; "
        f"median of {rounds} rounds\n{about}\n"
    )
    click.echo(report(kind, runs))


def inputs(kind: Kind, data: Path, count: int) -> list[Record]:
    """Articles of PolNeAR or quotes of newsquotes, each once. ClickException if they are fewer."""
    if kind == "quotes":
        return [article_of(text, n) for n, text in enumerate(news(data, count, load_extractor))]
    asked = [each for split in ("dev", "train") for each in labelled(data, split)]
    if len(asked) < count:
        raise click.ClickException(f"newsquotes has {len(asked)} quotes")
    return [quote_of(each.pair, n) for n, each in enumerate(asked[:count])]


def report(kind: Kind, runs: dict[int, list[Run]]) -> str:
    """Rates in the worker's inputs, and what they are of one worker's."""
    one = median(run.rate for run in runs[1])
    rows = [
        [
            f"{count} of `consume {kind}`",
            spread([run.rate for run in its]),
            f"{median(run.rate for run in its) / one:.2f}",
            spread([run.kafka_cores for run in its], 2),
        ]
        for count, its in runs.items()
    ]
    unit = "articles/s" if kind == "quotes" else "quotes/s"
    return table(["workers", f"{unit} (min–max)", "ratio", "cores kept busy by Kafka"], rows)
