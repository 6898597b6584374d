"""The gate to a long watchlist: what it costs, and which stances it loses.

python -m benchmarks.gate --data DIR [--model DIR] [--quotes N] [--targets N] [--nearest N]
    [--prior WEIGHT]

One run: quotes of newsquotes dev against ten targets without the gate, then against the whole list
with it, both on one core; then, to know what the gate keeps back, every quote with every target.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from consumers.classifying import ClassifierSettings, build
from models.stance import Pair, StanceClassifier
from models.stance.datasets import load_split
from models.stance.gate import Encoder, Gate
from models.stance.text import plain
from stancewire.errors import StancewireError
from stancewire.settings import PRIOR_WEIGHT

# What a watchlist without a gate is measured with.
FEW = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds a quote on one core, and the targets that pass the gate of each quote."""

    few_s: float
    gated_s: float
    passed: list[list[int]]


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/stance")
@click.option("--model", type=click.Path(path_type=Path))
@click.option("--quotes", type=click.IntRange(min=1), default=40, show_default=True)
@click.option("--targets", type=click.IntRange(min=FEW), default=1000, show_default=True)
@click.option("--nearest", default=18, show_default=True)
@click.option("--prior", default=PRIOR_WEIGHT, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--core", type=int, default=0, show_default=True, help="The core to run on.")
def main(
    data: Path,
    model: Path | None,
    quotes: int,
    targets: int,
    nearest: int,
    prior: float,
    seed: int,
    core: int,
) -> None:
    rng = random.Random(seed)
    cores = os.sched_getaffinity(0)
    try:
        asked, watched = draw(data, quotes, targets, rng)
        os.sched_setaffinity(0, {core})
        gate = Gate(Encoder(threads=1), [[target] for target in watched], nearest)
        # One of its own, which has seen the targets: each side of the ratio embeds every quote.
        encoder = Encoder(threads=1)
        encoder.embed([plain(target) for target in watched])
        every = ClassifierSettings(model, prior=prior, off_topic_below=0, remember=0)
        pinned = build(replace(every, threads=1), encoder)
        cost = measure(asked, watched, gate, pinned, rng)
        os.sched_setaffinity(0, cores)
        classifier = build(every, Encoder())
        sided = sides(asked, watched, classifier)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    sys.stdout.write(table(classifier, cost, sided, len(watched)) + "\n")


def draw(data: Path, quotes: int, targets: int, rng: random.Random) -> tuple[list[Pair], list[str]]:
    """Quotes of dev, and targets of dev, filled up with targets of train."""
    dev, train = load_split(data, "newsquotes", "dev"), load_split(data, "newsquotes", "train")
    statements = list({example.pair.quote: example.pair for example in dev}.values())
    theirs = sorted({example.pair.target for example in dev})
    others = sorted({example.pair.target for example in train} - set(theirs))
    watched = rng.sample(theirs, min(targets, len(theirs)))
    watched += rng.sample(others, min(targets - len(watched), len(others)))
    return rng.sample(statements, min(quotes, len(statements))), watched


def measure(
    quotes: Sequence[Pair],
    targets: Sequence[str],
    gate: Gate,
    classifier: StanceClassifier,
    rng: random.Random,
) -> Cost:
    """Times both; the gate's targets are embedded before the clock starts, as at a start."""
    few = [replace(q, target=target) for q in quotes for target in rng.sample(targets, FEW)]
    started = time.perf_counter()
    classifier.classify(few)
    middle = time.perf_counter()
    passed = gate.choose(quotes)
    classifier.classify(
        [replace(q, target=targets[p]) for q, its in zip(quotes, passed, strict=True) for p in its]
    )
    ended = time.perf_counter()
    return Cost((middle - started) / len(quotes), (ended - middle) / len(quotes), passed)


def sides(
    quotes: Sequence[Pair], targets: Sequence[str], classifier: StanceClassifier
) -> list[set[int]]:
    """The targets towards which the classifier alone sees each quote take a side."""
    found = []
    for quote in quotes:
        scores = classifier.classify([replace(quote, target=target) for target in targets])
        found.append({place for place, one in enumerate(scores) if one.label != "neutral"})
    return found


def table(classifier: StanceClassifier, cost: Cost, sided: Sequence[set[int]], targets: int) -> str:
    """The figures as a Markdown table."""
    quotes, taken = len(sided), sum(map(len, sided))
    kept = sum(len(its & set(passed)) for its, passed in zip(sided, cost.passed, strict=True))
    rows = [
        f"{classifier.info.name}, {quotes} quotes, {targets} targets",
        "| | |",
        "| --- | --- |",
        f"| {FEW} targets, no gate | {cost.few_s * 1000:.0f} ms a quote |",
        f"| {targets} targets, gate | {cost.gated_s * 1000:.0f} ms a quote |",
        f"| ratio | {cost.gated_s / cost.few_s:.2f} |",
        f"| targets that pass, a quote | {sum(map(len, cost.passed)) / quotes:.1f} |",
        f"| favor or against without the gate, a quote | {taken / quotes:.1f} |",
        f"| of these the gate passes | {kept / max(taken, 1):.1%} of {taken} |",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
