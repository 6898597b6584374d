"""The classifier as the pipeline runs it: repeats remembered, other subjects left out early."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.stance import StanceClassifier, load_classifier
from models.stance.gate import Encoder
from models.stance.load import Runtime, off_topic_below
from models.stance.prior import Prior
from models.stance.remembered import Remembered
from stancewire.metrics import StanceMetrics
from stancewire.settings import PRIOR_WEIGHT, REMEMBERED_PAIRS


@dataclass(frozen=True, slots=True)
class ClassifierSettings:
    """Which weights judge the pairs, and which pairs they need not see."""

    model: Path | None = None
    """A shipped size by its name, or a directory."""
    runtime: Runtime = "auto"
    threads: int | None = None
    prior: float = PRIOR_WEIGHT
    """How much it counts how likely a side is by the gate; 0 lets the classifier alone decide."""
    off_topic_below: float | None = None
    """Likelihood of a side, by the gate, from which the classifier is asked; 0 asks it always.

    None is what suits the size.
    """
    remember: int = REMEMBERED_PAIRS
    """Pairs whose scores are kept; 0 keeps none."""


def build(
    settings: ClassifierSettings, encoder: Encoder, metrics: StanceMetrics | None = None
) -> StanceClassifier:
    """What the workers and the commands alike ask; `encoder` is the gate's.

    Raises:
        ModelError: as `load_classifier`.
    """
    classifier = load_classifier(settings.model, runtime=settings.runtime, threads=settings.threads)
    below = settings.off_topic_below
    if below is None:
        below = off_topic_below(settings.model)
    if settings.prior > 0 or below > 0:
        left = metrics.off_topic.inc if metrics else _uncounted
        classifier = Prior(classifier, encoder, settings.prior, below, left)
    if settings.remember:
        kept = metrics.remembered.inc if metrics else _uncounted
        classifier = Remembered(classifier, settings.remember, kept)
    return classifier


def _uncounted(_: int) -> None:
    """Commands show no metrics."""
