"""Pairs on different subjects, with the gate that is shipped."""

from __future__ import annotations

import pytest

from models.stance import Pair
from models.stance.early_exit import EarlyExit
from models.stance.gate import Encoder
from stancewire.settings import OFF_TOPIC_BELOW
from tests.unit.test_stances_step import Recorder

WALL = "We will not pour another million into that harbour wall."
RELATED = Pair(WALL, "the harbour wall", "Ona Lind")
IMPLIED = Pair("No nurse has had a real rise in ten years, so we walk out.", "the hospital strike")
OTHER = Pair(WALL, "school uniforms", "Ona Lind")
NAMED = Pair("As for the monarchy, ask me about cricket.", "the monarchy")


class Exits:
    """An early exit before a recorder, with what each was asked and told."""

    def __init__(self, encoder: Encoder, below: float = OFF_TOPIC_BELOW) -> None:
        self.inner = Recorder()
        self.left: list[int] = []
        self.classifier = EarlyExit(self.inner, encoder, below, self.left.append)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_only_related_pairs_reach_the_classifier(encoder: Encoder) -> None:
    exits = Exits(encoder)
    scores = exits.classifier.classify([OTHER, RELATED, IMPLIED, OTHER])
    assert exits.inner.asked == [RELATED, IMPLIED]
    assert exits.left == [2]
    assert scores[0] == scores[3]
    assert scores[0].label == "neutral"
    assert scores[0].neutral > 1 - OFF_TOPIC_BELOW
    assert scores[1].neutral == 1


def test_a_named_target_is_always_asked_about(encoder: Encoder) -> None:
    exits = Exits(encoder, below=1)
    exits.classifier.classify([RELATED, IMPLIED, NAMED])
    assert exits.inner.asked == [RELATED, NAMED]


def test_a_target_without_words_does_not_count_as_named(encoder: Encoder) -> None:
    exits = Exits(encoder, below=1)
    exits.classifier.classify([Pair(WALL, "the"), Pair(WALL, "…")])
    assert exits.inner.asked == []


def test_the_rest_of_a_batch_does_not_matter(encoder: Encoder) -> None:
    pairs = [RELATED, OTHER, IMPLIED, NAMED, Pair(IMPLIED.quote, "a wealth tax")]
    together = Exits(encoder).classifier.classify(pairs)
    fresh = Exits(Encoder(threads=1)).classifier
    assert [fresh.classify([pair]) for pair in pairs[::-1]] == [[one] for one in together[::-1]]


def test_the_revision_names_both_networks(encoder: Encoder) -> None:
    info = Exits(encoder).classifier.info
    assert info.name == "recorder"
    assert info.revision == f"1+{encoder.info.revision}"


def test_nothing_asked_nothing_answered(encoder: Encoder) -> None:
    assert Exits(encoder).classifier.classify([]) == []
