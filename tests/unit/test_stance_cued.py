"""Invented statements: their stance is what cue and content make of it together."""

from __future__ import annotations

from collections import Counter

import pytest

from models.stance.cued import cued_pairs
from models.stance.text import encode_text

TARGETS = ["the harbour wall", "a road toll", "the night bus", "Ana Ruiz"]
PAIRS = cued_pairs(TARGETS, 2000)
MANY = cued_pairs(["the night bus"], 40_000, seed=1)


def test_they_are_the_same_each_time_and_of_every_label() -> None:
    assert cued_pairs(TARGETS, 2000) == PAIRS
    counts = Counter(label for _, label in PAIRS)
    assert set(counts) == {"favor", "against", "neutral"}
    assert min(counts.values()) > 300


def test_the_statement_stands_in_its_context_and_its_cue_does_not_stand_in_it() -> None:
    for pair, _ in PAIRS:
        assert pair.context is not None
        assert pair.quote in pair.context
        assert "[" in encode_text(pair, with_context=True)[0], pair
        assert "called" not in pair.quote


@pytest.mark.parametrize(
    ("quote", "cue", "label"),
    [
        ("ruling out the night bus", "decried", "favor"),
        ("ruling out the night bus", "welcomed", "against"),
        ("the night bus", "decried", "against"),
        ("the night bus", "welcomed", "favor"),
        ("the night bus", "mentioned", "neutral"),
    ],
)
def test_a_cue_against_what_is_against_a_target_is_in_its_favor(
    quote: str, cue: str, label: str
) -> None:
    found = {
        label
        for pair, label in MANY
        if pair.quote == quote and f" {cue} {quote} " in (pair.context or "")
    }
    assert found == {label}


def test_a_target_that_the_statement_does_not_name_is_told_before_it() -> None:
    for pair, label in PAIRS:
        if label != "neutral" and pair.target not in pair.quote:
            assert pair.target in encode_text(pair, with_context=True)[0], pair
