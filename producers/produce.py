"""The producer: polls the feeds that are due, publishes articles and feed states as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from producers.feedlist import FeedSpec
from producers.fetch import Fetcher
from producers.harvest import Polled
from producers.poll import Web, is_retired, poll
from producers.sandbox import Sandbox
from producers.states import read_states
from stancewire.errors import TransactionError
from stancewire.health import Health
from stancewire.kafka import topics
from stancewire.kafka.messages import Message, encode
from stancewire.kafka.retries import Retries
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.lifecycle import Stop
from stancewire.metrics import FeedMetrics, LoopMetrics
from stancewire.records import FeedState
from stancewire.settings import MAX_RECORD_BYTES, KafkaSettings

log = logging.getLogger(__name__)

SOURCE = "stancewire/produce"
# How soon a stop request is heard while fetches are under way.
WAKE_S = 0.5


@dataclass(slots=True)
class FeedProducer:
    """One live process a name: a second one of the same name fences the first."""

    feeds: Sequence[FeedSpec]
    kafka: KafkaSettings
    name: str
    fetcher: Callable[[], Fetcher]
    loop_metrics: LoopMetrics
    feed_metrics: FeedMetrics
    health: Health
    stop: Stop
    clock: Callable[[], datetime]

    def run(self, *, once: bool) -> None:
        """Until a stop is requested or, with `once`, until every feed was polled and published.

        Raises StancewireError when transactions keep failing.
        """
        self.feed_metrics.feeds.set(len(self.feeds))
        retries = Retries(self.stop)
        while not self.stop.requested:
            self.health.waiting_for = "transactional producer"
            try:
                producer = TransactionalProducer(
                    self.kafka, f"stancewire-produce-{self.name}", self.loop_metrics
                )
                # After the fencing above, nobody else can add to what is read here.
                round_ = _Round(self, producer, read_states(self.kafka), retries)
            except TransactionError as error:
                retries.failed(error)
                continue
            try:
                asyncio.run(round_.polls(once=once))
            except TransactionError as error:
                retries.failed(error)
            else:
                return
            finally:
                producer.close()


class _Round:
    """Polling from one reading of the states on, as long as every transaction commits."""

    def __init__(
        self,
        owner: FeedProducer,
        producer: TransactionalProducer,
        states: dict[str, FeedState],
        retries: Retries,
    ) -> None:
        self._owner = owner
        self._producer = producer
        self._states = states
        self._retries = retries

    async def polls(self, *, once: bool) -> None:
        owner = self._owner
        owner.health.waiting_for = None
        async with owner.fetcher() as fetcher, Sandbox() as sandbox:
            web = Web(fetcher, sandbox)
            due: Iterable[FeedSpec] = owner.feeds
            while not owner.stop.requested:
                owner.health.beat()
                if not once:
                    due = self._due(owner.clock())
                await self._poll_all(due, web)
                if once:
                    return
                await asyncio.to_thread(owner.stop.wait, WAKE_S)

    def _due(self, now: datetime) -> list[FeedSpec]:
        def is_due(feed: FeedSpec) -> bool:
            state = self._states.get(feed.id)
            if state is None:
                return True
            if is_retired(feed, state):
                return False
            return state.next_check_at is None or state.next_check_at <= now

        return [feed for feed in self._owner.feeds if is_due(feed)]

    async def _poll_all(self, feeds: Iterable[FeedSpec], web: Web) -> None:
        """Each feed's result is published as it comes, several in one transaction if they came."""
        pending = {asyncio.create_task(self._poll(feed, web)) for feed in feeds}
        try:
            while pending and not self._owner.stop.requested:
                done, pending = await asyncio.wait(
                    pending, timeout=WAKE_S, return_when=asyncio.FIRST_COMPLETED
                )
                self._owner.health.beat()
                if done:
                    results = [task.result() for task in done]
                    await asyncio.to_thread(self._publish, results)
        finally:
            for task in pending:
                task.cancel()

    async def _poll(self, feed: FeedSpec, web: Web) -> Polled:
        state = self._states.get(feed.id) or FeedState(id=feed.id, url=feed.url, title=feed.title)
        return await poll(feed, state, web, self._owner.clock())

    def _publish(self, results: Sequence[Polled]) -> None:
        messages = [message for polled in results for message in self._messages(polled)]
        self._producer.commit(messages)
        self._retries.succeeded()
        for polled in results:
            self._states[polled.state.id] = polled.state
            self._observe(polled)
        metrics, states = self._owner.feed_metrics, self._states.values()
        retired = sum(1 for state in states if state.retired_at)
        metrics.failing.set(sum(1 for state in states if state.failures) - retired)
        metrics.retired.set(retired)

    def _messages(self, polled: Polled) -> list[Message]:
        messages = []
        for article in polled.articles:
            message = encode(article, topics.ARTICLES.name, source=SOURCE, traceparent=None)
            if message.size <= MAX_RECORD_BYTES:
                messages.append(message)
            else:
                log.error(
                    "feed %s: %s is too large for the topic (%d bytes) and was left out",
                    polled.state.id, article.url or article.id, message.size,
                )  # fmt: skip
        state = encode(polled.state, topics.FEEDS.name, source=SOURCE, traceparent=None)
        return [*messages, state]

    def _observe(self, polled: Polled) -> None:
        metrics = self._owner.feed_metrics
        if polled.error is not None:
            outcome = "failed"
            log.warning("feed %s: %s", polled.state.id, polled.error)
        else:
            outcome = "changed" if polled.articles else "unchanged"
            log.info("feed %s: %d articles", polled.state.id, len(polled.articles))
        metrics.polls.labels(outcome).inc()
        metrics.skipped.inc(len(polled.skipped))
        for skipped in polled.skipped:
            log.info("feed %s: %s", polled.state.id, skipped)
        for article in polled.articles:
            metrics.articles.labels("revised" if article.revision > 1 else "new").inc()
