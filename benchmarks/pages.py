"""How much of an article's text is lifted out of its page, and how much beside it.

python -m benchmarks.pages --data DIR

DIR has a folder a page, each with `source.html` and the article alone as `expected.html`. Prints
precision, recall and F1 of the words (as a bag, in any case) for each page, and their means.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from statistics import mean

import click

from producers.pages import read_page
from producers.plaintext import html_to_text

WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def scores(found: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the words found."""
    ours, theirs = words(found), words(gold)
    common = (ours & theirs).total()
    precision, recall = common / max(1, ours.total()), common / max(1, theirs.total())
    return precision, recall, 2 * common / max(1, ours.total() + theirs.total())


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, path_type=Path), required=True)
def main(data: Path) -> None:
    found: dict[str, tuple[float, float, float]] = {}
    for source in sorted(data.glob("*/source.html")):
        gold = html_to_text((source.parent / "expected.html").read_text("utf-8"))
        found[source.parent.name] = scores(read_page(source.read_bytes()).text, gold)
    if not found:
        raise click.UsageError(f"no */source.html in {data}")
    precision, recall, f1 = map(mean, zip(*found.values(), strict=True))
    click.echo(f"{'page':<20} precision recall    F1")
    for name, row in {**found, "mean": (precision, recall, f1)}.items():
        click.echo(f"{name:<20} {row[0]:9.3f} {row[1]:6.3f} {row[2]:5.3f}")


if __name__ == "__main__":
    main()
