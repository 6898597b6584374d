"""Repeated statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.stance import Pair
from models.stance.remembered import Remembered
from stancewire.errors import ModelError
from stancewire.records import ModelInfo, Scores

PAIR = Pair("Build it.", "the tram", "Ona Lind", "“Build it,” Ona Lind urged the council.")


class Numbered:
    """Gives each pair that it is asked about other scores."""

    def __init__(self) -> None:
        self.info = ModelInfo(name="numbered", revision="1")
        self.asked: list[Pair] = []

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        if any(pair.quote == "fail" for pair in pairs):
            raise ModelError("the model failed")
        found = []
        for pair in pairs:
            self.asked.append(pair)
            share = len(self.asked) / 100
            found.append(Scores(favor=share, against=0, neutral=1 - share))
        return found


@pytest.fixture
def inner() -> Numbered:
    return Numbered()


@pytest.fixture
def counts() -> list[int]:
    return []


@pytest.fixture
def remembered(inner: Numbered, counts: list[int]) -> Remembered:
    return Remembered(inner, 3, counts.append)


def numbered(count: int) -> list[Pair]:
    return [replace(PAIR, target=f"tram {number}") for number in range(count)]


def test_a_pair_is_classified_once(
    remembered: Remembered, inner: Numbered, counts: list[int]
) -> None:
    other = replace(PAIR, target="a toll")
    first = remembered.classify([PAIR, other, PAIR])
    again = remembered.classify([other, PAIR])
    assert inner.asked == [PAIR, other]
    assert first == [first[0], first[1], first[0]]
    assert first[0] != first[1]
    assert again == [first[1], first[0]]
    assert counts == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        replace(PAIR, quote="Build it!"),
        replace(PAIR, speaker="Per Holm"),
        replace(PAIR, speaker=None),
        replace(PAIR, context="“Build it,” Ona Lind begged the council."),
        replace(PAIR, among=1_000),
        replace(PAIR, aliases=("the light railway",)),
        replace(PAIR, quote="Build", target="it. the tram"),
        # Denied words are read without their context.
        replace(PAIR, polarity="denied"),
    ],
)
def test_what_the_network_reads_otherwise_is_another_pair(
    remembered: Remembered, inner: Numbered, other: Pair
) -> None:
    one, two = remembered.classify([PAIR, other])
    assert inner.asked == [PAIR, other]
    assert one != two


def test_what_the_network_does_not_read_makes_no_difference(
    remembered: Remembered, inner: Numbered
) -> None:
    typeset = replace(PAIR, context='Oslo,  yesterday: "Build it," Ona Lind urged the council.')
    copies = [replace(PAIR, context=f"Oslo, yesterday: {PAIR.context}"), typeset]
    remembered.classify(copies)
    assert len(inner.asked) == 1


def test_it_keeps_the_last_ones_only(remembered: Remembered, inner: Numbered) -> None:
    remembered.classify(numbered(5))
    remembered.classify(numbered(5)[2:])
    assert len(inner.asked) == 5
    remembered.classify(numbered(1))
    assert len(inner.asked) == 6


def test_more_pairs_than_it_keeps_are_all_answered(remembered: Remembered, inner: Numbered) -> None:
    scores = remembered.classify(numbered(8) * 2)
    assert len(inner.asked) == 8
    assert scores[:8] == scores[8:]
    assert len(set(map(str, scores))) == 8


def test_another_revision_is_asked_anew(remembered: Remembered, inner: Numbered) -> None:
    remembered.classify([PAIR])
    inner.info = ModelInfo(name="numbered", revision="2")
    remembered.classify([PAIR])
    assert len(inner.asked) == 2


def test_a_failure_leaves_nothing_behind(remembered: Remembered, inner: Numbered) -> None:
    with pytest.raises(ModelError):
        remembered.classify([PAIR, replace(PAIR, quote="fail")])
    remembered.classify([PAIR])
    assert inner.asked == [PAIR]
