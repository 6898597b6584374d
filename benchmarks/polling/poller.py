"""The real poller against the made-up web: share, schedule, fetcher and parser as they run."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from math import ceil
from typing import Any, TypeVar

from yarl import URL

from benchmarks.polling.answers import START, Answers
from benchmarks.polling.clock import SimulatedLoop
from benchmarks.polling.ledger import Ledger, merged
from benchmarks.polling.server import Web, web_server
from benchmarks.polling.site import DAY, SimulatedFeed
from producers.feedlist import FeedSpec
from producers.fetch import Fetcher, FetchSettings
from producers.harvest import Polled
from producers.poll import Web as Reach
from producers.poll import poll
from producers.produce import WAKE_S
from producers.response import Response
from producers.share import Job, Share

T = TypeVar("T")

# Enough to share them evenly by a few processes.
PARTITIONS = 60


def polled(feeds: Sequence[SimulatedFeed], days: int, processes: int) -> Ledger:
    """The feeds as so many pollers have polled them, each in a process of its own."""
    shares = [range(number, PARTITIONS, processes) for number in range(processes)]
    if processes == 1:
        return share_polled(feeds, days, shares[0])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        parts = [pool.submit(share_polled, feeds, days, share) for share in shares]
        return merged([part.result() for part in parts])


def share_polled(
    feeds: Sequence[SimulatedFeed],
    days: int,
    partitions: Sequence[int] = range(PARTITIONS),
    interval_seconds: int | None = None,
) -> Ledger:
    """The feeds whose home is one of the partitions, as one poller has polled them."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(_polls(feeds, days * DAY, frozenset(partitions), interval_seconds))


async def _polls(
    feeds: Sequence[SimulatedFeed],
    end: float,
    partitions: frozenset[int],
    interval_seconds: int | None,
) -> Ledger:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SimulatedLoop)
    ledger = Ledger()
    settings = FetchSettings(
        user_agent="benchmark", allowed_hosts={feed.host.address for feed in feeds}
    )
    async with (
        web_server(Web(Answers(feeds), ledger, loop)) as port,
        _NotedFetcher(settings, loop) as fetcher,
    ):
        share = Share()
        specs = [_spec(feed, port, interval_seconds) for feed in feeds]
        share.take(specs, partitions, PARTITIONS)
        await _Rounds(share, Reach(fetcher, _inline), ledger, loop).until(end)
    return ledger


def _spec(feed: SimulatedFeed, port: int, interval_seconds: int | None) -> FeedSpec:
    return FeedSpec(
        url=f"http://{feed.host.address}:{port}{feed.path}",
        id=f"feed-{feed.number}",  # the port is another in each run, and jitter goes by the id
        full_text=False,
        interval_seconds=interval_seconds,
    )


async def _inline(function: Callable[..., T], /, *args: Any) -> T:
    """Parsing takes no simulated time."""
    return function(*args)


class _NotedFetcher(Fetcher):
    """Says when its bytes are on their way."""

    def __init__(self, settings: FetchSettings, loop: SimulatedLoop) -> None:
        super().__init__(settings)
        self._moving = loop.moving

    async def _hop(self, here: URL, *args: Any, **kwargs: Any) -> Response | tuple[int, URL]:
        host = here.raw_host or ""
        self._moving.add(host)
        try:
            return await super()._hop(here, *args, **kwargs)
        finally:
            self._moving.discard(host)


class _Rounds:
    """The producer's loop without Kafka, which skips the rounds in which nothing is due."""

    def __init__(self, share: Share, reach: Reach, ledger: Ledger, loop: SimulatedLoop) -> None:
        self._share = share
        self._reach = reach
        self._ledger = ledger
        self._loop = loop
        self._running: dict[asyncio.Task[Polled], Job] = {}

    async def until(self, end: float) -> None:
        while self._loop.time() < end:
            now = self._now()
            for job in self._share.next(now, self._running.values(), once=False):
                holding = job.holding
                task = asyncio.create_task(poll(holding.feed, holding.state, self._reach, now))
                self._running[task] = job
            await self._finish(min(self._idle_seconds(now), end - self._loop.time()))
        while self._running:
            await self._finish(WAKE_S)

    async def _finish(self, seconds: float) -> None:
        if not self._running:
            await asyncio.sleep(seconds)
            return
        done, _ = await asyncio.wait(
            self._running, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            holding, found = self._running.pop(task).holding, task.result()
            holding.keep(found.state)
            for article in found.articles:
                number, _, place = (article.url or "").rpartition("/")
                feed = int(number.rpartition("/")[2])
                self._ledger.find(feed, int(place), self._loop.time())

    def _idle_seconds(self, now: datetime) -> float:
        """Until the round in which a feed is due that is not being polled."""
        busy = {job.holding for job in self._running.values()}
        due = [
            holding.state.next_check_at or now
            for holding in self._share.holdings
            if holding not in busy and not holding.retired
        ]
        left = (min(due, default=now + timedelta(days=1)) - now).total_seconds()
        return max(ceil(left / WAKE_S), 1) * WAKE_S

    def _now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())
