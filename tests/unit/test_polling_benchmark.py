from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from statistics import mean

import pytest

from benchmarks.polling.answers import Answer
from benchmarks.polling.clock import SimulatedLoop
from benchmarks.polling.fixed import fixed
from benchmarks.polling.ledger import Ledger
from benchmarks.polling.poller import share_polled
from benchmarks.polling.site import DAY, SimulatedFeed, create_site
from benchmarks.polling.table import delays, table

DAYS = 2
QUARTER_HOUR_S = 900


def sound_site(count: int) -> list[SimulatedFeed]:
    """A small site in which nothing is wrong."""
    return [
        replace(
            feed,
            host=replace(feed.host, drops=False, hangs=False, outages=()),
            has_moved=False,
            is_missing=False,
            gone_at=inf,
        )
        for feed in create_site(count, DAYS, 1)
    ]


def troubled_site() -> list[SimulatedFeed]:
    """One in which everything is wrong once but dropped connections, which have their own test."""
    feeds = sound_site(40)
    first, second, *_ = sorted({feed.host.address for feed in feeds})
    for feed in feeds:
        outages = (20_000.0, 110_000.0) if feed.host.address == first else ()
        host = replace(feed.host, outages=outages, hangs=feed.host.address == second)
        feeds[feed.number] = replace(feed, host=host)
    gone, missing, moved = [f.number for f in feeds if f.works and not f.host.outages][:3]
    feeds[gone] = replace(feeds[gone], gone_at=50_000.0)
    feeds[missing] = replace(feeds[missing], is_missing=True)
    feeds[moved] = replace(feeds[moved], has_moved=True)
    return feeds


@pytest.fixture(scope="module")
def feeds() -> list[SimulatedFeed]:
    return troubled_site()


@pytest.fixture(scope="module")
def ours(feeds: list[SimulatedFeed]) -> Ledger:
    return share_polled(feeds, DAYS)


@pytest.fixture(scope="module")
def theirs(feeds: list[SimulatedFeed]) -> Ledger:
    return fixed(feeds, DAYS, QUARTER_HOUR_S, 0)


def test_hosts_get_their_pause_and_the_time_that_they_ask_for(ours: Ledger, theirs: Ledger) -> None:
    assert (ours.hurried, ours.intruding, ours.needless) == (0, 0, 0)
    assert theirs.hurried > 0  # what is counted happens to a poller that looks after none of it
    assert theirs.intruding > 0
    assert theirs.needless > 0
    assert ours.requests.total() < theirs.requests.total()
    assert ours.saved > 0


def test_every_entry_in_an_answer_is_published_once(
    feeds: Sequence[SimulatedFeed], ours: Ledger, theirs: Ledger
) -> None:
    assert (ours.lost, ours.twice) == (0, 0)
    assert delays(feeds, DAYS, ours).missed <= delays(feeds, DAYS, theirs).missed
    had = {feed.number for feed in feeds if ours.found[feed.number]}
    assert had == {feed.number for feed in feeds if feed.works}


def test_a_host_that_drops_connections_gets_its_pause() -> None:
    few = [replace(each, host=replace(each.host, drops=True)) for each in sound_site(4)]
    assert share_polled(few, DAYS).hurried == 0


def test_a_seed_gives_the_same_again() -> None:
    first, second = (create_site(8, DAYS, 3) for _ in range(2))
    assert share_polled(first, DAYS) == share_polled(second, DAYS)
    assert first != create_site(8, DAYS, 4)


def test_the_fixed_poll_is_what_the_poller_does_at_a_fixed_interval() -> None:
    few = sound_site(8)
    real = share_polled(few, DAYS, interval_seconds=QUARTER_HOUR_S)
    computed = fixed(few, DAYS, QUARTER_HOUR_S, None)
    assert real.requests == computed.requests
    assert real.saved == computed.saved
    waited = [mean(delays(few, DAYS, each).all) for each in (real, computed)]
    assert waited[0] == pytest.approx(waited[1], abs=0.5)


def test_breaches_are_counted() -> None:
    ledger = Ledger()
    quick, closed = Answer(200, 0.5), Answer(503, 0.5, closed_seconds=60)
    for host, at, answer in [
        ("a", 0.0, quick), ("b", 0.1, quick), ("a", 1.4, quick), ("a", 2.9, closed),
        ("a", 60.0, quick), ("a", 63.5, Answer(410, 0.5)), ("a", 70.0, quick),
    ]:  # fmt: skip
        ledger.note(host, 1, at, answer)
    assert (ledger.hurried, ledger.intruding, ledger.needless) == (1, 1, 1)
    ledger.shown[1].update({3, 4})
    for at in (1.0, 2.0):
        ledger.find(1, 3, at)
    assert (ledger.twice, ledger.lost, ledger.found[1]) == (1, 1, {3: 1.0})


def test_time_passes_only_while_nothing_is_on_its_way() -> None:
    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        await asyncio.sleep(DAY)
        moments = [loop.time()]
        loop.moving.add("host")
        loop.call_later(1, moments.append, -1.0)
        await asyncio.to_thread(time.sleep, 0.01)
        loop.moving.clear()
        return [*moments, loop.time()]

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        assert runner.run(run()) == [DAY, DAY]


def test_table(feeds: Sequence[SimulatedFeed], ours: Ledger, theirs: Ledger) -> None:
    text = table(feeds, DAYS, {"ours": ours, "theirs": theirs})
    assert "| requests within a host's pause | 0 |" in text
    assert len({line.count("|") for line in text.splitlines()}) == 1
