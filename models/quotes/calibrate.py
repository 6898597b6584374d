"""Measures each rule's precision: `python -m models.quotes.calibrate --data DIR`.

Writes confidence.json beside this file. A statement counts as right if its content and that of
one annotated attribution share more than half of the characters that either has.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from models.quotes.flow import attribute
from models.quotes.layout import read_layout
from models.quotes.lexicon import load_lexicon
from models.quotes.polnear import GoldArticle, read_articles
from models.quotes.rules import disjoint
from models.quotes.scoring import best_jaccard, merge
from stancewire.errors import StancewireError

# A rule with fewer statements gets no figure of its own.
MIN_STATEMENTS = 10


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/quotes")
@click.option("--split", default="dev", show_default=True)
def main(data: Path, split: str) -> None:
    try:
        articles = read_articles(data / "polnear" / split)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    table = precision_by_rule(articles)
    result = {"corpus": "polnear", "split": split, "by_rule": table}
    target = Path(__file__).with_name("confidence.json")
    target.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"{len(table)} rules written to {target}")


def precision_by_rule(articles: Sequence[GoldArticle]) -> dict[str, float]:
    """The share of right statements of each rule; two more, one of them right, temper it."""
    lexicon = load_lexicon()
    right: dict[str, int] = {}
    found: dict[str, int] = {}
    for article in articles:
        gold = [item.content for item in article.attributions if item.content]
        for item in disjoint(attribute(read_layout(article.text), lexicon)):
            content = merge(item.contents, article.text)
            found[item.rule] = found.get(item.rule, 0) + 1
            right[item.rule] = right.get(item.rule, 0) + (best_jaccard(content, gold) > 0.5)
    return {
        rule: round((right[rule] + 1) / (count + 2), 2)
        for rule, count in found.items()
        if count >= MIN_STATEMENTS
    }


if __name__ == "__main__":
    sys.exit(main())
