from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest

from producers.feedlist import FeedSpec
from producers.share import MAX_JOBS, MAX_JOBS_A_HOST, UNWRITTEN, Holding, Share, home
from stancewire.feed_records import FeedState, SeenEntry

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = frozenset(range(4))


def spec(number: int, host: str | None = None) -> FeedSpec:
    return FeedSpec(id=f"feed-{number}", url=f"http://{host or f'{number}.example'}/{number}")


def ids(holdings: Collection[Holding]) -> set[str]:
    return {holding.feed.id for holding in holdings}


def test_feeds_of_one_host_have_one_home_and_hosts_are_spread() -> None:
    assert len({home(spec(number, "News.Example."), 8) for number in range(50)}) == 1
    assert home(spec(1, "news.example:8080"), 8) == home(spec(2, "news.example"), 8)
    assert {home(spec(number), 8) for number in range(200)} == set(range(8))
    files = [FeedSpec(id=f"f{n}", url=f"file:{n}.xml") for n in range(100)]
    assert {home(each, 4) for each in files} == set(range(4))


def test_shares_are_disjoint_and_cover_all() -> None:
    feeds = [spec(number) for number in range(100)]
    shares = [Share() for _ in range(3)]
    parts = [frozenset({0, 1}), frozenset({2}), frozenset({3})]
    taken = [share.take(feeds, own, 4) for share, own in zip(shares, parts, strict=True)]
    assert sum(map(len, taken)) == 100
    assert set.union(*map(ids, taken)) == {feed.id for feed in feeds}


def test_what_is_kept_all_the_time_keeps_its_state_and_what_came_back_does_not() -> None:
    feeds = [spec(number) for number in range(40)]
    share = Share()
    share.take(feeds, frozenset({0, 1}), 4)
    before = {holding.feed.id: holding for holding in share.holdings}
    assert share.take(feeds, frozenset({0, 1}), 4) == []
    new = share.take(feeds, frozenset({0, 1, 2}), 4, fresh=frozenset({1, 2}))
    assert {holding.home for holding in new} == {1, 2}
    assert all(share.holds(each) == (each.home == 0) for each in before.values())
    share.take(feeds, frozenset({2}), 4)
    assert {holding.home for holding in share.holdings} == {2}


def test_who_has_not_joined_yet_holds_nothing() -> None:
    share = Share()
    assert share.take([spec(1)], frozenset(), 0) == []
    assert not share.all_polled


def test_a_changed_list() -> None:
    share = Share()
    share.take([spec(1), spec(2), spec(3)], ALL, 4)
    held = {holding.feed.id: holding for holding in share.holdings}
    changed = FeedSpec(id="feed-2", url="http://other.example/2")
    new = share.take([spec(1), changed, spec(4)], ALL, 4)
    assert ids(new) == {"feed-2", "feed-4"}
    assert ids(share.holdings) == {"feed-1", "feed-2", "feed-4"}
    assert [share.holds(held[f"feed-{number}"]) for number in (1, 2, 3)] == [True, False, False]


def test_next_are_the_longest_due_within_the_limits() -> None:
    share = Share()
    feeds = [*(spec(n, "big.example") for n in range(10)), *(spec(n) for n in range(10, 300))]
    share.take(feeds, ALL, 4)
    for holding in share.holdings:
        number = int(holding.feed.id.removeprefix("feed-"))
        at = NOW - timedelta(minutes=number) if number < 290 else NOW + timedelta(minutes=1)
        holding.state = holding.state.model_copy(update={"next_check_at": at})
    first = share.next(NOW, [], once=False)
    assert len(first) == MAX_JOBS
    numbers = [int(job.holding.feed.id.removeprefix("feed-")) for job in first]
    assert numbers == list(range(289, 289 - MAX_JOBS, -1))
    assert share.next(NOW, first, once=False) == []
    rest = share.next(NOW, first[:50], once=False)
    assert not {job.holding for job in rest} & {job.holding for job in first[:50]}
    later = share.next(NOW, [], once=False)
    share.take(feeds[:10], ALL, 4)
    assert len(share.next(NOW, [], once=False)) == MAX_JOBS_A_HOST
    assert len(later) == MAX_JOBS


def test_once_is_over_when_all_but_the_retired_were_polled() -> None:
    share = Share()
    assert not share.all_polled
    share.take([spec(1), spec(2)], ALL, 4)
    one, two = share.holdings
    one.state = one.state.model_copy(update={"next_check_at": NOW + timedelta(days=1)})
    two.state = two.state.model_copy(update={"retired_at": NOW})
    assert share.next(NOW, [], once=False) == []
    assert [(job.kind, job.holding) for job in share.next(NOW, [], once=True)] == [("poll", one)]
    one.keep(one.state)
    assert share.all_polled
    assert share.next(NOW, [], once=True) == []


def held(**more: object) -> Holding:
    feed = spec(1)
    state = FeedState(
        id=feed.id, url=feed.url, checked_at=NOW, next_check_at=NOW,
        seen={"a": SeenEntry(revision=1, content_hash="x")},
    )  # fmt: skip
    holding = Holding(feed, 2, "1.example", state)
    holding.keep(state)
    return holding


@pytest.mark.parametrize(
    ("later", "change", "is_written"),
    [
        (timedelta(minutes=5), {}, False),
        (UNWRITTEN - timedelta(seconds=1), {}, False),
        (UNWRITTEN, {}, True),
        (timedelta(minutes=5), {"failures": 1}, True),
        (timedelta(minutes=5), {"etag": '"y"'}, True),
        (timedelta(minutes=5), {"seen": {"a": SeenEntry(revision=2, content_hash="y")}}, True),
    ],
)
def test_states_that_say_nothing_new_are_written_once_an_hour(
    later: timedelta, change: dict[str, object], is_written: bool
) -> None:
    holding = held()
    times = {"checked_at": NOW + later, "next_check_at": NOW + 2 * later}
    state = holding.state.model_copy(update={**times, **change})
    messages = holding.messages(state)
    assert [message.partition for message in messages] == [2] * is_written
    holding.keep(state)
    assert holding.state == state
    assert (holding.written == state) is is_written


def test_a_state_that_was_elsewhere_moves_home() -> None:
    holding = held()
    holding.elsewhere = frozenset({0, 3})
    state, *gone = holding.messages(holding.state)
    assert (state.partition, state.key) == (2, b"feed-1")
    assert [(each.partition, each.key, each.value) for each in gone] == [
        (0, b"feed-1", None),
        (3, b"feed-1", None),
    ]
    holding.keep(holding.state)
    assert holding.messages(holding.state) == []
