"""The producer: polls its share of the feeds, publishes articles and feed states as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from producers.callback import Callback, HubSettings
from producers.copies import MAX_ARTICLES, Copies
from producers.feedlist import FeedSpec
from producers.fetch import Fetcher
from producers.harvest import Polled
from producers.hub import ask, take
from producers.lanes import Lanes
from producers.outgoing import outgoing
from producers.poll import Web, poll
from producers.published import Published
from producers.pushes import Pushes
from producers.report import Report
from producers.share import Job, Share, home
from producers.states import read_states
from stancewire.errors import BrokerError
from stancewire.feed_records import Push
from stancewire.health import Health
from stancewire.kafka import topics
from stancewire.kafka.membership import Membership, Owned
from stancewire.kafka.messages import Message
from stancewire.kafka.reading import open_reader
from stancewire.kafka.retries import Retries
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.lifecycle import Stop
from stancewire.metrics import FeedMetrics, LoopMetrics
from stancewire.settings import COPIES_WINDOW_H, KafkaSettings, WorkerSettings
from stancewire.tracing import Tracer

log = logging.getLogger(__name__)

# How soon a stop request, a change of the group or of the list is heard.
WAKE_S = 0.5
# How long a poll for what was published waits while it is read for the first time.
LOAD_POLL = timedelta(seconds=0.5)

Result = tuple[Job, Polled]


@dataclass(slots=True)
class FeedProducer:
    """One poller of a group; those of one replica's name fence each other.

    With `hubs`, it has hubs tell what is new, and listens for them.
    """

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
    hubs: HubSettings | None = None
    tracer: Tracer = field(default_factory=Tracer)

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
        self._share = Share(asks_hubs=owner.hubs is not None)
        self._report = Report(owner.feed_metrics)
        self._listed: dict[str, FeedSpec] = {}
        self._ends: dict[int, int] = {}
        self._running: dict[asyncio.Task[Polled], Job] = {}
        self._stack = ExitStack()
        self._copies: Copies | None = None
        self._published: Published | None = None
        self._pushes: Pushes | None = None

    async def polls(self, *, once: bool) -> None:
        hubs = self._owner.hubs
        async with self._owner.fetcher() as fetcher, Lanes() as reader, self._callback():
            web = Web(fetcher, reader, hubs.keys if hubs else None)
            try:
                await asyncio.to_thread(self._load_copies)
                await asyncio.to_thread(self._open_pushes)
                while not self._owner.stop.requested:
                    self._owner.health.beat()
                    await asyncio.to_thread(self._catch_up)
                    self._start(web, once=once)
                    self._measure()
                    if once and self._share.all_polled and not self._running:
                        return
                    await self._finish()
            finally:
                for task in self._running:
                    task.cancel()
                await asyncio.to_thread(self._stack.close)

    def _callback(self) -> AbstractAsyncContextManager[object]:
        owner = self._owner
        if owner.hubs is None:
            return nullcontext()
        return Callback(
            owner.hubs,
            knows=lambda feed_id: feed_id in self._listed,
            deliver=self._pass_on,
            clock=owner.clock,
            metrics=owner.feed_metrics,
        )

    def _open_pushes(self) -> None:
        if self._owner.hubs is not None:
            self._pushes = Pushes(self._owner.kafka, self._owner.clock)
            self._stack.callback(self._pushes.close)

    async def _pass_on(self, push: Push) -> None:
        """Puts a push where the poller of its feed, maybe this one, reads it."""
        feed = self._listed.get(push.feed_id)
        if self._pushes is None or feed is None or not (self._owned and self._owned.count):
            raise BrokerError("not in the group yet", topic=topics.PUSHES.name)
        await asyncio.to_thread(self._pushes.send, push, home(feed, self._owned.count))

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
        """Follows what the group, the list, other pollers and hubs have changed."""
        self._follow()
        self._take_share()
        if self._pushes is not None:
            for push in self._pushes.poll():
                self._share.deliver(push)

    def _take_share(self) -> None:
        before, feeds = self._owned, self._owner.feeds()
        owned = self._owned = self._membership.owned()
        self._owner.health.waiting_for = None if owned.partitions else "partitions"
        was = (before.partitions, before.count) if before else None
        if was == (owned.partitions, owned.count) and not owned.fresh and feeds is self._feeds:
            return
        self._feeds = feeds
        self._listed = {feed.id: feed for feed in feeds}
        if self._pushes is not None:
            self._pushes.follow(owned.partitions, owned.fresh)
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
        self._report.held(self._share.holdings, self._owner.clock())

    def _measure(self) -> None:
        now = self._owner.clock()
        self._owner.loop_metrics.caught_up.set(self._share.due_since(now).timestamp())

    def _start(self, web: Web, *, once: bool) -> None:
        now = self._owner.clock()
        for job in self._share.next(now, self._running.values(), once=once):
            self._running[asyncio.create_task(_done(job, web, now))] = job

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
        ours = [(job, polled) for job, polled in results if self._share.holds(job.holding)]
        ours = [(job, self._with_copies(polled)) for job, polled in ours]
        with self._owner.tracer.polls([polled.articles for _, polled in ours]) as traced:
            messages = [
                message
                for (job, polled), each in zip(ours, traced, strict=True)
                for message in outgoing(job.holding, polled, each.traceparent)
            ]
            self._commit(messages)
        for (job, polled), each in zip(ours, traced, strict=True):
            job.holding.keep(polled.state)
            self._report.done(job.kind, polled, each.trace_id)
        self._report.held(self._share.holdings, self._owner.clock())

    def _commit(self, messages: Sequence[Message]) -> None:
        if not (messages and self._owned):
            return
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

    def _with_copies(self, polled: Polled) -> Polled:
        """The articles that are copies of others say so."""
        if self._copies is None:
            return polled
        articles = [
            article.model_copy(update={"duplicate_of": self._copies.add(article)})
            for article in polled.articles
        ]
        return replace(polled, articles=tuple(articles))


async def _done(job: Job, web: Web, now: datetime) -> Polled:
    holding = job.holding
    if job.kind == "push":
        return await take(holding.feed, holding.state, holding.pushes.popleft(), web, now)
    do = poll if job.kind == "poll" else ask
    return await do(holding.feed, holding.state, web, now)
