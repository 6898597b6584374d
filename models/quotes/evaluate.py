"""Scores the quote extractor on PolNeAR: `python -m models.quotes.evaluate --data DIR`.

Prints a table of exact and overlapping spans, a table of speakers where the split has labelled
ones, and articles a second on one thread.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from models.quotes import Document, QuoteExtractor, Statement, load_extractor
from models.quotes.load import EXTRACTORS, ExtractorKind
from models.quotes.polnear import GoldArticle, read_articles
from models.quotes.report import score, table
from models.quotes.speakers.gold import SETS, read_gold
from models.quotes.speakers.scoring import Rates, score_extracted, score_resolved
from models.quotes.speakers.scoring import table as speaker_table
from stancewire.errors import StancewireError


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/quotes")
@click.option("--split", default="dev", show_default=True)
@click.option("--extractor", "kind", type=click.Choice(EXTRACTORS), default=EXTRACTORS[0])
@click.option("--weights", type=click.Path(path_type=Path), help="Other weights than the shipped.")
@click.option(
    "--speakers",
    "gold_name",
    type=click.Choice(SETS),
    help="The labelled speakers, of the same split; held-out is of train.  [default: the split's]",
)
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Also write JSON here.")
def main(
    data: Path,
    split: str,
    kind: ExtractorKind,
    weights: Path | None,
    gold_name: str | None,
    json_path: Path | None,
) -> None:
    try:
        articles = read_articles(data / "polnear" / split)
        extractor = load_extractor(kind, threads=1, weights=weights)
        started = time.perf_counter()
        statements = extract_all(extractor, articles)
        rate = len(articles) / (time.perf_counter() - started)
        speakers = score_speakers(gold_name or split, articles, statements)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    report = score(articles, statements)
    click.echo(table(report))
    if speakers:
        click.echo(f"\n{speaker_table(speakers)}")
    click.echo(f"\n{len(articles)} articles, {rate:.1f} articles/s, model {extractor.info}")
    if json_path is not None:
        result = {
            "corpus": "polnear",
            "split": split,
            "model": extractor.info.model_dump(),
            "articles_per_second": round(rate, 2),
            "scores": report,
            "speakers": speakers,
        }
        json_path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def extract_all(
    extractor: QuoteExtractor, articles: Sequence[GoldArticle]
) -> list[list[Statement]]:
    """One article at a time, as a worker meets them."""
    return [extractor.extract([Document(article.text)])[0] for article in articles]


def score_speakers(
    name: str, articles: Sequence[GoldArticle], statements: Sequence[Sequence[Statement]]
) -> dict[str, Rates]:
    """Speakers of extracted statements, and of the annotators' attributions; none without gold.

    Raises:
        InputError: the gold is malformed.
    """
    if name not in SETS:
        return {}
    gold = read_gold(name)
    by_doc = {article.id: article for article in articles}
    texts = {article.id: article.text for article in articles}
    found = dict(zip(texts, statements, strict=True))
    return {
        "extracted": score_extracted(gold, texts, found),
        "gold attributions": score_resolved(gold, by_doc),
    }


if __name__ == "__main__":
    sys.exit(main())
