"""Early exit: pairs on different subjects are neutral without the cross-encoder."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from models.stance.gate.encoder import Encoder
from models.stance.gate.index import Embedding, TargetIndex
from models.stance.pair import Pair, StanceClassifier
from models.stance.scoring import to_scores
from models.stance.text import content_words, encode_text, plain
from stancewire.records import ModelInfo, Scores


class EarlyExit:
    """A classifier that is asked only about pairs that the gate finds related.

    The gate's vectors are made once a quote and once a target, so a pair that leaves here costs a
    product of vectors. Of two stages, a cheap one that may say no and one that decides, see Viola
    and Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001.
    """

    def __init__(
        self,
        classifier: StanceClassifier,
        encoder: Encoder,
        below: float,
        counted: Callable[[int], object],
    ) -> None:
        """Pairs whose likelihood of a side is `below` a probability leave; `counted` is told how
        many did."""
        self._classifier = classifier
        self._encoder = encoder
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
        sided = self._likelihoods(pairs)
        asked = [row for row, likelihood in enumerate(sided) if likelihood >= self._below]
        answers = iter(self._classifier.classify([pairs[row] for row in asked]))
        self._counted(len(pairs) - len(asked))
        return [
            next(answers)
            if likelihood >= self._below
            else to_scores(likelihood / 2, likelihood / 2, 1 - likelihood)
            for likelihood in sided
        ]

    def _likelihoods(self, pairs: Sequence[Pair]) -> list[float]:
        """How likely each pair's quote takes a side on its target; 1 where it names the target."""
        quotes = [encode_text(pair, with_context=True)[0] for pair in pairs]
        targets = [plain(pair.target) for pair in pairs]
        embedded = self._embed([*quotes, *targets])
        words = {text: content_words(text) for text in {*quotes, *targets}}
        found = [1.0] * len(pairs)
        rows: dict[str, list[int]] = {}
        for row, (quote, target) in enumerate(zip(quotes, targets, strict=True)):
            if not words[target] or not words[target] <= words[quote]:
                rows.setdefault(quote, []).append(row)
        for quote, its in rows.items():
            index = TargetIndex([[embedded[targets[row]]] for row in its], self._encoder.weights)
            for row, logit in zip(its, index.scores(embedded[quote]).tolist(), strict=True):
                found[row] = 1 / (1 + math.exp(-logit))
        return found

    def _embed(self, texts: Sequence[str]) -> dict[str, Embedding]:
        once = list(dict.fromkeys(texts))
        return dict(zip(once, self._encoder.embed(once), strict=True))
