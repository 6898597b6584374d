"""What the producer tells its operator of its feeds: log lines and metrics."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from producers.harvest import Polled
from producers.share import Holding, JobKind
from producers.websub import is_live
from stancewire.errors import FeedError
from stancewire.metrics import FeedMetrics

log = logging.getLogger(__name__)


class Report:
    """Lines and counts of jobs that are done, and of the feeds that are held."""

    def __init__(self, metrics: FeedMetrics) -> None:
        self._metrics = metrics

    def done(self, kind: JobKind, polled: Polled, trace_id: str | None = None) -> None:
        """What came of a job; what it found is committed."""
        if kind == "ask":
            self._asked(polled)
            return
        if kind == "poll":
            outcome = "changed" if polled.articles else "unchanged"
            self._metrics.polls.labels("failed" if polled.error else outcome).inc()
        about = {"feed": polled.state.id, "trace_id": trace_id if polled.articles else None}
        what = f"feed {polled.state.id}" if kind == "poll" else f"feed {polled.state.id}: {kind}"
        if polled.error is not None:
            reason = polled.error.reason if isinstance(polled.error, FeedError) else "unparsable"
            self._metrics.failures.labels(reason).inc()
            log.warning(
                "%s: %s: %s", what, reason, polled.error,
                extra={**about, "reason": reason},
                exc_info=polled.error if log.isEnabledFor(logging.DEBUG) else None,
            )  # fmt: skip
        else:
            log.info("%s: %d articles", what, len(polled.articles), extra=about)
        for skipped in polled.skipped:
            self._metrics.skipped.labels(skipped.kind).inc()
            log.info("%s: %s", what, skipped, extra={**about, "reason": skipped.kind})
        for article in polled.articles:
            self._metrics.articles.labels("revised" if article.revision > 1 else "new").inc()
            self._metrics.copies.inc(article.duplicate_of is not None)

    def _asked(self, polled: Polled) -> None:
        known, feed = polled.state.subscription, polled.state.id
        about = {"feed": feed}
        if known and known.error:
            log.warning("feed %s: hub %s: %s", feed, known.hub, known.error, extra=about)
        elif known:
            log.info("feed %s: hub %s is asked to tell what is new", feed, known.hub, extra=about)

    def held(self, holdings: Collection[Holding], now: datetime) -> None:
        """How the feeds that are held fare."""
        states = [each.state for each in holdings if not each.retired]
        self._metrics.feeds.set(len(holdings))
        self._metrics.retired.set(len(holdings) - len(states))
        self._metrics.failing.set(sum(state.failures > 0 for state in states))
        self._metrics.subscribed.set(sum(is_live(state.subscription, now) for state in states))
