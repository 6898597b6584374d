"""Pairs a second: a naive user, the bare network, the classifier, and all of it through Kafka.

One run on the same pairs, every contestant once a round: quotes of newsquotes dev, most of them of
the news of 2016, each with the five targets of `end-to-end`. Needs PyTorch
and the same weights as a Hugging Face directory for the naive user; without --torch-model he is
left out.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click

from benchmarks.speed import machine, options
from benchmarks.speed.asked import Asked, first_pairs, labelled, watched
from benchmarks.speed.broker import Broker, broker
from benchmarks.speed.contestants import contestants
from benchmarks.speed.end_to_end import stance_options
from benchmarks.speed.finished import finished
from benchmarks.speed.rates import steady_rate
from benchmarks.speed.records import messages, quote_of
from benchmarks.speed.table import spread, table
from benchmarks.speed.texts import TARGETS
from benchmarks.speed.variants import OPTIONS
from benchmarks.speed.workers import Plan, running, wait_consumed
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from tests.support.pipeline import send

# Batches of 1, 2, 4, 8, 16 and 32 quotes, after which a worker takes full ones.
WARM_QUOTES = 63

THROUGH_KAFKA = "through Kafka, {}"


def prepare(on: Broker, asked: Sequence[Asked]) -> None:
    """Puts the quotes on quotes.v1."""
    records = [quote_of(each.pair, number) for number, each in enumerate(asked)]
    send(on.kafka, messages(records, topics.QUOTES.name))


def through_kafka(on: Broker, group: str, quotes: int, given: Sequence[str]) -> float:
    """Pairs a second of one worker that reads all quotes from the start."""
    since = datetime.now(UTC)
    with running(on, [Plan("stances", tuple(given))], group) as workers:
        wait_consumed(workers, quotes)
    batches = finished(on.kafka, "stances.v1", since=since)
    return steady_rate(batches, WARM_QUOTES).outputs


@click.command(help=__doc__)
@options.data_option
@options.model_option
@click.option(
    "--torch-model", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="What `python -m models.stance.restore` wrote of the same model.",
)  # fmt: skip
@options.count_option("--pairs", 1_500, "Pairs; newsquotes dev has 357 quotes.", least=20)
@options.rounds_option()
@options.threads_option
@options.seed_option
def pairs(
    data: Path, model: str, torch_model: Path | None, pairs: int, rounds: int,
    threads: int | None, seed: int,
) -> None:  # fmt: skip
    about = machine.describe()
    try:
        warm_up = watched(labelled(data, "train", seed)[:WARM_QUOTES], TARGETS)
        asked = first_pairs(watched(labelled(data, "dev", seed), TARGETS), pairs)
        judged = [pair for each in asked for pair in each.pairs]
        rivals = contestants(judged, model, torch_model, threads)
        rates: dict[str, list[float]] = {name: [] for name in rivals}
        rates |= {THROUGH_KAFKA.format(variant): [] for variant in OPTIONS}
        with broker() as on:
            prepare(on, [*warm_up, *asked])
            alone = ["--threads", str(threads)] if threads else []
            for number in range(rounds):
                for name, judge in rivals.items():
                    began = time.perf_counter()
                    judge()
                    rates[name].append(len(judged) / (time.perf_counter() - began))
                for variant in OPTIONS:
                    group = f"{variant.replace(' ', '-')}-{number}"
                    quotes = len(warm_up) + len(asked)
                    rate = through_kafka(
                        on, group, quotes, [*stance_options(model, variant), *alone]
                    )
                    rates[THROUGH_KAFKA.format(variant)].append(rate)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{len(judged)} pairs of {len(asked)} quotes of newsquotes dev, model {model}, "
        f"{options.threads_in_words(threads)}; median of {rounds} "
        f"rounds\n{about}\n"
    )
    click.echo(report(rates))


def report(rates: dict[str, list[float]]) -> str:
    """Rates, and by how much each way through Kafka is faster."""
    ours = {variant: median(rates[THROUGH_KAFKA.format(variant)]) for variant in OPTIONS}
    rows = [
        [name, spread(its), *(f"{own / median(its):.2f}" for own in ours.values())]
        for name, its in rates.items()
    ]
    return table(["", "pairs/s (min–max)", *(f"{variant}, by this" for variant in ours)], rows)
