"""The producer: polls its share of the feeds, publishes articles and feed states as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from producers.copies import MAX_ARTICLES, Copies
from producers.feedlist import FeedSpec
from producers.fetch import Fetcher
from producers.harvest import Polled
from producers.poll import Web, poll
from producers.published import Published
from producers.sandbox import Sandbox
from producers.share import SOURCE, Holding, Share
from producers.states import read_states
from stancewire.errors import BrokerError, FeedError
from stancewire.health import Health
from stancewire.kafka import topics
from stancewire.kafka.membership import Membership, Owned
from stancewire.kafka.messages import Message, encode
from stancewire.kafka.reading import open_reader
from stancewire.kafka.retries import Retries
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.lifecycle import Stop
from stancewire.metrics import FeedMetrics, LoopMetrics
from stancewire.settings import COPIES_WINDOW_H, MAX_RECORD_BYTES, KafkaSettings, WorkerSettings

log = logging.getLogger(__name__)

# How soon a stop request, a change of the group or of the list is heard.
WAKE_S = 0.5
# How long a poll for what was published waits while it is read for the first time.
LOAD_POLL = timedelta(seconds=0.5)

Result = tuple[Holding, Polled]


@dataclass(slots=True)
class FeedProducer:
    """One poller of a group; those of one replica's name fence each other."""

    feeds: Callable[[], Sequence[FeedSpec]]
    kafka: KafkaSettings
    member: WorkerSettings
    fetcher: Callable[[], Fetcher]
    loop_metrics: LoopMetrics
    feed_metrics: FeedMetrics
    health: Health
    stop: Stop
    clock: Callable[[], datetime]
    copies_window: timedelta = timedelta(hours=COPIES_WINDOW_H)

    def run(self, *, once: bool) -> None:
        """Until a stop is requested or, with `once`, until every feed was polled and published.

        Raises StancewireError when transactions keep failing.
        """
        retries = Retries(self.stop)
        membership = Membership(self.kafka, self.member, topics.FEEDS.name)
        try:
            while not self.stop.requested:
                self.health.waiting_for = "transactional producer"
                try:
                    producer = TransactionalProducer(
                        self.kafka, self.member.transactional_id, self.loop_metrics
                    )
                except BrokerError as error:
                    retries.failed(error)
                    continue
                try:
                    asyncio.run(_Round(self, producer, membership, retries).polls(once=once))
                except BrokerError as error:
                    retries.failed(error)
                else:
                    return
                finally:
                    producer.close()
        finally:
            membership.close()


