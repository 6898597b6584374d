"""A poller's share of the feeds, by the partitions that it owns, and what it knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from producers.addresses import normal_host
from producers.feedlist import FeedSpec
from producers.poll import is_retired
from stancewire.identity import stable_id
from stancewire.kafka import topics
from stancewire.kafka.messages import Message, encode
from stancewire.records import FeedState

SOURCE = "stancewire/produce"
# Polls under way at a time; each may hold a document of 16 MB, most hold some KB.
MAX_POLLS = 200
# While one of a host's feeds waits for pages of other sites, some others may be asked.
MAX_POLLS_A_HOST = 4
# A poll that found nothing new changes two times only, which need not be on disk each time.
UNWRITTEN = timedelta(hours=1)
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


class Share:
    """Which feeds are held, as the group and the list change."""

    def __init__(self) -> None:
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

    def next(self, now: datetime, running: Collection[Holding], *, once: bool) -> list[Holding]:
        """What to poll now beside the polls under way, the longest due first.

        With `once`, whatever was not polled yet is due.
        """
        active = set(running)
        busy = Counter(holding.host for holding in running)
        due = [
            holding
            for holding in self._held.values()
            if holding not in active and (self._is_open(holding) if once else holding.is_due(now))
        ]
        due.sort(key=lambda holding: holding.state.next_check_at or FIRST)
        started: list[Holding] = []
        for holding in due:
            if len(active) + len(started) >= MAX_POLLS:
                break
            if busy[holding.host] < MAX_POLLS_A_HOST:
                busy[holding.host] += 1
                started.append(holding)
        return started

    @property
    def all_polled(self) -> bool:
        """Whether there is a share, and all of it was polled since it is ours."""
        return bool(self._partitions) and not any(map(self._is_open, self._held.values()))

    @staticmethod
    def _is_open(holding: Holding) -> bool:
        return not holding.polled and not holding.retired
