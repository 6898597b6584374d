"""How likely a quote takes a side on a target at all, before the cross-encoder reads the pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain

from models.stance.gate.encoder import Encoder
from models.stance.gate.index import Embedding, TargetIndex
from models.stance.pair import Pair, StanceClassifier
from models.stance.scoring import to_scores
from models.stance.text import content_words, encode_text, plain
from stancewire.records import ModelInfo, Scores

# The logit of odds of one to twenty: from there on a side counts in full. Even odds instead, with
# the same weight, cost a point of macro-F1 on newsquotes dev.
SELDOM = -3.0

# Of a longer list a statement is taken to speak of no more targets than of so many.
SHORT_LIST = 10

# How soon a longer list makes the gate's opinion count in full: from 75 targets on by default. By
# half of it, of a hundred targets more are called wrongly, three times as many read.
LIST_WEIGHT = 2.0

# A side that counts less than so much of its scores seldom wins: the classifier is not asked. Of
# 1,000 targets a third as many are read, and one call of 90 is lost.
HOPELESS = 0.05


class Prior:
    """A classifier whose sides count less where the gate finds one unlikely.

    A cross-encoder learns from pairs of which most take a side; of a watchlist's few do, the fewer
    the longer it is, and which ones the gate knows. Where it finds a side hardly possible the
    classifier is not asked. The gate's vectors are made once a quote and once a target, so a pair
    that leaves here costs a product of vectors. Of two stages, a cheap one that may say no and one
    that decides, see Viola and Jones, "Rapid Object Detection using a Boosted Cascade of Simple
    Features", CVPR 2001.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        encoder: Encoder,
        weight: float,
        below: float,
        counted: Callable[[int], object] = lambda left: None,
    ) -> None:
        """The gate's opinion has this `weight`, in a long list more, up to 1; with 0 it has none.

        Pairs whose likelihood of a side is `below` a probability leave, and those of which a side
        is `HOPELESS`; at 0 none does. `counted` is told how many did.
        """
        self._classifier = classifier
        self._encoder = encoder
        self._weight = weight
        self._below = below
        self._counted = counted
        # Both networks decide, so the revision names both.
        revision = f"{classifier.info.revision}+{encoder.info.revision}"
        self.info = ModelInfo(name=classifier.info.name, revision=revision)

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        """One result a pair, in the pairs' order; it does not depend on the other pairs.

        Raises:
            ModelError: a network failed on a pair.
        """
        logits = self._logits(pairs)
        factors = [
            side_factor(logit, pair.among, self._weight)
            for pair, logit in zip(pairs, logits, strict=True)
        ]
        asked = {
            row
            for row, (logit, factor) in enumerate(zip(logits, factors, strict=True))
            if self._below == 0 or (likelihood(logit) >= self._below and factor >= HOPELESS)
        }
        answers = iter(self._classifier.classify([pairs[row] for row in sorted(asked)]))
        self._counted(len(pairs) - len(asked))
        return [
            tempered(next(answers), factor) if row in asked else unasked(logit, pairs[row].among)
            for row, (logit, factor) in enumerate(zip(logits, factors, strict=True))
        ]

    def _logits(self, pairs: Sequence[Pair]) -> list[float]:
        """The gate's logit of a side for each pair; infinite where the quote names the target."""
        quotes = [encode_text(pair, with_context=True)[0] for pair in pairs]
        targets = [[plain(phrase) for phrase in (pair.target, *pair.aliases)] for pair in pairs]
        texts = [*quotes, *chain.from_iterable(targets)]
        embedded = self._embed(texts)
        words = {text: content_words(text) for text in dict.fromkeys(texts)}
        found = [math.inf] * len(pairs)
        rows: dict[str, list[int]] = {}
        for row, (quote, target) in enumerate(zip(quotes, targets, strict=True)):
            if not any(words[phrase] and words[phrase] <= words[quote] for phrase in target):
                rows.setdefault(quote, []).append(row)
        for quote, its in rows.items():
            phrases = [[embedded[phrase] for phrase in targets[row]] for row in its]
            index = TargetIndex(phrases, self._encoder.weights)
            for row, logit in zip(its, index.scores(embedded[quote]).tolist(), strict=True):
                found[row] = logit
        return found

    def _embed(self, texts: Sequence[str]) -> dict[str, Embedding]:
        once = list(dict.fromkeys(texts))
        return dict(zip(once, self._encoder.embed(once), strict=True))


def likelihood(logit: float) -> float:
    """A logit as a probability."""
    return 1 / (1 + math.exp(-logit))


def side_factor(logit: float, among: int, weight: float) -> float:
    """What a side's score is multiplied by: 1 where the gate finds the side likely enough.

    Else it is the gate's odds of a side over those of `SELDOM`, to the `weight`: a log-linear pool
    of both opinions, see Genest and Zidek, "Combining Probability Distributions: A Critique and an
    Annotated Bibliography", Statistical Science 1986. A target `among` a hundred has a tenth of
    the odds that it has among `SHORT_LIST` (Saerens et al., "Adjusting the Outputs of a Classifier
    to New a Priori Probabilities: A Simple Procedure", Neural Computation 2002), and the odds count
    for more, as the classifier learnt from few such pairs.
    """
    longer = _longer(among)
    full = min(1.0, weight * (1 + LIST_WEIGHT * longer))
    return math.exp(full * min(0.0, logit - longer - SELDOM))


def tempered(scores: Scores, factor: float) -> Scores:
    """The scores with those of both sides times the factor, summing to 1 again."""
    if factor == 1:
        return scores
    favor, against = factor * scores.favor, factor * scores.against
    total = favor + against + scores.neutral
    return to_scores(favor / total, against / total, scores.neutral / total)


def unasked(logit: float, among: int) -> Scores:
    """What the gate alone says of a pair: neutral but for its likelihood of a side."""
    likely = likelihood(logit - _longer(among))
    return to_scores(likely / 2, likely / 2, 1 - likely)


def _longer(among: int) -> float:
    """How many times longer than a short list, as what it takes from a logit."""
    return math.log(max(1.0, among / SHORT_LIST))
