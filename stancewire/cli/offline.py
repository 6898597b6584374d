"""`stancewire annotate`, `extract` and `classify`: the same functions as the workers', no Kafka."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast, get_args

import click

from stancewire.cli.options import model_options, target_options, targets_of
from stancewire.errors import InputError
from stancewire.jsonlines import (
    count_field,
    id_field,
    standard_streams,
    text_field,
    texts_field,
    transform,
)
from stancewire.records import Article, Feed, Polarity

if TYPE_CHECKING:
    from consumers.classifying import ClassifierSettings

skip_bad_option = click.option(
    "--skip-bad", is_flag=True, help="Report a bad line or file on stderr and go on."
)


@click.command()
@skip_bad_option
def extract(skip_bad: bool) -> None:
    """JSON lines on stdin {"id", "text"} to {"id", "quotes": [...]}; offsets are into the text."""
    from consumers.quotes import extract_quotes
    from models.quotes import load_extractor
    from stancewire.identity import content_hash
    from stancewire.process import utc_now

    extractor = load_extractor()

    def parse(item: dict[str, Any], _line: int) -> tuple[str | int, Article]:
        text = text_field(item, "text") or ""
        article = Article(
            id=str(id_field(item)),
            text=text,
            fetched_at=utc_now(),
            feed=Feed(id="stdin", url="-"),
            content_hash=content_hash(None, text),
        )
        return id_field(item), article

    def run(items: list[tuple[str | int, Article]]) -> Iterator[str]:
        found = extract_quotes([article for _, article in items], extractor, utc_now())
        for (given, _), quotes in zip(items, found, strict=True):
            rows = [quote.model_dump(mode="json") for quote in quotes]
            yield json.dumps({"id": given, "quotes": rows}, ensure_ascii=False)

    _stream(parse, run, skip_bad)


@click.command()
@model_options
@skip_bad_option
def classify(
    stance: ClassifierSettings,
    abstain_below: float,
    skip_bad: bool,
) -> None:
    """JSON lines on stdin {"id", "quote", "target", "speaker"?, "context"?, "polarity"?} to label
    and scores; with --abstain-below, whether abstained, too.

    Of a watchlist's target a line may tell {"aliases"?, "among"?}: its aliases and hint, and how
    many targets the list has.
    """
    from consumers.classifying import build
    from models.stance import Pair
    from models.stance.gate import Encoder
    from models.stance.judgement import Judgement, judge_pairs

    classifier = build(stance, Encoder(threads=stance.threads))

    def parse(item: dict[str, Any], _line: int) -> tuple[str | int, Pair]:
        quote, target = text_field(item, "quote"), text_field(item, "target")
        for name, value in (("quote", quote), ("target", target)):
            if not (value or "").strip():
                raise InputError(f'"{name}" is empty')
        speaker = text_field(item, "speaker", required=False)
        context = text_field(item, "context", required=False)
        polarity = text_field(item, "polarity", required=False) or "asserted"
        if polarity not in get_args(Polarity):
            raise InputError(f'"polarity" is {polarity!r}, not {" or ".join(get_args(Polarity))}')
        return id_field(item), Pair(
            quote or "",
            target or "",
            speaker,
            context,
            cast(Polarity, polarity),
            texts_field(item, "aliases"),
            count_field(item, "among"),
        )

    def run(items: list[tuple[str | int, Pair]]) -> Iterator[str]:
        results = judge_pairs(classifier, [pair for _, pair in items], abstain_below)
        for (given, _), judged in zip(items, results, strict=True):
            yield classified(given, judged)

    def classified(given: str | int, judged: Judgement) -> str:
        row: dict[str, Any] = {
            "id": given,
            "label": judged.label,
            "scores": judged.scores.model_dump(),
        }
        if abstain_below:
            row["abstained"] = judged.abstained
        return json.dumps(row, ensure_ascii=False)

    _stream(parse, run, skip_bad)


def _stream(
    parse: Callable[[dict[str, Any], int], Any],
    run: Callable[[list[Any]], Iterator[str]],
    skip: bool,
) -> None:
    source, out = standard_streams()
    transform(source, parse, run, out, skip_bad=skip, errors=sys.stderr)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@target_options
@model_options
@skip_bad_option
def annotate(
    files: tuple[Path, ...],
    targets_file: Path | None,
    target_names: tuple[str, ...],
    nearest: int,
    stance: ClassifierSettings,
    abstain_below: float,
    skip_bad: bool,
) -> None:
    """Articles (text, HTML, or JSON lines; - is stdin) to stance records as JSON lines."""
    from consumers.classifying import build
    from consumers.quotes import extract_quotes
    from consumers.stances import judge
    from consumers.targets import watch
    from models.quotes import load_extractor
    from models.stance.gate import Encoder
    from stancewire.process import utc_now

    watchlist = targets_of(targets_file, target_names)
    extractor = load_extractor()
    encoder = Encoder(threads=stance.threads)
    classifier = build(stance, encoder)
    watched = watch(watchlist, nearest, encoder)

    def run(articles: list[Article]) -> Iterator[str]:
        quotes = [q for qs in extract_quotes(articles, extractor, utc_now()) for q in qs]
        for found in judge(quotes, watched, classifier, utc_now, abstain_below):
            for one in found:
                yield one.model_dump_json()

    for path in files or (Path("-"),):
        try:
            _annotate_file(path, run, skip_bad)
        except InputError as error:
            if not skip_bad:
                raise
            click.echo(f"skipped: {error}", err=True)


def _annotate_file(
    path: Path, run: Callable[[list[Article]], Iterator[str]], skip_bad: bool
) -> None:
    from producers.documents import article_from_json, document_article, local_feed
    from stancewire.process import utc_now

    stdin, out = standard_streams()
    name = "-" if str(path) == "-" else path.name
    try:
        with nullcontext(stdin) if name == "-" else path.open("rb") as source:
            if _is_json_lines(path, source):
                transform(
                    source,
                    lambda item, line: article_from_json(
                        item, line, feed=Feed(id=name, url=f"file:{name}"), fetched_at=utc_now()
                    ),
                    run,
                    out,
                    skip_bad=skip_bad,
                    errors=sys.stderr,
                )
                return
            data = source.read()
        feed = local_feed(name, data)
        article = document_article(data, name, feed=feed, fetched_at=utc_now())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from error
    except InputError as error:
        raise InputError(error.message, **{"file": path, **error.context}) from error
    for line in run([article]):
        out.write(line + "\n")
    out.flush()


def _is_json_lines(path: Path, source: BinaryIO) -> bool:
    """By the file's name or, on stdin, by a first line that is a JSON object."""
    if str(path) != "-":
        return path.suffix in (".jsonl", ".ndjson")
    start: bytes = source.peek(1) if hasattr(source, "peek") else b""
    return start.lstrip().startswith(b"{")
