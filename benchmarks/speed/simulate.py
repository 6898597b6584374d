"""A simulated week of feeds, as many as you say and 10 and 100 times as many.

Articles come by Poisson's law with a peak at noon and pass two queues, `consume quotes` and
`consume stances`. Give the times of one core from `scaling`. Workers are as many as keep the peak
hour under --busy, unless given. Not simulated: Kafka, batches, and partitions that are unequal.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import fmean

import click

from benchmarks.speed import options
from benchmarks.speed.queueing import DAY, Served, arrivals, busiest, served, service
from benchmarks.speed.table import percentile, table

TIMES = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Load:
    """Articles a day, how much more come at the peak, and seconds of a core an article."""

    daily: float
    peak: float
    article_s: float
    stances_s: float

    def workers(self, seconds: float, busy: float) -> int:
        """How many one-core workers keep the peak's share of their time under `busy`."""
        return max(1, math.ceil(self.daily * self.peak / DAY * seconds / busy))


@dataclass(frozen=True, slots=True)
class Week:
    """Both queues, and the seconds from an article's arrival to its last stance."""

    lifting: list[Served]
    judging: list[Served]
    delays_s: list[float]


def week(
    load: Load, quote_workers: int, stance_workers: int, variation: float, days: int, seed: int
) -> Week:
    rng = random.Random(seed)
    comes = arrivals(load.daily, load.peak, days, rng)
    lifting = served(((at, service(load.article_s, variation, rng)) for at in comes), quote_workers)
    # The second queue sees them in the order in which the first is done with them.
    ordered = sorted(lifting, key=lambda each: each.done)
    judging = served(
        ((each.done, service(load.stances_s, variation, rng)) for each in ordered), stance_workers
    )
    delays = [after.done - before.at for before, after in zip(ordered, judging, strict=True)]
    return Week(lifting, judging, delays)


@click.command(help=__doc__)
@options.count_option("--feeds", 100, "Feeds.")
@click.option("--articles-a-feed", type=float, default=20.0, show_default=True, help="A day.")
@options.count_option("--quotes", 8, "Statements an article.")
@options.count_option("--targets", 5, "Targets a statement is judged against; 18 at the most.")
@click.option(
    "--article-ms",
    type=click.FloatRange(min=0, min_open=True),
    required=True,
    help="Extraction of an article on one core, all else included.",
)
@click.option(
    "--pair-ms",
    type=click.FloatRange(min=0, min_open=True),
    required=True,
    help="A pair on one core, all else included.",
)
@click.option(
    "--peak",
    type=click.FloatRange(1, 2),
    default=2.0,
    show_default=True,
    help="The rate at noon by the mean.",
)
@click.option(
    "--busy",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.7,
    show_default=True,
    help="The share of its time that a worker may be at work at the peak.",
)
@click.option("--quote-workers", type=click.IntRange(min=1), help="At every load.")
@click.option("--stance-workers", type=click.IntRange(min=1), help="At every load.")
@click.option(
    "--variation",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    help="Of service times: standard deviation by mean.",
)
@options.count_option("--days", 7, "Days.")
@options.seed_option
def simulate(
    feeds: int, articles_a_feed: float, quotes: int, targets: int, article_ms: float,
    pair_ms: float, peak: float, busy: float, quote_workers: int | None,
    stance_workers: int | None, variation: float, days: int, seed: int,
) -> None:  # fmt: skip
    rows = []
    for times in TIMES:
        load = Load(
            times * feeds * articles_a_feed,
            peak,
            article_ms / 1000,
            quotes * targets * pair_ms / 1000,
        )
        lifters = quote_workers or load.workers(load.article_s, busy)
        judges = stance_workers or load.workers(load.stances_s, busy)
        found = week(load, lifters, judges, variation, days, seed)
        rows.append(row(times * feeds, load, lifters, judges, found, days))
    click.echo(
        f"{articles_a_feed:g} articles a feed and day, {quotes} statements an article, {targets} "
        f"targets, {article_ms:g} ms an article, {pair_ms:g} ms a pair, {days} days\n"
    )
    heads = ["feeds", "articles a day", "quote workers", "stance workers"]
    heads += ["busy, mean", "busy, worst hour", "delay p50, s", "p95, s", "p99, s", "longest, s"]
    click.echo(table(heads, rows))


def row(feeds: int, load: Load, lifters: int, judges: int, found: Week, days: int) -> list[str]:
    """Both kinds of workers in a cell as `quotes / stances`."""
    mean = [
        len(its) * fmean(each.busy for each in its) / (workers * days * DAY)
        for its, workers in ((found.lifting, lifters), (found.judging, judges))
    ]
    worst = [busiest(found.lifting, lifters), busiest(found.judging, judges)]
    return [
        f"{feeds:,}",
        f"{load.daily:,.0f}",
        f"{lifters}",
        f"{judges}",
        " / ".join(f"{share:.0%}" for share in mean),
        " / ".join(f"{share:.0%}" for share in worst),
        *(f"{percentile(found.delays_s, of):.2f}" for of in (0.5, 0.95, 0.99)),
        f"{max(found.delays_s):.1f}",
    ]
