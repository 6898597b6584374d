"""The gate to a long watchlist: what it costs, and which stances it loses.

python -m benchmarks.gate --data DIR [--model DIR] [--quotes N] [--targets N] [--nearest N]
    [--prior WEIGHT]

One run: quotes of newsquotes dev against ten targets without the gate, then against the whole list
with it, both on one core, and every pair that passes through the networks; then, to know what the
gate keeps back, every quote with every target. What is called is held against our reading of 40
quotes with the targets that were called or near: those which the default draws.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from prometheus_client import CollectorRegistry

from consumers.classifying import ClassifierSettings, build
from models.stance import Pair, StanceClassifier
from models.stance.datasets import WATCHED_DEV, load_split, mined_dev
from models.stance.gate import Encoder, Gate
from models.stance.text import plain
from stancewire.errors import StancewireError
from stancewire.metrics import StanceMetrics
from stancewire.records import Label
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
        shipped = ClassifierSettings(model, prior=prior, remember=0)
        every = replace(shipped, off_topic_below=0)
        pinned = build(replace(every, threads=1), encoder)
        cost = measure(asked, watched, gate, pinned, rng)
        os.sched_setaffinity(0, cores)
        classifier = build(every, encoder)
        alone = sides(asked, [range(len(watched))] * len(asked), watched, classifier)
        registry = CollectorRegistry()
        early = build(shipped, encoder, StanceMetrics(registry))
        called = sides(asked, cost.passed, watched, early)
        left = registry.get_sample_value("stancewire_stances_off_topic_total") or 0.0
        read = sum(map(len, cost.passed)) - left
        known = {example.pair: example.label for example in mined_dev(data, WATCHED_DEV)}
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    rows = [*costs(cost, len(watched)), *kept(alone, cost.passed, called, read)]
    rows += right(asked, watched, called, known)
    lines = [f"{classifier.info.name}, {len(asked)} quotes, {len(watched)} targets", "| | |"]
    lines += ["| --- | --- |", *(f"| {what} | {figure} |" for what, figure in rows)]
    sys.stdout.write("\n".join(lines) + "\n")


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
    few = [
        replace(quote, target=target, among=FEW)
        for quote in quotes
        for target in rng.sample(targets, FEW)
    ]
    started = time.perf_counter()
    classifier.classify(few)
    middle = time.perf_counter()
    passed = gate.choose(quotes)
    classifier.classify(
        [
            replace(quote, target=targets[place], among=len(targets))
            for quote, its in zip(quotes, passed, strict=True)
            for place in its
        ]
    )
    ended = time.perf_counter()
    return Cost((middle - started) / len(quotes), (ended - middle) / len(quotes), passed)


def sides(
    quotes: Sequence[Pair],
    places: Sequence[Sequence[int]],
    targets: Sequence[str],
    classifier: StanceClassifier,
) -> list[dict[int, Label]]:
    """The sides that the classifier sees each quote take, by the place of the target."""
    found: list[dict[int, Label]] = []
    for quote, its in zip(quotes, places, strict=True):
        scores = classifier.classify(
            [replace(quote, target=targets[place], among=len(targets)) for place in its]
        )
        labels = {place: one.label for place, one in zip(its, scores, strict=True)}
        found.append({place: label for place, label in labels.items() if label != "neutral"})
    return found


Row = tuple[str, str]


def costs(cost: Cost, targets: int) -> list[Row]:
    """What a quote takes with a short list and with the long one behind the gate."""
    return [
        (f"{FEW} targets, no gate", f"{cost.few_s * 1000:.0f} ms a quote"),
        (f"{targets} targets, gate", f"{cost.gated_s * 1000:.0f} ms a quote"),
        ("ratio", f"{cost.gated_s / cost.few_s:.2f}"),
        ("targets that pass, a quote", f"{sum(map(len, cost.passed)) / len(cost.passed):.1f}"),
    ]


def kept(
    alone: Sequence[dict[int, Label]],
    passed: Sequence[Sequence[int]],
    called: Sequence[dict[int, Label]],
    read: float,
) -> list[Row]:
    """What the classifier calls of all targets, and how much of it is left as shipped."""
    every = sum(map(len, alone))
    by_gate = sum(len(its.keys() & set(near)) for its, near in zip(alone, passed, strict=True))
    shipped = sum(len(its.keys() & left.keys()) for its, left in zip(alone, called, strict=True))
    return [
        ("favor or against without the gate, a quote", f"{every / len(alone):.1f}"),
        ("of these the gate passes", f"{by_gate / max(every, 1):.1%} of {every}"),
        ("targets that the networks read as shipped, a quote", f"{read / len(called):.1f}"),
        ("of these calls left as shipped", f"{shipped / max(every, 1):.1%}"),
    ]


def right(
    quotes: Sequence[Pair],
    targets: Sequence[str],
    called: Sequence[dict[int, Label]],
    known: Mapping[Pair, Label],
) -> list[Row]:
    """How much of what is called as shipped is right, of the quotes that were read by us."""
    ours = {replace(pair, target="") for pair in known}
    watched = set(targets)
    calls = {
        replace(quote, target=targets[place]): label
        for quote, its in zip(quotes, called, strict=True)
        if replace(quote, target="") in ours
        for place, label in its.items()
    }
    asked = {replace(quote, target="") for quote in quotes}
    gold = {
        pair: label
        for pair, label in known.items()
        if label != "neutral" and pair.target in watched and replace(pair, target="") in asked
    }
    hits = sum(gold.get(pair) == label for pair, label in calls.items())
    return [
        (
            "calls as shipped, right by our reading",
            f"{hits / max(len(calls), 1):.1%} of {len(calls)}",
        ),
        (
            "sides by our reading, called as shipped",
            f"{hits / max(len(gold), 1):.1%} of {len(gold)}",
        ),
    ]


if __name__ == "__main__":
    main()
