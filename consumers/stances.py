"""Quotes to stances: each statement against each target that is watched, listed or named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from consumers.targets import Watched
from models.stance.judgement import Judgement, judge_pairs
from models.stance.pair import StanceClassifier
from stancewire.kafka import topics
from stancewire.metrics import StanceMetrics
from stancewire.records import ModelInfo, Quote, Record, Stance, TargetRef, Timings
from stancewire.watchlist import Target


class StancesStep:
    """What `consume stances` does to a batch of quotes."""

    name = "stances"
    source = topics.QUOTES
    sink = topics.STANCES
    reads = Quote

    def __init__(
        self,
        classifier: StanceClassifier,
        watched: Watched,
        clock: Callable[[], datetime],
        metrics: StanceMetrics,
        abstain_below: float = 0.0,
    ) -> None:
        self._classifier = classifier
        self._watched = watched
        self._clock = clock
        self._metrics = metrics
        self._abstain_below = abstain_below

    @property
    def info(self) -> ModelInfo:
        return self._classifier.info

    def __call__(self, records: Sequence[Quote]) -> list[list[Stance]]:
        return judge(records, self._watched, self._classifier, self._clock, self._abstain_below)

    def committed(self, outputs: Sequence[Record]) -> None:
        observe(self._metrics, [output for output in outputs if isinstance(output, Stance)])


def judge(
    quotes: Sequence[Quote],
    watched: Watched,
    classifier: StanceClassifier,
    clock: Callable[[], datetime],
    abstain_below: float = 0.0,
) -> list[list[Stance]]:
    """One stance a quote and target: a list a quote, in the quotes' and the targets' order."""
    targets = watched.by(quotes)
    pairs = [
        watched.pair(quote, target)
        for quote, its in zip(quotes, targets, strict=True)
        for target in its
    ]
    judged = iter(judge_pairs(classifier, pairs, abstain_below))
    now = clock()
    return [
        [_stance(quote, target, next(judged), classifier.info, now) for target in its]
        for quote, its in zip(quotes, targets, strict=True)
    ]


def _stance(
    quote: Quote, target: Target, judged: Judgement, model: ModelInfo, now: datetime
) -> Stance:
    return Stance(
        id=Stance.identify(quote.id, target.id),
        quote=quote,
        target=TargetRef(id=target.id, name=target.name),
        label=judged.label,
        scores=judged.scores,
        abstained=judged.abstained,
        model=model,
        timings=Timings(
            published_at=quote.article.published_at,
            fetched_at=quote.article.fetched_at,
            extracted_at=quote.extracted_at,
            classified_at=now,
        ),
    )


def observe(metrics: StanceMetrics, stances: Sequence[Stance]) -> None:
    """Shows a batch of published stances."""
    for (target, label), count in Counter((s.target.id, s.label) for s in stances).items():
        metrics.stances.labels(label).inc(count)
        metrics.of_targets.labels(metrics.target(target), label).inc(count)
    metrics.abstained.inc(sum(stance.abstained for stance in stances))
    for stance in stances:
        metrics.confidence.labels(stance.label).observe(stance.scores.best)
        times = stance.timings
        metrics.latency.observe((times.classified_at - times.fetched_at).total_seconds())
        if times.published_at is not None:
            metrics.freshness.observe((times.classified_at - times.published_at).total_seconds())
