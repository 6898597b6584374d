"""How often each rule is right."""

from __future__ import annotations

DEFAULT = 0.5
PRECISION: dict[str, float] = {}


def confidence_of(rule: str) -> float:
    """The share of a rule's statements that overlap a true one."""
    return PRECISION.get(rule, DEFAULT)
