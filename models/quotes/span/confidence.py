"""How likely an attribution of the model is right, by how sure its tags are."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources

CONFIDENCE_FILE = "confidence.json"


def confidence_of(margin: float, agreed: bool) -> float:
    """The share of right ones among like attributions, as calibrate.py measured it.

    `margin` is the lead of the chosen tags in logits; `agreed` says that the rules found the same.
    """
    fit = _fit()
    logit = fit["offset"] + fit["margin"] * margin + fit["agreed"] * agreed
    return round(1 / (1 + math.exp(-logit)), 3)


@cache
def _fit() -> dict[str, float]:
    file = resources.files("models.quotes.span").joinpath(CONFIDENCE_FILE)
    table: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))["logistic"]
    return table
