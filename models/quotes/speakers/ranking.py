"""The weights by which a pronoun's candidates are ranked; `fit_pronouns.py` fits them."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

FEATURES = (
    "same sentence",
    "one sentence back",
    "two sentences back",
    "further back",
    "distance",
    "same paragraph",
    "first in sentence",
    "first in same sentence",
    "first in last sentence",
    "owner",
    "governed",
    "governed in same sentence",
    "acts",
    "pronoun",
    "gender known",
    "leaning",
    "sure",
    "likely",
    "often",
    "latest",
    "third or later",
    "last speaker",
    "spoke near",
    "spoke in paragraph",
    "possessive of subject",
)


@cache
def load_weights() -> tuple[float, ...]:
    """One weight for each feature."""
    text = (resources.files("models.quotes.speakers") / "pronouns.json").read_text(encoding="utf-8")
    weights = json.loads(text)["weights"]
    return tuple(float(weights[name]) for name in FEATURES)
