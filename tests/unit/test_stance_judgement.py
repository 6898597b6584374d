"""What is published of a classifier's scores."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.stance.judgement import judge_pairs, respect
from models.stance.pair import Pair
from stancewire.records import ModelInfo, Polarity, Scores

AGAINST = Scores(favor=0.2, against=0.7, neutral=0.1)
FAVOR = Scores(favor=0.900001, against=0.05, neutral=0.049999)


class Scripted:
    """Scores by quote."""

    info = ModelInfo(name="scripted", revision="1")

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        return [{"against": AGAINST, "favor": FAVOR}[pair.quote] for pair in pairs]


@pytest.mark.parametrize(
    ("polarity", "label"), [("asserted", "against"), ("denied", "favor"), ("withheld", "neutral")]
)
def test_a_statement_counts_as_its_source_makes_it(polarity: Polarity, label: str) -> None:
    (judged,) = judge_pairs(Scripted(), [Pair("against", "the dam", "Ona Lind", polarity=polarity)])
    assert judged.label == label


@pytest.mark.parametrize("scores", [AGAINST, FAVOR, Scores(favor=1, against=0, neutral=0)])
def test_withheld_words_never_take_a_side_and_scores_sum_to_one(scores: Scores) -> None:
    withheld = respect(scores, "withheld")
    assert withheld.label == "neutral"
    assert withheld.favor == pytest.approx(scores.favor / 2, abs=1e-6)
    assert round(withheld.favor + withheld.against + withheld.neutral, 6) == 1


def test_a_denial_of_a_denial_is_the_words() -> None:
    assert respect(respect(FAVOR, "denied"), "denied") == FAVOR


def test_a_low_score_abstains_and_keeps_its_label_and_scores() -> None:
    pairs = [Pair("against", "the dam"), Pair("favor", "the dam")]
    low, high = judge_pairs(Scripted(), pairs, abstain_below=0.8)
    assert (low.abstained, low.label, low.scores) == (True, "against", AGAINST)
    assert not high.abstained
    assert not any(judged.abstained for judged in judge_pairs(Scripted(), pairs))


def test_a_score_at_the_threshold_is_kept() -> None:
    (judged,) = judge_pairs(Scripted(), [Pair("against", "the dam")], abstain_below=0.7)
    assert not judged.abstained
