from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from producers import schedule
from producers.parse import parse_feed
from producers.schedule import Pace, Wishes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PACE = Pace()
NO_WISHES = Wishes()


def every(span: timedelta, count: int = 10) -> list[datetime]:
    return [NOW - span * number for number in range(count, 0, -1)]


def headers(**values: str) -> CIMultiDict[str]:
    return CIMultiDict({name.replace("_", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    ("gap", "minutes"),
    [
        (timedelta(minutes=1), 5),
        (HOUR / 3, 5.8),
        (HOUR, 10),
        (4 * HOUR, 20),
        (timedelta(days=1), 49.0),
        (timedelta(weeks=1), 129.6),
        (timedelta(days=900), 1440),
    ],
)
def test_interval_goes_with_the_root_of_the_gap(gap: timedelta, minutes: float) -> None:
    found = schedule.interval(every(gap), NO_WISHES, NOW, PACE)
    assert found / MINUTE == pytest.approx(minutes, abs=0.1)


def test_a_silence_lengthens_the_interval_and_news_shortens_it() -> None:
    known = every(HOUR)
    later = NOW + 30 * HOUR
    silent = schedule.interval(known, NO_WISHES, later, PACE)
    assert silent / MINUTE == pytest.approx(20)
    busy = schedule.arrivals(known, [later - MINUTE * number for number in range(10)], later)
    assert schedule.interval(busy, NO_WISHES, later, PACE) == 5 * MINUTE


def test_arrivals_are_the_newest_moments_up_to_now() -> None:
    together = [NOW - HOUR + timedelta(seconds=each) for each in range(3)]
    found = schedule.arrivals([], [*together, NOW + HOUR, *every(24 * HOUR, 20)], NOW)
    assert found[-1] == NOW - HOUR
    assert len(found) == schedule.RECENT
    assert list(found) == sorted(set(found))
    assert schedule.arrivals(found, found, NOW) == found


def test_a_stated_period_stands_for_a_rhythm_that_is_not_known() -> None:
    daily = Wishes(period=timedelta(days=1))
    assert schedule.interval([], daily, NOW, PACE) / MINUTE == pytest.approx(49.0, abs=0.1)
    assert schedule.interval([NOW], daily, NOW, PACE) / MINUTE == pytest.approx(49.0, abs=0.1)
    assert schedule.interval(every(HOUR), daily, NOW, PACE) == 10 * MINUTE
    assert schedule.interval([], NO_WISHES, NOW, PACE) == 10 * MINUTE


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({"Cache_Control": "public, max-age=600"}, 600),
        ({"Cache_Control": "MAX-AGE=600", "Age": "250"}, 350),
        ({"Cache_Control": "max-age=600", "Age": "900"}, 0),
        ({"Cache_Control": "max-age=600", "Age": "soon"}, 600),
        ({"Cache_Control": "s-maxage=600"}, 0),
        ({"Cache_Control": "no-cache, max-age=600"}, 0),
        ({"Cache_Control": "max-age=" + "9" * 40}, 999_999_999),
        (
            {
                "Date": "Sun, 01 Mar 2026 12:00:00 GMT",
                "Expires": "Sun, 01 Mar 2026 12:20:00 GMT",
            },
            1200,
        ),
        ({"Date": "Sun, 01 Mar 2026 12:00:00 GMT", "Expires": "0"}, 0),
        (
            {
                "Date": "Sun, 01 Mar 2026 12:00:00 GMT",
                "Expires": "Sat, 01 Mar 2025 12:00:00 GMT",
            },
            0,
        ),
        ({}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(given: dict[str, str], seconds: int) -> None:
    assert schedule.fresh_for(headers(**given)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": " 0 "}, 0),
        ({"Retry_After": "Sun, 01 Mar 2026 12:10:00 GMT"}, 600),
        (
            {
                "Retry_After": "Sun, 01 Mar 2026 12:10:00 GMT",
                "Date": "Sun, 01 Mar 2026 12:09:00 GMT",
            },
            60,
        ),
        ({"Retry_After": "Sun, 01 Mar 2020 12:00:00 GMT"}, 0),
        ({"Retry_After": "later"}, None),
        ({"Retry_After": "-5"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_both_forms(given: dict[str, str], seconds: int | None) -> None:
    span = None if seconds is None else timedelta(seconds=seconds)
    assert schedule.retry_after(headers(**given), NOW) == span


def test_wishes_lengthen_and_never_shorten() -> None:
    suits = 15 * MINUTE
    cached = headers(Cache_Control="max-age=3600")
    plain = schedule.wait("a", suits, NO_WISHES, None, {}, NOW, PACE)
    assert suits <= plain <= suits * 1.1
    assert HOUR <= schedule.wait("a", suits, NO_WISHES, None, cached, NOW, PACE) <= HOUR * 1.1
    short = Wishes(ttl=MINUTE)
    assert schedule.wait("a", suits, short, None, {}, NOW, PACE) == plain
    endless = Wishes(ttl=timedelta(days=400))
    assert schedule.wait("a", suits, endless, None, {}, NOW, PACE) <= PACE.longest * 1.1


def test_a_wish_counts_only_as_far_as_no_entry_is_missed() -> None:
    hour = Wishes(ttl=HOUR)

    def wait(gap: timedelta, entries: int) -> timedelta:
        turnover = schedule.turnover(every(gap), entries, NOW)
        return schedule.wait("a", 5 * MINUTE, hour, turnover, {}, NOW, PACE)

    assert HOUR <= wait(HOUR, 10) <= 1.1 * HOUR
    assert 30 * MINUTE <= wait(12 * MINUTE, 10) <= 33 * MINUTE
    assert 5 * MINUTE <= wait(MINUTE, 10) <= 5.5 * MINUTE
    assert HOUR <= wait(12 * MINUTE, 0) <= 1.1 * HOUR
    assert schedule.turnover([NOW - MINUTE], 10, NOW) is None  # too few to tell


def test_jitter_parts_feeds_and_is_the_same_again() -> None:
    waits = [schedule.jittered(HOUR, f"feed-{number}", NOW) for number in range(200)]
    assert len(set(waits)) == len(waits)
    assert min(waits) < 1.01 * HOUR < 1.09 * HOUR < max(waits)
    assert waits == [schedule.jittered(HOUR, f"feed-{number}", NOW) for number in range(200)]


@given(st.integers(0, 10_000), st.integers(0, 10**9), st.integers(60, 10**6))
def test_no_failing_feed_is_forgotten(failures: int, asked: int, seconds: int) -> None:
    suits = min(timedelta(seconds=seconds), PACE.longest)
    span = schedule.back_off("a", suits, failures, timedelta(seconds=asked), NOW, PACE)
    assert suits <= span <= PACE.longest * 1.1


@pytest.mark.parametrize(
    ("inside", "wishes"),
    [
        ("<ttl>60</ttl>", Wishes(ttl=HOUR)),
        ("<ttl> 60 </ttl><sy:updatePeriod>daily</sy:updatePeriod>",
         Wishes(ttl=HOUR, period=24 * HOUR)),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
         Wishes(period=HOUR / 2)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
         NO_WISHES),
        ("<ttl>0</ttl>", NO_WISHES),
        ("<ttl>-3</ttl><sy:updatePeriod>often</sy:updatePeriod>", NO_WISHES),
        ("<ttl>" + "9" * 5000 + "</ttl>", Wishes(ttl=timedelta(minutes=9_999_999))),
        ("", NO_WISHES),
    ],
)  # fmt: skip
def test_wishes_of_a_feed(inside: str, wishes: Wishes) -> None:
    body = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>t</title>{inside}<item><title>a</title></item></channel></rss>"
    )
    assert parse_feed(body.encode(), "http://example.org/").wishes == wishes