class _Round:
    """Polling from one reading of the states on, as long as every transaction commits."""

    def __init__(
        self,
        owner: FeedProducer,
        producer: TransactionalProducer,
        membership: Membership,
        retries: Retries,
    ) -> None:
        self._owner = owner
        self._producer = producer
        self._membership = membership
        self._retries = retries
        self._owned: Owned | None = None
        self._feeds: Sequence[FeedSpec] = ()
        self._share = Share()
        self._ends: dict[int, int] = {}
        self._running: dict[asyncio.Task[Polled], Holding] = {}
        self._stack = ExitStack()
        self._copies: Copies | None = None
        self._published: Published | None = None

    async def polls(self, *, once: bool) -> None:
        async with self._owner.fetcher() as fetcher, Sandbox() as sandbox:
            web = Web(fetcher, sandbox)
            try:
                await asyncio.to_thread(self._load_copies)
                while not self._owner.stop.requested:
                    self._owner.health.beat()
                    await asyncio.to_thread(self._catch_up)
                    self._start(web, once=once)
                    if once and self._share.all_polled and not self._running:
                        return
                    await self._finish()
            finally:
                for task in self._running:
                    task.cancel()
                await asyncio.to_thread(self._stack.close)

    def _load_copies(self) -> None:
        """Reads what was published in the window, to tell copies of it."""
        window = self._owner.copies_window
        if not window:
            return
        self._owner.health.waiting_for = "published articles"
        reader = self._stack.enter_context(open_reader(self._owner.kafka, topics.ARTICLES.name))
        self._copies = Copies(window)
        self._published = Published(reader, self._owner.clock() - window, MAX_ARTICLES)
        while not (self._published.caught_up or self._owner.stop.requested):
            self._owner.health.beat()
            self._follow(LOAD_POLL)

    def _follow(self, wait: timedelta = timedelta(0)) -> None:
        if self._copies is not None and self._published is not None:
            for article in self._published.poll(wait):
                self._copies.add(article)

    def _catch_up(self) -> None:
        """Takes part in the group, and follows its changes, those of the list and other pollers."""
        self._follow()
        before, feeds = self._owned, self._owner.feeds()
        owned = self._owned = self._membership.owned()
        self._owner.health.waiting_for = None if owned.partitions else "partitions"
        was = (before.partitions, before.count) if before else None
        if was == (owned.partitions, owned.count) and not owned.fresh and feeds is self._feeds:
            return
        self._feeds = feeds
        taken = self._share.take(feeds, owned.partitions, owned.count, owned.fresh)
        new = {holding.feed.id: holding for holding in taken}
        if new:
            states = read_states(self._owner.kafka, new, owned.partitions)
            self._ends |= states.ends
            for feed_id, places in states.feeds.items():
                holding = new[feed_id]
                holding.state = places.newest
                holding.written = places.by_partition.get(holding.home)
                holding.elsewhere = frozenset(places.by_partition) - {holding.home}
        log.info(
            "polls %d feeds, those of %d of %d partitions",
            len(self._share.holdings), len(owned.partitions), owned.count,
        )  # fmt: skip
        self._measure()

    def _start(self, web: Web, *, once: bool) -> None:
        now = self._owner.clock()
        for holding in self._share.next(now, self._running.values(), once=once):
            task = asyncio.create_task(poll(holding.feed, holding.state, web, now))
            self._running[task] = holding

    async def _finish(self) -> None:
        """Publishes what came in the meantime; waits for something to come, but not for long."""
        if not self._running:
            await asyncio.to_thread(self._owner.stop.wait, WAKE_S)
            return
        done, _ = await asyncio.wait(
            self._running, timeout=WAKE_S, return_when=asyncio.FIRST_COMPLETED
        )
        results = [(self._running.pop(task), task.result()) for task in done]
        await asyncio.to_thread(self._publish, results)

    def _publish(self, results: Sequence[Result]) -> None:
        """Articles and states of feeds that are still ours; the others' owners ask them again."""
        ours = [(holding, polled) for holding, polled in results if self._share.holds(holding)]
        ours = [(holding, self._with_copies(polled)) for holding, polled in ours]
        messages = [message for result in ours for message in _messages(*result)]
        if messages and self._owned:
            # What fences: the broker takes offsets from a current member only.
            offsets = {
                TopicPartition(topics.FEEDS.name, number): OffsetAndMetadata(end, "", -1)
                for number, end in self._ends.items()
                if number in self._owned.partitions
            }
            ends = self._producer.commit(messages, offsets, self._owned.group)
            self._ends |= {
                at.partition: end for at, end in ends.items() if at.topic == topics.FEEDS.name
            }
            self._retries.succeeded()
        for holding, polled in ours:
            holding.keep(polled.state)
            self._observe(polled)
        self._measure()

    def _with_copies(self, polled: Polled) -> Polled:
        """The articles that are copies of others say so."""
        if self._copies is None:
            return polled
        articles = [
            article.model_copy(update={"duplicate_of": self._copies.add(article)})
            for article in polled.articles
        ]
        return replace(polled, articles=tuple(articles))

    def _observe(self, polled: Polled) -> None:
        metrics = self._owner.feed_metrics
        if polled.error is not None:
            outcome = "failed"
            reason = polled.error.reason if isinstance(polled.error, FeedError) else "unparsable"
            metrics.failures.labels(reason).inc()
            log.warning("feed %s: %s: %s", polled.state.id, reason, polled.error)
            log.debug("feed %s", polled.state.id, exc_info=polled.error)
        else:
            outcome = "changed" if polled.articles else "unchanged"
            log.info("feed %s: %d articles", polled.state.id, len(polled.articles))
        metrics.polls.labels(outcome).inc()
        for skipped in polled.skipped:
            metrics.skipped.labels(skipped.kind).inc()
            log.info("feed %s: %s", polled.state.id, skipped)
        for article in polled.articles:
            metrics.articles.labels("revised" if article.revision > 1 else "new").inc()
            metrics.copies.inc(article.duplicate_of is not None)

    def _measure(self) -> None:
        metrics, holdings = self._owner.feed_metrics, self._share.holdings
        metrics.feeds.set(len(holdings))
        metrics.retired.set(sum(each.retired for each in holdings))
        metrics.failing.set(sum(each.state.failures > 0 and not each.retired for each in holdings))


def _messages(holding: Holding, polled: Polled) -> list[Message]:
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
    return messages + holding.messages(polled.state)
