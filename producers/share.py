"""A poller's share of the feeds, by the partitions that it owns, and what it knows of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from producers import websub
from producers.addresses import normal_host
from producers.feedlist import FeedSpec
from producers.poll import is_retired
from stancewire.feed_records import FeedState, Push
from stancewire.identity import stable_id
from stancewire.kafka import topics
from stancewire.kafka.messages import Message, encode

SOURCE = "stancewire/produce"
# Jobs under way at a time; each may hold a document of 16 MB, most hold some KB.
MAX_JOBS = 200
# While one of a host's feeds waits for pages of other sites, some others may be asked.
MAX_JOBS_A_HOST = 4
# A poll that found nothing new changes two times only, which need not be on disk each time.
UNWRITTEN = timedelta(hours=1)
# Pushes of one feed that wait; where more come, a poll finds what they hold.
MAX_PUSHES = 20
FIRST = datetime.min.replace(tzinfo=UTC)


def host_of(feed: FeedSpec) -> str:
    """What a feed shares with those that must not be asked at the same time."""
    return normal_host(urlsplit(feed.url).hostname or "") or f"file:{feed.id}"


def home(feed: FeedSpec, partitions: int) -> int:
    """The feed's partition out of so many; feeds of one host share it, so one poller asks it."""
    return int(stable_id("host", host_of(feed))[:8], 16) % partitions


@dataclass(slots=True, eq=False)
class Holding:
    """A feed that is ours to poll, from when we came to own its partition to when we lose it.

    `written` is its state on the topic; `elsewhere` are other partitions that have one, from
    when the feed's host was another.
    """

    feed: FeedSpec
    home: int
    host: str
    state: FeedState
    written: FeedState | None = None
    elsewhere: frozenset[int] = frozenset()
    polled: bool = False
    pushes: deque[Push] = field(default_factory=deque)

    @property
    def retired(self) -> bool:
        return is_retired(self.feed, self.state)

    def is_due(self, now: datetime) -> bool:
        at = self.state.next_check_at
        return not self.retired and (at is None or at <= now)

    def messages(self, state: FeedState) -> list[Message]:
        """What makes a new state the feed's, on the topic; nothing if it need not be there."""
        if not self._is_news(state):
            return []
        message = encode(state, topics.FEEDS.name, source=SOURCE, traceparent=None)
        gone = [
            Message(topics.FEEDS.name, message.key, None, partition=number)
            for number in sorted(self.elsewhere)
        ]
        return [replace(message, partition=self.home), *gone]

    def keep(self, state: FeedState) -> None:
        """Takes a state once its messages are committed."""
        if self._is_news(state):
            self.written, self.elsewhere = state, frozenset()
        self.state, self.polled = state, True

    def _is_news(self, state: FeedState) -> bool:
        before = self.written
        if before is None or self.elsewhere or not (before.checked_at and state.checked_at):
            return True
        times = {"checked_at": state.checked_at, "next_check_at": state.next_check_at}
        is_same = before.model_copy(update=times) == state
        return not is_same or state.checked_at - before.checked_at >= UNWRITTEN


JobKind = Literal["push", "poll", "ask"]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What to do for a feed, and the host that is asked: take a push, poll, or ask the hub."""

    kind: JobKind
    holding: Holding
    host: str


class Share:
    """Which feeds are held, as the group and the list change.

    With `asks_hubs`, hubs are asked to tell what is new.
    """

    def __init__(self, *, asks_hubs: bool = False) -> None:
        self._asks_hubs = asks_hubs
        self._held: dict[str, Holding] = {}
        self._partitions: frozenset[int] = frozenset()

    @property
    def holdings(self) -> Collection[Holding]:
        return self._held.values()

    def take(
        self,
        feeds: Iterable[FeedSpec],
        partitions: frozenset[int],
        count: int,
        fresh: frozenset[int] = frozenset(),
    ) -> list[Holding]:
        """Holds what belongs to these partitions of so many, and nothing else.

        Returns the new holdings, whose states the caller must still set: those of partitions
        that were not ours before, or not all the time (`fresh`), and of feeds that the list
        changed.
        """
        before, self._held = self._held, {}
        ours = self._partitions - fresh
        new = []
        for feed in feeds if partitions else ():
            where = home(feed, count)
            if where not in partitions:
                continue
            old = before.get(feed.id)
            if old and old.feed == feed and old.home == where and where in ours:
                self._held[feed.id] = old
            else:
                state = FeedState(id=feed.id, url=feed.url, title=feed.title)
                self._held[feed.id] = Holding(feed, where, host_of(feed), state)
                new.append(self._held[feed.id])
        self._partitions = partitions
        return new

    def holds(self, holding: Holding) -> bool:
        """Whether it is still ours, and has been all the time."""
        return self._held.get(holding.feed.id) is holding

    def deliver(self, push: Push) -> None:
        """Has a push taken, if its feed is held."""
        holding = self._held.get(push.feed_id)
        if holding is None:
            return
        if len(holding.pushes) < MAX_PUSHES:
            holding.pushes.append(push)
        else:
            holding.pushes[-1] = push.model_copy(update={"body": None})

    def next(self, now: datetime, running: Collection[Job], *, once: bool) -> list[Job]:
        """What to do now beside the jobs under way: pushes, then polls, the longest due first.

        With `once`, whatever was not polled yet is due.
        """
        active = {job.holding for job in running}
        busy = Counter(job.host for job in running)
        waiting = [
            job
            for holding in self._held.values()
            if holding not in active and (job := self._job(holding, now, once))
        ]
        waiting.sort(key=_urgency)
        started: list[Job] = []
        for job in waiting:
            if len(active) + len(started) >= MAX_JOBS:
                break
            if busy[job.host] < MAX_JOBS_A_HOST:
                busy[job.host] += 1
                started.append(job)
        return started

    def _job(self, holding: Holding, now: datetime, once: bool) -> Job | None:
        if holding.pushes and not holding.retired:
            return Job("push", holding, f"feed:{holding.feed.id}")
        if self._is_open(holding) if once else holding.is_due(now):
            return Job("poll", holding, holding.host)
        known = holding.state.subscription
        if known and self._asks_hubs and websub.wants_asking(holding.state, now):
            return Job("ask", holding, normal_host(urlsplit(known.hub).hostname or ""))
        return None

    def due_since(self, now: datetime) -> datetime:
        """Since when the feed is due that waits longest; now if none is."""
        due = [
            at
            for each in self._held.values()
            if (at := each.state.next_check_at) and not each.retired
        ]
        return min([*due, now])

    @property
    def all_polled(self) -> bool:
        """Whether there is a share, and all of it was polled since it is ours."""
        return bool(self._partitions) and not any(map(self._is_open, self._held.values()))

    @staticmethod
    def _is_open(holding: Holding) -> bool:
        return not holding.polled and not holding.retired


def _urgency(job: Job) -> tuple[int, datetime]:
    order: list[JobKind] = ["push", "poll", "ask"]
    return order.index(job.kind), job.holding.state.next_check_at or FIRST
