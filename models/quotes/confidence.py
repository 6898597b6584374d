"""How often a statement is right, by the rule that found it."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

# For a rule that the measured articles were too few for.
UNMEASURED = 0.5


@cache
def _table() -> dict[str, float]:
    text = resources.files("models.quotes").joinpath("confidence.json").read_text(encoding="utf-8")
    table: dict[str, float] = json.loads(text)["by_rule"]
    return table


def confidence_of(rule: str) -> float:
    """The share of the rule's statements that were right, as calibrate.py measured it.

    A rule for a shared or participle's subject falls back on the rule without it.
    """
    table = _table()
    return table.get(rule, table.get(rule.rpartition("-")[0], UNMEASURED))
