"""How likely a quote takes a side on a target at all, before the cross-encoder reads the pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from models.stance.gate.encoder import Encoder
from models.stance.gate.index import Embedding, TargetIndex
from models.stance.pair import Pair, StanceClassifier
from models.stance.scoring import to_scores
from models.stance.text import content_words, encode_text, plain
from stancewire.records import ModelInfo, Scores

# The logit of odds of one to twenty: from there on a side counts in full. Even odds instead, with
# the same weight, cost a point of macro-F1 on newsquotes dev.
SELDOM = -3.0


class Prior:
    """A classifier whose sides count less where the gate finds one unlikely.

    A cross-encoder learns from pairs of which most take a side; of a watchlist's few do, and which
    ones the gate knows. Where it finds a side hardly possible the classifier is not asked. The
    gate's vectors are made once a quote and once a target, so a pair that leaves here costs a
    product of vectors. Of two stages, a cheap one that may say no and one that decides, see Viola
    and Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        encoder: Encoder,
        weight: float,
        below: float,
        counted: Callable[[int], object] = lambda left: None,
    ) -> None:
        """The gate's opinion has this `weight`; 0 leaves the classifier's scores as they are.

        Pairs whose likelihood of a side is `below` a probability leave; `counted` is told how many
        did.
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
        sided = [1 / (1 + math.exp(-logit)) for logit in logits]
        asked = [row for row, likely in enumerate(sided) if likely >= self._below]
        answers = iter(self._classifier.classify([pairs[row] for row in asked]))
        self._counted(len(pairs) - len(asked))
        return [
            tempered(next(answers), logit, self._weight)
            if likely >= self._below
            else to_scores(likely / 2, likely / 2, 1 - likely)
            for logit, likely in zip(logits, sided, strict=True)
        ]

    def _logits(self, pairs: Sequence[Pair]) -> list[float]:
        """The gate's logit of a side for each pair; infinite where the quote names the target."""
        quotes = [encode_text(pair, with_context=True)[0] for pair in pairs]
        targets = [plain(pair.target) for pair in pairs]
        embedded = self._embed([*quotes, *targets])
        words = {text: content_words(text) for text in {*quotes, *targets}}
        found = [math.inf] * len(pairs)
        rows: dict[str, list[int]] = {}
        for row, (quote, target) in enumerate(zip(quotes, targets, strict=True)):
            if not words[target] or not words[target] <= words[quote]:
                rows.setdefault(quote, []).append(row)
        for quote, its in rows.items():
            index = TargetIndex([[embedded[targets[row]]] for row in its], self._encoder.weights)
            for row, logit in zip(its, index.scores(embedded[quote]).tolist(), strict=True):
                found[row] = logit
        return found

    def _embed(self, texts: Sequence[str]) -> dict[str, Embedding]:
        once = list(dict.fromkeys(texts))
        return dict(zip(once, self._encoder.embed(once), strict=True))


def tempered(scores: Scores, logit: float, weight: float) -> Scores:
    """The scores; a side's times the gate's odds over those of `SELDOM` to the `weight` if lower.

    A log-linear pool of both opinions: Genest and Zidek, "Combining Probability Distributions: A
    Critique and an Annotated Bibliography", Statistical Science 1986.
    """
    factor = math.exp(weight * min(0.0, logit - SELDOM))
    if factor == 1:
        return scores
    favor, against = factor * scores.favor, factor * scores.against
    total = favor + against + scores.neutral
    return to_scores(favor / total, against / total, scores.neutral / total)
