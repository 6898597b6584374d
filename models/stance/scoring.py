"""From logits to published scores: calibrated, rounded, and exactly one in sum."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stancewire.records import Scores

# Published scores have six decimals; more would only show the arithmetic's noise.
_UNITS = 1_000_000


def softmax(logits: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Probabilities of the logits; a temperature above 1 makes them less sure."""
    top = max(logits)
    weights = [math.exp((logit - top) / temperature) for logit in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


def to_scores(favor: float, against: float, neutral: float) -> Scores:
    """Scores in millionths that add up to one, rounded by largest remainder.

    The arguments are non-negative and sum to 1 within floating point error.
    """
    exact = [probability * _UNITS for probability in (favor, against, neutral)]
    units = [math.floor(value) for value in exact]
    by_remainder = sorted(range(3), key=lambda place: units[place] - exact[place])
    for place in by_remainder[: _UNITS - sum(units)]:
        units[place] += 1
    favored, opposed, neither = (unit / _UNITS for unit in units)
    return Scores(favor=favored, against=opposed, neutral=neither)
