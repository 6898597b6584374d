"""Two networks as one classifier: the small one answers where it is sure, else both do."""

from __future__ import annotations

from collections.abc import Sequence

from models.stance.pair import Pair, StanceClassifier
from models.stance.scoring import to_scores
from stancewire.records import ModelInfo, Scores

# What the small network adds to the answers of the large one; from 0.1 to 0.2 dev says the same.
SHARE = 0.15


class Cascade:
    """A classifier whose large network reads only what its small one is not sure of.

    The small one's scores stand from `sure_from` on. Below it the answer is a weighted mean of
    both networks' scores, which is right a little more often than the large network's. See Viola
    and Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001.
    """

    def __init__(
        self, name: str, small: StanceClassifier, large: StanceClassifier, sure_from: float
    ) -> None:
        """`sure_from` is a score from 0 to 1; above 1 every pair is read by both networks."""
        self._small = small
        self._large = large
        self._sure_from = sure_from
        # Both networks decide, so the revision names both.
        revision = f"{small.info.revision}+{large.info.revision}"
        self.info = ModelInfo(name=name, revision=revision)

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order; it does not depend on the other pairs.

        Raises:
            ModelError: a network failed on a pair.
        """
        answers = self._small.classify(pairs)
        left = unsure(answers, self._sure_from)
        better = self._large.classify([pairs[row] for row in left])
        for row, scores in zip(left, better, strict=True):
            answers[row] = _mean(answers[row], scores)
        return answers


def unsure(answers: Sequence[Scores], sure_from: float) -> list[int]:
    """The places of the small network's answers that do not stand."""
    return [row for row, scores in enumerate(answers) if scores.best < sure_from]


def _mean(small: Scores, large: Scores) -> Scores:
    favor, against, neutral = (
        SHARE * getattr(small, label) + (1 - SHARE) * getattr(large, label)
        for label in ("favor", "against", "neutral")
    )
    return to_scores(favor, against, neutral)
