"""The gate to a long watchlist: what it costs, and which stances it loses.

python -m benchmarks.gate --data DIR [--model DIR] [--quotes N] [--targets N]

One run on one core: quotes of newsquotes dev against ten targets without the gate, then against the
whole list with it, then, to know what the gate keeps back, every quote with every target.
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

from models.stance import Pair, StanceClassifier, load_classifier
from models.stance.datasets import load_split
from models.stance.gate import Encoder, Gate
from stancewire.errors import StancewireError

# What a watchlist without a gate is measured with.
FEW = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds a quote; shares of all pairs; pairs that take a side as the classifier alone sees."""

    few_s: float
    gated_s: float
    passed: float
    sided: int
    sided_passed: int


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/stance")
@click.option("--model", type=click.Path(path_type=Path))
@click.option("--quotes", type=click.IntRange(min=1), default=40, show_default=True)
@click.option("--targets", type=click.IntRange(min=FEW), default=1000, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--core", type=int, default=0, show_default=True, help="The core to run on.")
def main(data: Path, model: Path | None, quotes: int, targets: int, seed: int, core: int) -> None:
    os.sched_setaffinity(0, {core})
    rng = random.Random(seed)
    try:
        asked, watched = draw(data, quotes, targets, rng)
        classifier = load_classifier(model, threads=1)
        figures = measure(asked, watched, classifier, rng)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    sys.stdout.write(table(classifier, figures, len(asked), len(watched)) + "\n")


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
    quotes: Sequence[Pair], targets: Sequence[str], classifier: StanceClassifier, rng: random.Random
) -> Figures:
    """Runs the three; the gate's targets are embedded before the clock starts, as at a start."""
    gate = Gate(Encoder(threads=1), [[target] for target in targets])
    few = [replace(q, target=target) for q in quotes for target in rng.sample(targets, FEW)]
    started = time.perf_counter()
    classifier.classify(few)
    middle = time.perf_counter()
    passed = gate.choose(quotes)
    classifier.classify(
        [replace(q, target=targets[p]) for q, its in zip(quotes, passed, strict=True) for p in its]
    )
    ended = time.perf_counter()
    sided = sided_passed = 0
    for quote, its in zip(quotes, map(set, passed), strict=True):
        labels = classifier.classify([replace(quote, target=target) for target in targets])
        takes = {place for place, scores in enumerate(labels) if scores.label != "neutral"}
        sided += len(takes)
        sided_passed += len(takes & its)
    return Figures(
        few_s=(middle - started) / len(quotes),
        gated_s=(ended - middle) / len(quotes),
        passed=sum(map(len, passed)) / len(quotes),
        sided=sided,
        sided_passed=sided_passed,
    )


def table(classifier: StanceClassifier, figures: Figures, quotes: int, targets: int) -> str:
    """The figures as a Markdown table."""
    recall = figures.sided_passed / figures.sided if figures.sided else 1.0
    rows = [
        f"{classifier.info.name}, {quotes} quotes, {targets} targets",
        "| | |",
        "| --- | --- |",
        f"| {FEW} targets, no gate | {figures.few_s * 1000:.0f} ms a quote |",
        f"| {targets} targets, gate | {figures.gated_s * 1000:.0f} ms a quote |",
        f"| ratio | {figures.gated_s / figures.few_s:.2f} |",
        f"| targets that pass, a quote | {figures.passed:.1f} |",
        f"| favor or against without the gate, a quote | {figures.sided / quotes:.1f} |",
        f"| of these the gate passes | {recall:.1%} of {figures.sided} |",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
