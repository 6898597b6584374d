"""How often the product's labels are those of each pair asked about by itself.

Quotes of newsquotes dev, each with its labelled targets and with others of dev. The product's path
has memory and early exit as shipped; every pair goes through it twice, so that memory answers, too.
The reference has neither: classifier and gate read every pair, one at a time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.speed import machine, options
from benchmarks.speed.asked import Asked, labelled
from benchmarks.speed.table import table
from benchmarks.speed.variants import AS_SHIPPED, settings
from consumers.classifying import build
from models.stance import Pair, StanceClassifier
from models.stance.gate import Encoder
from stancewire.errors import StancewireError
from stancewire.records import Label, Scores
from stancewire.settings import WorkerSettings

SHOWN = 5


def drawn(asked: Sequence[Asked], count: int, rng: random.Random) -> list[Pair]:
    """Every labelled pair, then quotes with targets of other quotes, each pair once."""
    pairs = dict.fromkeys(pair for each in asked for pair in each.pairs)
    targets = sorted({target for each in asked for target in each.targets})
    while len(pairs) < min(count, len(asked) * len(targets)):
        pairs[replace(rng.choice(asked).pair, target=rng.choice(targets))] = None
    return list(pairs)[:count]


def batched(classifier: StanceClassifier, pairs: Sequence[Pair], size: int) -> list[Scores]:
    """As a worker asks: so many pairs at a time."""
    starts = range(0, len(pairs), size)
    return [s for start in starts for s in classifier.classify(pairs[start : start + size])]


@click.command(help=__doc__)
@options.data_option
@options.model_option
@options.count_option("--pairs", 5_000, "Pairs; the labelled ones come first.")
@options.threads_option
@options.seed_option
def agreement(data: Path, model: str, pairs: int, threads: int | None, seed: int) -> None:
    about = machine.describe()
    try:
        asked = drawn(labelled(data, "dev"), pairs, random.Random(seed))
        shipped, encoder = settings(AS_SHIPPED, model, threads), Encoder(threads=threads)
        reference = build(replace(shipped, off_topic_below=0, remember=0), encoder)
        expected = [scores for pair in asked for scores in reference.classify([pair])]
        product = build(shipped, Encoder(threads=threads))
        size = WorkerSettings("").batch_records
        passes = [batched(product, asked, size) for _ in range(2)]
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(asked):,} pairs of newsquotes dev, model {model}\n{about}\n")
    click.echo(report(asked, expected, passes))


def report(
    pairs: Sequence[Pair], expected: Sequence[Scores], passes: Sequence[Sequence[Scores]]
) -> str:
    """Agreement of each pass, what the differences are, and some of them."""
    rows = []
    for number, found in enumerate(passes, start=1):
        same = sum(a.label == b.label for a, b in zip(expected, found, strict=True))
        rows.append([f"labels alike, pass {number}", f"{same / len(pairs):.2%} of {len(pairs):,}"])
        exact = sum(a == b for a, b in zip(expected, found, strict=True))
        rows.append([f"scores equal, pass {number}", f"{exact / len(pairs):.2%}"])
    changes: Counter[tuple[Label, Label]] = Counter()
    shown: list[str] = []
    for pair, a, b in zip(pairs, expected, passes[0], strict=True):
        if a.label == b.label:
            continue
        changes[a.label, b.label] += 1
        if len(shown) < SHOWN:
            score = a.best
            shown.append(f"- {a.label} ({score:.2f}), now {b.label}: {pair.target} | {pair.quote}")
    rows += [[f"{a}, now {b}", f"{n:,}"] for (a, b), n in changes.most_common()]
    return "\n".join([table(["", ""], rows), *(["", *shown] if shown else [])])
