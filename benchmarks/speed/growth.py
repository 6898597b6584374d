"""What a longer watchlist costs a quote, and what a longer article costs a word.

In this process, by the functions that the workers call, each time with nothing remembered.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import click

from benchmarks.gate import draw
from benchmarks.speed import machine, options
from benchmarks.speed.records import quote_of
from benchmarks.speed.table import spread, table
from benchmarks.speed.texts import exact, paragraphs
from benchmarks.speed.variants import OPTIONS, settings
from consumers.classifying import build
from consumers.stances import judge
from consumers.targets import watch
from models.quotes import Document, load_extractor
from models.stance.gate import Encoder
from stancewire.errors import StancewireError
from stancewire.process import utc_now
from stancewire.records import Quote
from stancewire.settings import WorkerSettings
from stancewire.watchlist import Watchlist, parse_target

WATCHED = (1, 5, 10, 18, 100, 1000)
WORDS = (200, 2_000, 20_000)

# As `consume stances` has it.
NEAREST = 18
BATCH = WorkerSettings("").batch_records


def judged_ms(
    quotes: Sequence[Quote], targets: Sequence[str], variant: str, model: str, threads: int | None
) -> float:
    """Milliseconds a quote, in the worker's batches; what is loaded and embedded first is not."""
    encoder = Encoder(threads=threads)
    classifier = build(settings(variant, model, threads), encoder)
    watched = watch(Watchlist(tuple(map(parse_target, targets))), NEAREST, encoder)
    judge(quotes[:1], watched, classifier, utc_now)
    rest = quotes[1:]
    began = time.perf_counter()
    for start in range(0, len(rest), BATCH):
        judge(rest[start : start + BATCH], watched, classifier, utc_now)
    return 1000 * (time.perf_counter() - began) / len(rest)


def extracted_ms(texts: Sequence[str], extract: Callable[[str], object]) -> float:
    """Milliseconds for each 1,000 words of the texts, one text at a time."""
    began = time.perf_counter()
    for text in texts:
        extract(text)
    took = time.perf_counter() - began
    return 1e6 * took / sum(len(text.split()) for text in texts)


@click.command(help=__doc__)
@options.data_option
@options.model_option
@options.count_option("--quotes", 65, "Quotes of newsquotes dev.", least=2)
@options.rounds_option()
@options.threads_option
@options.seed_option
def growth(
    data: Path, model: str, quotes: int, rounds: int, threads: int | None, seed: int
) -> None:
    about = machine.describe()
    lists: dict[tuple[int, str], list[float]] = {(n, v): [] for n in WATCHED for v in OPTIONS}
    articles: dict[int, list[float]] = {words: [] for words in WORDS}
    try:
        asked, names = draw(data / "stance", quotes, WATCHED[-1], random.Random(seed))
        records = [quote_of(pair, number) for number, pair in enumerate(asked)]
        texts = {
            words: list(
                islice(exact((part.text for part in paragraphs(data)), words), WORDS[-1] // words)
            )
            for words in WORDS
        }
        extractor = load_extractor(threads=threads)
        extractor.extract([Document(texts[WORDS[0]][0])])
        for _ in range(rounds):
            for (count, variant), its in lists.items():
                its.append(judged_ms(records, names[:count], variant, model, threads))
            for words, found in articles.items():
                found.append(
                    extracted_ms(texts[words], lambda text: extractor.extract([Document(text)]))
                )
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{len(asked)} quotes, model {model}, {options.threads_in_words(threads)}; the "
        f"articles of every length hold the same {WORDS[-1]:,} words; median of {rounds} rounds\n"
        f"{about}\n"
    )
    click.echo(report(lists, articles))


def report(lists: dict[tuple[int, str], list[float]], articles: dict[int, list[float]]) -> str:
    """Both tables as one: what grew, and the milliseconds."""
    rows = [
        [f"a quote and {count:,} targets, {variant}", spread(its)]
        for (count, variant), its in lists.items()
    ]
    rows += [
        [f"1,000 words, in articles of {words:,}", spread(its)] for words, its in articles.items()
    ]
    return table(["", "ms (min–max)"], rows)
