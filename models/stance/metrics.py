"""Scores of a classifier against gold labels, as plain functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from models.stance.datasets import Example
from models.stance.text import content_words
from stancewire.records import Label, Scores

LABELS: tuple[Label, ...] = get_args(Label)

# The usual number of equal-width confidence bins (Guo et al., ICML 2017).
CALIBRATION_BINS = 15

# Three labels: the best score is never under a third.
THRESHOLDS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

# Devices of the newsquotes set that pair a quote with a target of another subject.
OFF_TOPIC_DEVICES = frozenset({"distractor", "unrelated"})


def class_f1(gold: Sequence[Label], predicted: Sequence[Label]) -> dict[Label, float]:
    """F1 of each label; a label that is neither in gold nor predicted has 0."""
    scores: dict[Label, float] = {}
    for label in LABELS:
        pairs = list(zip(gold, predicted, strict=True))
        hits = sum(g == label and p == label for g, p in pairs)
        total = sum((g == label) + (p == label) for g, p in pairs)
        scores[label] = 2 * hits / total if total else 0.0
    return scores


def recall(gold: Sequence[Label], predicted: Sequence[Label], label: Label) -> float:
    """The share of a label's pairs that are given it; 0 where there are none."""
    found = [p == label for g, p in zip(gold, predicted, strict=True) if g == label]
    return sum(found) / len(found) if found else 0.0


def macro_f1(gold: Sequence[Label], predicted: Sequence[Label]) -> float:
    """The mean F1 of the labels that are in gold."""
    present = set(gold)
    if not present:
        return 0.0
    scores = class_f1(gold, predicted)
    return sum(scores[label] for label in present) / len(present)


def expected_calibration_error(
    gold: Sequence[Label], scores: Sequence[Scores], bins: int = CALIBRATION_BINS
) -> float:
    """How far confidence is from accuracy, averaged over equal-width bins by their size.

    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    if not gold:
        return 0.0
    return sum(
        abs(accuracy - confidence) * count
        for confidence, accuracy, count in reliability(gold, scores, bins)
    ) / len(gold)


def confusion(gold: Sequence[Label], predicted: Sequence[Label]) -> list[list[int]]:
    """Pairs by gold label (row) and predicted label (column), in the order of `LABELS`."""
    pairs = Counter(zip(gold, predicted, strict=True))
    return [[pairs[row, column] for column in LABELS] for row in LABELS]


@dataclass(frozen=True, slots=True)
class Abstention:
    """What is left, and how good it is, where answers under a score are not taken."""

    threshold: float
    coverage: float
    macro_f1: float


def abstention_curve(
    gold: Sequence[Label], scores: Sequence[Scores], thresholds: Sequence[float] = THRESHOLDS
) -> list[Abstention]:
    """One point a threshold (scores from 0 to 1), as long as any answer is left."""
    points: list[Abstention] = []
    for threshold in thresholds:
        kept = [
            (label, answer.label)
            for label, answer in zip(gold, scores, strict=True)
            if answer.best >= threshold
        ]
        if kept:
            points.append(
                Abstention(threshold, len(kept) / len(gold), macro_f1(*zip(*kept, strict=True)))
            )
    return points


def reliability(
    gold: Sequence[Label], scores: Sequence[Scores], bins: int = CALIBRATION_BINS
) -> list[tuple[float, float, int]]:
    """Mean confidence, accuracy and count of each equal-width bin that holds any answer."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for label, answer in zip(gold, scores, strict=True):
        confidence = answer.best
        place = min(int(confidence * bins), bins - 1)
        held.setdefault(place, []).append((confidence, answer.label == label))
    return [
        (
            sum(c for c, _ in inside) / len(inside),
            sum(r for _, r in inside) / len(inside),
            len(inside),
        )
        for _, inside in sorted(held.items())
    ]


def is_on_topic_neutral(example: Example) -> bool:
    """A neutral row whose target the statement is about: it takes reading, not topic matching."""
    if example.label != "neutral":
        return False
    if example.device is not None and example.device not in OFF_TOPIC_DEVICES:
        return True
    about = content_words(f"{example.pair.quote} {example.pair.context or ''}")
    return bool(content_words(example.pair.target) & about)


def on_topic_neutral_recall(examples: Sequence[Example], predicted: Sequence[Label]) -> float:
    """The share of on-topic neutrals that are called neutral; 0 where there are none."""
    answers = [
        label
        for example, label in zip(examples, predicted, strict=True)
        if is_on_topic_neutral(example)
    ]
    return answers.count("neutral") / len(answers) if answers else 0.0
