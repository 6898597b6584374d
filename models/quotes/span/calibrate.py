"""Fits the confidence of the model's attributions: `python -m models.quotes.span.calibrate`.

Writes confidence.json beside this file. An attribution counts as right if its content and that of
one annotated attribution share more than half of the characters that either has.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from models.quotes.polnear import GoldArticle, read_articles
from models.quotes.scoring import best_jaccard, merge
from models.quotes.span.combine import AGREED_RULE, MODEL_RULE
from models.quotes.span.confidence import CONFIDENCE_FILE
from models.quotes.span.extractor import SHIPPED_WEIGHTS, SpanExtractor, load_span_extractor
from stancewire.errors import StancewireError

# Newton's method on three numbers settles in under ten.
_STEPS = 25


@click.command(help=__doc__)
@click.option("--data", type=click.Path(path_type=Path), required=True, help="…/data/quotes")
@click.option("--split", default="dev", show_default=True)
@click.option("--weights", type=click.Path(path_type=Path), default=SHIPPED_WEIGHTS)
def main(data: Path, split: str, weights: Path) -> None:
    try:
        articles = read_articles(data / "polnear" / split)
        features, right = observe(load_span_extractor(weights), articles)
    except StancewireError as error:
        raise click.ClickException(str(error)) from error
    offset, margin, agreed = fit_logistic(features, right).round(4).tolist()
    fit = {"offset": offset, "margin": margin, "agreed": agreed}
    result = {"corpus": "polnear", "split": split, "logistic": fit}
    target = Path(__file__).with_name(CONFIDENCE_FILE)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(right)} attributions, {right.mean():.3f} of them right: {fit}")


def observe(
    extractor: SpanExtractor, articles: Sequence[GoldArticle]
) -> tuple[np.ndarray, np.ndarray]:
    """A row (1, margin, agreed) for each of the model's attributions, and whether it is right."""
    rows: list[tuple[float, float, float]] = []
    right: list[bool] = []
    for article in articles:
        gold = [item.content for item in article.attributions if item.content]
        for item in extractor.attributions(article.text):
            if item.rule in (MODEL_RULE, AGREED_RULE):
                rows.append((1.0, item.margin, float(item.rule == AGREED_RULE)))
                right.append(best_jaccard(merge(item.contents, article.text), gold) > 0.5)
    return np.array(rows), np.array(right, dtype=np.float64)


def fit_logistic(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, with a little ridge, by Newton's method."""
    weights = np.zeros(features.shape[1])
    ridge = np.eye(features.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (right - chance) - ridge @ weights
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + ridge
        weights = weights + np.linalg.solve(curve, slope)
    return weights


if __name__ == "__main__":
    sys.exit(main())
