"""Scores the quote extractor on PolNeAR: `python -m models.quotes.evaluate --data DIR`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from models.quotes import Document, QuoteExtractor, Statement, load_extractor
from models.quotes.load import EXTRACTORS, ExtractorKind
from models.quotes.polnear import KINDS, GoldArticle, GoldAttribution, read_articles
from models.quotes.scoring import Score, SpanSet, exact, merge, overlap
from stancewire.errors import StancewireError

Report = dict[str, dict[str, dict[str, float]]]
"""Part, then way of matching, then figure (0 to 1; `found` and `gold` are counts)."""

_WAYS = {"exact": exact, "overlap": overlap}


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/quotes")
@click.option("--split", default="dev", show_default=True)
@click.option("--extractor", "kind", type=click.Choice(EXTRACTORS), default=EXTRACTORS[0])
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Also write JSON here.")
def main(data: Path, split: str, kind: ExtractorKind, json_path: Path | None) -> None:
    try:
        articles = read_articles(data / "polnear" / split)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    extractor = load_extractor(kind)
    started = time.perf_counter()
    statements = extract_all(extractor, articles)
    seconds = time.perf_counter() - started
    report = score(articles, statements)
    rate = len(articles) / seconds
    click.echo(table(report))
    click.echo(f"{len(articles)} articles, {rate:.1f} articles/s, model {extractor.info}")
    if json_path is not None:
        result = {
            "corpus": "polnear",
            "split": split,
            "model": extractor.info.model_dump(),
            "articles_per_second": round(rate, 2),
            "scores": report,
        }
        json_path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def extract_all(
    extractor: QuoteExtractor, articles: Sequence[GoldArticle]
) -> list[list[Statement]]:
    """One article at a time, as a worker meets them."""
    return [extractor.extract([Document(article.text)])[0] for article in articles]


def score(articles: Sequence[GoldArticle], statements: Sequence[Sequence[Statement]]) -> Report:
    """Exact and overlap scores of content (all, and by kind), source and cue.

    By kind, precision is over the statements found as that kind, recall over the gold of that
    kind, and a hit may be of any kind on the other side: `kind` itself is not what is scored.
    """
    totals: dict[str, dict[str, Score]] = {}
    for article, found in zip(articles, statements, strict=True):
        for part, predicted, gold in _parts(article, found):
            for way, match in _WAYS.items():
                totals.setdefault(part, {}).setdefault(way, Score()).add(match(predicted, gold))
        for kind in KINDS:
            for way in _WAYS:
                totals.setdefault(f"content {kind}", {}).setdefault(way, Score()).add(
                    _score_kind(article, found, kind, way)
                )
    return {
        part: {
            way: {
                "precision": round(result.precision, 4),
                "recall": round(result.recall, 4),
                "f1": round(result.f1, 4),
                "found": result.found,
                "gold": result.gold,
            }
            for way, result in ways.items()
        }
        for part, ways in totals.items()
    }


def _contents(article: GoldArticle, statements: Sequence[Statement]) -> list[SpanSet]:
    return [merge(statement.spans, article.text) for statement in statements]


def _gold_contents(attributions: Sequence[GoldAttribution]) -> list[SpanSet]:
    return [attribution.content for attribution in attributions if attribution.content]


def _parts(
    article: GoldArticle, found: Sequence[Statement]
) -> list[tuple[str, list[SpanSet], list[SpanSet]]]:
    gold = article.attributions
    return [
        ("content", _contents(article, found), _gold_contents(gold)),
        (
            "source",
            [
                (item.speaker.mention_span,)
                for item in found
                # A source taken over from the context stands at another statement.
                if item.speaker is not None and item.cue is not None
            ],
            [item.source for item in gold if item.source],
        ),
        (
            "cue",
            [(item.cue.span,) for item in found if item.cue is not None],
            [item.cue for item in gold if item.cue],
        ),
    ]


def _score_kind(article: GoldArticle, found: Sequence[Statement], kind: str, way: str) -> Score:
    match = _WAYS[way]
    every_gold = _gold_contents(article.attributions)
    every_found = _contents(article, found)
    of_kind = [item for item in found if item.kind == kind]
    gold_of_kind = [item for item in article.attributions if item.kind == kind]
    precision = match(_contents(article, of_kind), every_gold)
    recall = match(every_found, _gold_contents(gold_of_kind))
    return Score(precision.hits_found, precision.found, recall.hits_gold, recall.gold)


def table(report: Report) -> str:
    """The report as lines of text, figures in per cent."""
    head = f"{'part':<18}{'match':<9}{'P':>7}{'R':>7}{'F1':>7}{'found':>8}{'gold':>8}"
    lines = [head]
    for part, ways in report.items():
        for way, figures in ways.items():
            ratios = "".join(f"{100 * figures[key]:7.1f}" for key in ("precision", "recall", "f1"))
            lines.append(f"{part:<18}{way:<9}{ratios}{figures['found']:8.0f}{figures['gold']:8.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
