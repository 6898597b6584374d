"""From a classifier's scores to what is published: the attribution's polarity, and abstention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.stance.pair import Pair, StanceClassifier
from models.stance.scoring import to_scores
from stancewire.records import Label, Polarity, Scores

# A statement that is withheld is none; what its words lean to keeps this share, never a majority.
WITHHELD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """Scores of the speaker's own stance; `abstained` says that the best one was too low."""

    scores: Scores
    abstained: bool

    @property
    def label(self) -> Label:
        return self.scores.label


def judge_pairs(
    classifier: StanceClassifier, pairs: Sequence[Pair], abstain_below: float = 0.0
) -> list[Judgement]:
    """One judgement a pair, in the pairs' order.

    `abstain_below` is a score from 0 to 1; at 0 nothing is abstained from.

    Raises:
        ModelError: the classifier failed.
    """
    judged = [
        respect(scores, pair.polarity)
        for pair, scores in zip(pairs, classifier.classify(pairs), strict=True)
    ]
    return [Judgement(scores, scores.best < abstain_below) for scores in judged]


def respect(scores: Scores, polarity: Polarity) -> Scores:
    """The speaker's scores, given those of the words.

    Who denies words that are against something speaks for it, and the other way round. Who
    declines to say them takes no side, so neutral wins.
    """
    match polarity:
        case "asserted":
            return scores
        case "denied":
            return Scores(favor=scores.against, against=scores.favor, neutral=scores.neutral)
        case "withheld":
            favor, against = WITHHELD_SHARE * scores.favor, WITHHELD_SHARE * scores.against
            return to_scores(favor, against, 1 - favor - against)
