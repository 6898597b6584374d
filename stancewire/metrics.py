"""The metrics of the Kafka processes; every label takes its values from a small closed set."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from stancewire import __version__
from stancewire.reasons import FeedReason, SkipReason

# From a statement that is live to one that waited in a backlog of ten minutes.
LATENCY_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
# News is read when it is minutes to a day old.
FRESHNESS_BUCKETS_S = (10, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 86400)
BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

PHASES = ("poll", "model", "send", "commit")
DEAD_LETTER_REASONS = (
    "empty", "not_json", "invalid", "unknown_version", "wrong_type", "failed", "too_large",
)  # fmt: skip
LABELS = ("favor", "against", "neutral")
# Each is three series a worker; of longer lists no panel would show each line.
MAX_TARGETS = 50
OTHER = "other"
PUSH_OUTCOMES = ("taken", "unsigned", "unknown", "too_large", "failed")
POLL_OUTCOMES = ("changed", "unchanged", "failed")


class LoopMetrics:
    """What every process with a Kafka loop shows."""

    def __init__(self, registry: CollectorRegistry) -> None:
        info = Gauge("stancewire_build_info", "Always 1.", ["version"], registry=registry)
        info.labels(__version__).set(1)
        self.consumed = Counter(
            "stancewire_records_consumed_total", "Records whose offsets committed.",
            registry=registry,
        )  # fmt: skip
        self.produced = Counter(
            "stancewire_records_produced_total", "Records sent in committed transactions.",
            registry=registry,
        )  # fmt: skip
        self.dead_letters = Counter(
            "stancewire_dead_letters_total", "Records put on the dead letter topic.", ["reason"],
            registry=registry,
        )  # fmt: skip
        for reason in DEAD_LETTER_REASONS:
            self.dead_letters.labels(reason)
        self.circuit_open = Gauge(
            "stancewire_circuit_open", "1 while too many records in a row fail, so none is taken.",
            registry=registry,
        )  # fmt: skip
        self.transactions = Counter(
            "stancewire_transactions_total", "Transactions by outcome.", ["outcome"],
            registry=registry,
        )  # fmt: skip
        for outcome in ("committed", "failed"):
            self.transactions.labels(outcome)
        self.loop = Histogram(
            "stancewire_loop_phase_seconds", "Time of one loop by phase.", ["phase"],
            buckets=LATENCY_BUCKETS_S, registry=registry,
        )  # fmt: skip
        for phase in PHASES:
            self.loop.labels(phase)
        self.batch = Histogram(
            "stancewire_batch_records", "Records in a batch.", buckets=BATCH_BUCKETS,
            registry=registry,
        )  # fmt: skip
        self.last_commit = Gauge(
            "stancewire_last_commit_timestamp_seconds", "When a transaction last committed.",
            registry=registry,
        )  # fmt: skip
        self.caught_up = Gauge(
            "stancewire_caught_up_timestamp_seconds",
            "All that was there to do up to then is done: records that had been written, or feeds "
            "that were due.",
            registry=registry,
        )
        # A zero would be a lag of fifty years until the first turn of the loop.
        self.caught_up.set_to_current_time()

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        with self.loop.labels(phase).time():
            yield


class ModelMetrics:
    """What every worker shows of its model."""

    def __init__(self, registry: CollectorRegistry, name: str, revision: str) -> None:
        info = Gauge(
            "stancewire_model_info", "Always 1, of the model at work.", ["name", "revision"],
            registry=registry,
        )  # fmt: skip
        info.labels(name, revision).set(1)


class StanceMetrics:
    """What the stance worker shows of its results."""

    def __init__(self, registry: CollectorRegistry, targets: Collection[str] = ()) -> None:
        named = targets if len(targets) <= MAX_TARGETS else ()
        self._targets = frozenset(named)
        self.of_targets = Counter(
            "stancewire_target_stances_total",
            "Stances by target and label; `other` are targets of a long or open watchlist.",
            ["target", "label"],
            registry=registry,
        )
        for target in (*named, OTHER):
            for label in LABELS:
                self.of_targets.labels(target, label)
        self.stances = Counter(
            "stancewire_stances_total", "Stances by label.", ["label"], registry=registry
        )
        self.confidence = Histogram(
            "stancewire_stance_score", "Score of the label that was chosen.", ["label"],
            buckets=[tenth / 10 for tenth in range(3, 11)], registry=registry,
        )  # fmt: skip
        self.abstained = Counter(
            "stancewire_stances_abstained_total", "Stances whose score was below the threshold.",
            registry=registry,
        )  # fmt: skip
        self.remembered = Counter(
            "stancewire_stances_remembered_total",
            "Pairs whose statement and target had been classified before.", registry=registry,
        )  # fmt: skip
        self.off_topic = Counter(
            "stancewire_stances_off_topic_total",
            "Pairs on different subjects by the gate, which the classifier was not asked about.",
            registry=registry,
        )
        for label in LABELS:
            self.stances.labels(label)
            self.confidence.labels(label)
        self.latency = Histogram(
            "stancewire_end_to_end_seconds", "From the article's fetch to its stance.",
            buckets=LATENCY_BUCKETS_S, registry=registry,
        )  # fmt: skip
        self.freshness = Histogram(
            "stancewire_freshness_seconds", "From the article's publication to its stance.",
            buckets=FRESHNESS_BUCKETS_S, registry=registry,
        )  # fmt: skip

    def target(self, target_id: str) -> str:
        """What `target` is called in labels, of which there may not be many."""
        return target_id if target_id in self._targets else OTHER


class FeedMetrics:
    """What the producer shows of its feeds."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.feeds = Gauge("stancewire_feeds", "Feeds that are polled.", registry=registry)
        self.failing = Gauge(
            "stancewire_feeds_failing", "Feeds whose last poll failed.", registry=registry
        )
        self.retired = Gauge(
            "stancewire_feeds_retired",
            "Feeds whose server said that they are gone for good.",
            registry=registry,
        )
        self.subscribed = Gauge(
            "stancewire_feeds_subscribed",
            "Feeds whose hub has promised to tell what is new.",
            registry=registry,
        )
        self.pushes = Counter(
            "stancewire_feed_pushes_total", "Calls of hubs by outcome.", ["outcome"],
            registry=registry,
        )  # fmt: skip
        for outcome in PUSH_OUTCOMES:
            self.pushes.labels(outcome)
        self.polls = Counter(
            "stancewire_feed_polls_total", "Polls by outcome.", ["outcome"], registry=registry
        )
        for outcome in POLL_OUTCOMES:
            self.polls.labels(outcome)
        self.articles = Counter(
            "stancewire_articles_total", "Articles published, by kind.", ["kind"],
            registry=registry,
        )  # fmt: skip
        for kind in ("new", "revised"):
            self.articles.labels(kind)
        self.copies = Counter(
            "stancewire_article_copies_total", "Articles published that are copies of others.",
            registry=registry,
        )  # fmt: skip
        self.failures = Counter(
            "stancewire_feed_failures_total", "Failed polls by reason.", ["reason"],
            registry=registry,
        )  # fmt: skip
        for reason in get_args(FeedReason):
            self.failures.labels(reason)
        self.skipped = Counter(
            "stancewire_entries_skipped_total",
            "What a feed has and was not published as it stands, by kind.", ["kind"],
            registry=registry,
        )  # fmt: skip
        for kind in get_args(SkipReason):
            self.skipped.labels(kind)
