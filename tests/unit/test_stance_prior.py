"""How likely a side is at all, with the gate that is shipped."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stance import Pair
from models.stance.gate import Encoder
from models.stance.prior import SELDOM, SHORT_LIST, Prior, side_factor, tempered
from models.stance.scoring import to_scores
from stancewire.records import Scores
from stancewire.settings import OFF_TOPIC_BELOW
from tests.unit.test_stances_step import Recorder

WALL = "We will not pour another million into that harbour wall."
RELATED = Pair(WALL, "the harbour wall", "Ona Lind")
IMPLIED = Pair("No nurse has had a real rise in ten years, so we walk out.", "the hospital strike")
OTHER = Pair(WALL, "school uniforms", "Ona Lind")
NAMED = Pair("As for the monarchy, ask me about cricket.", "the monarchy")

AGAINST = Scores(favor=0.1, against=0.6, neutral=0.3)


class Against(Recorder):
    """Finds everything against everything, fairly sure."""

    def classify(self, pairs: list[Pair]) -> list[Scores]:  # type: ignore[override]
        super().classify(pairs)
        return [AGAINST] * len(pairs)


class Asked:
    """A prior before a recorder, with what each was asked and told."""

    def __init__(
        self,
        encoder: Encoder,
        below: float = OFF_TOPIC_BELOW,
        weight: float = 0.5,
        inner: Recorder | None = None,
    ) -> None:
        self.inner = inner or Recorder()
        self.left: list[int] = []
        self.classifier = Prior(self.inner, encoder, weight, below, self.left.append)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_only_related_pairs_reach_the_classifier(encoder: Encoder) -> None:
    asked = Asked(encoder)
    scores = asked.classifier.classify([OTHER, RELATED, IMPLIED, OTHER])
    assert asked.inner.asked == [RELATED, IMPLIED]
    assert asked.left == [2]
    assert scores[0] == scores[3]
    assert scores[0].label == "neutral"
    assert scores[0].neutral > 1 - OFF_TOPIC_BELOW
    assert scores[1].neutral == 1


def test_a_named_target_is_always_asked_about(encoder: Encoder) -> None:
    asked = Asked(encoder, below=1)
    asked.classifier.classify([RELATED, IMPLIED, NAMED])
    assert asked.inner.asked == [RELATED, NAMED]


def test_a_target_without_words_does_not_count_as_named(encoder: Encoder) -> None:
    asked = Asked(encoder, below=1)
    asked.classifier.classify([Pair(WALL, "the"), Pair(WALL, "…")])
    assert asked.inner.asked == []


def test_a_side_on_another_subject_counts_less(encoder: Encoder) -> None:
    asked = Asked(encoder, below=0, inner=Against())
    other, named = asked.classifier.classify([OTHER, NAMED])
    assert asked.left == [0]
    assert other.label == "neutral"
    assert named == AGAINST


def test_without_weight_the_classifier_alone_decides(encoder: Encoder) -> None:
    asked = Asked(encoder, below=0, weight=0, inner=Against())
    assert asked.classifier.classify([OTHER, RELATED, IMPLIED]) == [AGAINST] * 3


def test_the_rest_of_a_batch_does_not_matter(encoder: Encoder) -> None:
    pairs = [RELATED, OTHER, IMPLIED, NAMED, Pair(IMPLIED.quote, "a wealth tax")]
    together = Asked(encoder, inner=Against()).classifier.classify(pairs)
    fresh = Asked(Encoder(threads=1), inner=Against()).classifier
    assert [fresh.classify([pair]) for pair in pairs[::-1]] == [[one] for one in together[::-1]]


def test_the_revision_names_both_networks(encoder: Encoder) -> None:
    info = Asked(encoder).classifier.info
    assert info.name == "recorder"
    assert info.revision == f"1+{encoder.info.revision}"


def test_nothing_asked_nothing_answered(encoder: Encoder) -> None:
    assert Asked(encoder).classifier.classify([]) == []


def test_the_longer_the_list_the_surer_a_side_must_be(encoder: Encoder) -> None:
    # Of which the gate is neither sure that there is a side nor that there is none.
    unsure = Pair("The wall will drown the marsh, and for what?", "coastal erosion")
    classifier = Asked(encoder, below=0, weight=0.2, inner=Against()).classifier
    lists = [replace(unsure, among=count) for count in (1, SHORT_LIST, 20, 100, 1_000)]
    lone, short, longer, hundred, thousand = classifier.classify(lists)
    assert lone == short == AGAINST
    assert short.against > longer.against > hundred.against > thousand.against
    assert longer.label == "against"
    assert hundred.label == "neutral"


def test_a_named_target_counts_in_full_in_a_list_of_any_length(encoder: Encoder) -> None:
    asked = Asked(encoder, inner=Against())
    named = replace(NAMED, among=100_000)
    alias = replace(OTHER, aliases=("dress codes", "the harbour wall"), among=100_000)
    assert asked.classifier.classify([named, alias]) == [AGAINST, AGAINST]
    assert asked.left == [0]


def test_the_nearest_phrase_of_a_target_counts(encoder: Encoder) -> None:
    hint = "cutting what is spent on the sea wall"
    by_name, by_hint = Asked(encoder, weight=1, below=0, inner=Against()).classifier.classify(
        [OTHER, replace(OTHER, aliases=(hint,))]
    )
    assert by_hint.against > by_name.against


def test_what_no_score_could_make_a_side_is_not_asked_in_a_long_list(encoder: Encoder) -> None:
    asked = Asked(encoder, weight=0.2)
    distant = Pair(IMPLIED.quote, "hospital managers")
    asked.classifier.classify([distant, replace(distant, among=1_000)])
    assert asked.inner.asked == [distant]
    assert asked.left == [1]
    every = Asked(encoder, weight=0.2, below=0)
    every.classifier.classify([replace(distant, among=1_000)])
    assert every.left == [0]


def test_without_weight_the_length_of_the_list_does_not_matter(encoder: Encoder) -> None:
    asked = Asked(encoder, weight=0, inner=Against())
    long = [replace(RELATED, among=1_000), replace(IMPLIED, among=1_000)]
    assert asked.classifier.classify(long) == [AGAINST] * 2


def test_a_fourth_of_seldom_odds_halves_the_sides() -> None:
    found = tempered(AGAINST, side_factor(SELDOM + math.log(1 / 4), 1, 0.5))
    assert (found.favor, found.against, found.neutral) == pytest.approx(
        (0.05 / 0.65, 0.3 / 0.65, 0.3 / 0.65), abs=2e-6
    )


@given(
    favor=st.floats(0, 1),
    share=st.floats(0, 1),
    logit=st.floats(-40, math.inf),
    among=st.integers(1, 10**6),
    weight=st.floats(0, 1),
)
def test_sides_never_gain_and_keep_their_proportion(
    favor: float, share: float, logit: float, among: int, weight: float
) -> None:
    against = (1 - favor) * share
    scores = to_scores(favor, against, 1 - favor - against)
    found = tempered(scores, side_factor(logit, among, weight))
    assert found.neutral >= scores.neutral or scores.neutral == 0
    assert found.favor + found.against + found.neutral == pytest.approx(1)
    assert (found.favor >= found.against) == (scores.favor >= scores.against) or (
        found.favor == found.against
    )
    if weight == 0 or (logit >= SELDOM and among <= SHORT_LIST):
        assert found == scores
