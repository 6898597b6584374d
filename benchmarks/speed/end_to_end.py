"""Articles a second from articles.v1 to stances.v1, by the real processes on this machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.speed import machine, options
from benchmarks.speed.broker import broker
from benchmarks.speed.finished import finished
from benchmarks.speed.rates import warm_at
from benchmarks.speed.records import article_of, messages
from benchmarks.speed.table import spread, table
from benchmarks.speed.texts import TARGETS, news
from benchmarks.speed.variants import AS_SHIPPED, EVERY_PAIR, OPTIONS
from benchmarks.speed.workers import (
    LAST_COMMIT,
    PRODUCED,
    Plan,
    plans,
    running,
    total,
    wait_consumed,
)
from models.quotes import load_extractor
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from tests.support.pipeline import send

# Articles that the quotes workers lift before the clock starts: batches of 1, 2 and 4.
WARM_ARTICLES = 7


@dataclass(frozen=True, slots=True)
class Run:
    """One round; `cores` is the processor time of each process by the time that passed."""

    articles_s: float
    quotes_s: float
    pairs_s: float
    left_out: float
    peaks_mb: dict[str, float]
    cores: dict[str, float]


def stance_options(model: str, variant: str, targets: Sequence[str] = TARGETS) -> tuple[str, ...]:
    named = [word for target in targets for word in ("--target", target)]
    return ("--model", model, *OPTIONS[variant], *named)


def run(texts: Sequence[str], quotes: Sequence[Plan], stances: Sequence[Plan]) -> Run:
    """All articles lie on articles.v1 before the quotes workers start; the stance workers wait.

    The clock runs from when the first articles are lifted until the last stance is committed. It
    counts the articles after these, though some of their own stances fall into its time, too.
    """
    with broker(partitions=max(len(quotes), len(stances))) as on, ExitStack() as stack:
        articles = [article_of(text, number) for number, text in enumerate(texts)]
        send(on.kafka, messages(articles, topics.ARTICLES.name))
        judging = stack.enter_context(running(on, stances))
        lifting = stack.enter_context(running(on, quotes))
        busy = {"quotes": lifting, "stances": judging}
        pids = {kind: [w.process.pid for w in its] for kind, its in busy.items()}
        pids["Kafka"] = [on.pid]
        began = time.monotonic()
        before = {name: sum(map(machine.cpu_seconds, its)) for name, its in pids.items()}
        wait_consumed(lifting, len(articles))
        found = total(lifting, PRODUCED)
        wait_consumed(judging, found)
        seconds = time.monotonic() - began
        ended = max(worker.read(LAST_COMMIT) for worker in judging)
        pairs = total(judging, PRODUCED)
        skipped = total(judging, "stancewire_stances_off_topic_total")
        skipped += total(judging, "stancewire_stances_remembered_total")
        peaks = {name: max(map(machine.peak_mb, its)) for name, its in pids.items()}
        cores = {
            name: (sum(map(machine.cpu_seconds, its)) - before[name]) / seconds
            for name, its in pids.items()
        }
        [lifted] = finished(on.kafka, "quotes.v1")
    rate = (len(articles) - WARM_ARTICLES) / (ended - warm_at(lifted, WARM_ARTICLES))
    share = rate / len(articles)
    return Run(rate, share * found, share * pairs, skipped / pairs, peaks, cores)


@click.command("end-to-end", help=__doc__)
@options.data_option
@options.model_option
@options.count_option("--articles", 300, "Distinct texts of about 400 words.", least=20)
@options.rounds_option()
@options.workers_options
def end_to_end(
    data: Path, model: str, articles: int, rounds: int, quote_workers: int, stance_workers: int,
    pin: bool, every_pair: bool,
) -> None:  # fmt: skip
    about = machine.describe()
    variant = EVERY_PAIR if every_pair else AS_SHIPPED
    quotes = plans("quotes", quote_workers, (), pin)
    stances = plans("stances", stance_workers, stance_options(model, variant), pin, quote_workers)
    try:
        texts = news(data, articles, load_extractor)
        runs = [run(texts, quotes, stances) for _ in range(rounds)]
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    words = sum(len(text.split()) for text in texts) / len(texts)
    click.echo(
        f"{articles} articles of {words:.0f} words, {len(TARGETS)} targets, model {model}, "
        f"{variant}; {quote_workers} quotes and {stance_workers} stance workers"
        f"{', each on one core with one thread' if pin else ''}; median of {rounds} rounds\n"
        f"{about}\n"
    )
    click.echo(report(runs))


def report(runs: Sequence[Run]) -> str:
    rows = [
        ["articles/s", spread([run.articles_s for run in runs], 2)],
        ["quotes/s", spread([run.quotes_s for run in runs])],
        ["pairs/s", spread([run.pairs_s for run in runs])],
        ["pairs that the network did not see, %", spread([100 * run.left_out for run in runs])],
    ]
    rows += [
        [f"peak memory, {name}, MB", spread([run.peaks_mb[name] for run in runs], 0)]
        for name in runs[0].peaks_mb
    ]
    rows += [
        [f"cores kept busy, {name}", spread([run.cores[name] for run in runs], 2)]
        for name in runs[0].cores
    ]
    return table(["", "median (min–max)"], rows)
