"""Each stage alone: one process on one core with one thread, no other stage beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import click

from benchmarks.speed import machine, options
from benchmarks.speed.broker import broker
from benchmarks.speed.piping import Pipe
from benchmarks.speed.records import article_of, messages
from benchmarks.speed.table import spread, table
from benchmarks.speed.texts import TARGETS, news
from consumers.quotes import extract_quotes
from consumers.stances import judge
from consumers.targets import Watched, pair_of
from models.quotes import QuoteExtractor, load_extractor
from models.stance import Pair, StanceClassifier, load_classifier
from models.stance.gate import Encoder
from models.stance.text import encode_text
from stancewire.errors import StancewireError
from stancewire.kafka import topics
from stancewire.kafka.messages import Message, decode
from stancewire.process import utc_now
from stancewire.records import Article, ModelInfo, Quote, Record, Scores, Stance
from stancewire.watchlist import Watchlist, parse_target


@dataclass(frozen=True, slots=True)
class Stage:
    """What is timed, how many records of which kind it takes; `prepare` is not timed."""

    name: str
    unit: str
    records: int
    run: Callable[[], object]
    prepare: Callable[[], object] = lambda: None


class Constant:
    """Says neutral: what is left of a judgement is all but the network."""

    info = ModelInfo(name="constant", revision="0")

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        return [Scores(favor=0, against=0, neutral=1)] * len(pairs)


def timed(stages: Sequence[Stage], rounds: int) -> dict[Stage, list[float]]:
    """Milliseconds a record in each round, by stage; the first, untimed round warms up."""
    found: dict[Stage, list[float]] = {stage: [] for stage in stages}
    for number in range(rounds + 1):
        for stage in stages:
            stage.prepare()
            began = time.perf_counter()
            stage.run()
            took = time.perf_counter() - began
            if number:
                found[stage].append(1000 * took / stage.records)
    return found


@dataclass(frozen=True, slots=True)
class Ready:
    """The models and, of the same articles, the records that go through each stage."""

    extractor: QuoteExtractor
    classifier: StanceClassifier
    watched: Watched
    articles: Sequence[Article]
    quotes: list[Quote]
    stances: list[list[Stance]]
    pairs: list[Pair]


def prepare(data: Path, model: str, articles: Sequence[Article]) -> Ready:
    """Loads the models, on one thread each."""
    extractor = load_extractor(threads=1)
    quotes = [quote for its in extract_quotes(articles, extractor, utc_now()) for quote in its]
    watched = Watched(Watchlist(tuple(map(parse_target, TARGETS))))
    return Ready(
        extractor,
        load_classifier(Path(model), threads=1),
        watched,
        articles,
        quotes,
        judge(quotes, watched, Constant(), utc_now),
        [pair_of(quote, TARGETS[n % len(TARGETS)]) for n, quote in enumerate(quotes)],
    )


def through_kafka(stances: Sequence[Sequence[Stance]]) -> tuple[list[Message], list[list[Message]]]:
    """The quotes to read, and for each the stances to write."""
    quotes = messages([its[0].quote for its in stances], topics.QUOTES.name)
    return list(quotes), [list(messages(its, topics.STANCES.name)) for its in stances]


def kafka_stage(pipe: Pipe, quotes: int) -> Stage:
    name = f"Kafka: quote read, {len(TARGETS)} stances written"
    return Stage(name, "quote", quotes, pipe.pump, pipe.join)


def in_process(ready: Ready) -> list[Stage]:
    """All stages but Kafka's."""
    stances = [stance for its in ready.stances for stance in its]
    texts = [encode_text(pair, with_context=True)[0] for pair in ready.pairs]
    encoders = [Encoder(threads=1)]

    def forget() -> None:
        encoders[0] = Encoder(threads=1)  # it keeps what it has read

    return [
        _decoding(ready.articles, topics.ARTICLES.name),
        Stage(
            "statements extracted", "article", len(ready.articles),
            lambda: [extract_quotes([each], ready.extractor, utc_now()) for each in ready.articles],
        ),
        _encoding(ready.quotes, topics.QUOTES.name),
        _decoding(ready.quotes, topics.QUOTES.name),
        Stage(
            "statement embedded for the gate", "quote", len(texts),
            lambda: encoders[0].embed(texts), forget,
        ),
        Stage(
            "pair classified", "pair", len(ready.pairs),
            lambda: ready.classifier.classify(ready.pairs),
        ),
        Stage(
            "stance made of its scores", "pair", len(stances),
            lambda: judge(ready.quotes, ready.watched, Constant(), utc_now),
        ),
        _encoding(stances, topics.STANCES.name),
    ]  # fmt: skip


def _encoding(records: Sequence[Record], topic: str) -> Stage:
    name = records[0].type_name
    return Stage(
        f"{name} encoded", _unit(name), len(records), lambda: list(messages(records, topic))
    )


def _decoding(records: Sequence[Record], topic: str) -> Stage:
    kind, name = type(records[0]), records[0].type_name
    sent = list(messages(records, topic))
    return Stage(
        f"{name} decoded", _unit(name), len(sent),
        lambda: [decode(kind, message.value, message.headers) for message in sent],
    )  # fmt: skip


def _unit(name: str) -> str:
    return "pair" if name == Stance.type_name else name


@click.command(help=__doc__)
@options.data_option
@options.model_option
@options.count_option("--articles", 50, "Distinct texts of about 400 words.")
@options.rounds_option()
@options.core_option
def stages(data: Path, model: str, articles: int, rounds: int, core: int) -> None:
    about = machine.describe()
    cores = os.sched_getaffinity(0)
    try:
        made = [article_of(t, n) for n, t in enumerate(news(data, articles, load_extractor))]
        with broker() as on:
            os.sched_setaffinity(0, {core})
            ready = prepare(data, model, made)
            with Pipe(on.kafka, *through_kafka(ready.stances)) as pipe:
                found = timed([*in_process(ready), kafka_stage(pipe, len(ready.quotes))], rounds)
            os.sched_setaffinity(0, cores)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{articles} articles, {len(ready.quotes)} quotes in them, {len(TARGETS)} targets, "
        f"model {model}; one core, one thread, Kafka on any core; median of {rounds} rounds\n"
        f"{about}\n\n{sizes(ready)}\n"
    )
    click.echo(report(found))


def sizes(ready: Ready) -> str:
    """What a record of each topic takes: key, value and headers, before Kafka compresses them."""
    quotes, stances = through_kafka(ready.stances)
    kinds = {
        "an article": list(messages(ready.articles, topics.ARTICLES.name)),
        "a quote": quotes,
        "a stance": [message for its in stances for message in its],
    }
    means = {name: fmean(message.size for message in its) for name, its in kinds.items()}
    return "bytes: " + ", ".join(f"{name} {mean:,.0f}" for name, mean in means.items())


def report(found: dict[Stage, list[float]]) -> str:
    """Milliseconds a record and, of the medians, records a second."""
    rows = [
        [stage.name, stage.unit, spread(its, 3), f"{1000 / median(its):,.0f}"]
        for stage, its in found.items()
    ]
    return table(["stage", "a", "ms (min–max)", "a second"], rows)
