"""When a feed is asked next: by its rhythm, its publisher's wishes, and how it fared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import sqrt

from stancewire.identity import stable_id

# Enough to tell a rhythm, few enough to follow it from day to night.
RECENT = 10
HOUR = timedelta(hours=1)
# Feeds asked in step stay in step; a tenth parts them soon and delays none by much.
JITTER = 0.1
# Entries come in bursts; after this share of a document's turnover few have left it unseen.
SAFE_SHARE = 1 / 4
# 2 to this power times any interval is more than a day.
MAX_DOUBLINGS = 16
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
PERIODS = {
    "hourly": HOUR,
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How often feeds are asked: `hourly` is the interval of one that has an entry an hour."""

    shortest: timedelta = timedelta(minutes=5)
    hourly: timedelta = timedelta(minutes=10)
    longest: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a feed says of itself: leave it alone for `ttl`; it is updated about every `period`."""

    ttl: timedelta | None = None
    period: timedelta | None = None


def arrivals(
    known: Iterable[datetime], published: Iterable[datetime], now: datetime
) -> tuple[datetime, ...]:
    """The newest moments at which entries were published, the oldest first.

    Entries of one minute came together and count once; those dated ahead count when it is time.
    """
    moments = {each.replace(second=0, microsecond=0) for each in published if each <= now}
    return tuple(sorted(moments.union(known)))[-RECENT:]


def interval(recent: Iterable[datetime], wishes: Wishes, now: datetime, pace: Pace) -> timedelta:
    """The time between two polls that suits a feed with these arrivals.

    It goes with the square root of the time between entries: for independent arrivals, this has
    the least total delay of all ways to spend so many requests on many feeds (Sia, Cho & Cho 2007,
    "Efficient monitoring algorithm for fast news alerts"). A silence lengthens it by itself.
    """
    moments = list(recent)
    gap = (now - moments[0]) / len(moments) if moments else None
    if wishes.period and len(moments) < RECENT // 2:
        gap = max(gap, wishes.period) if gap else wishes.period
    wait = pace.hourly * sqrt(max(gap, timedelta(0)) / HOUR) if gap is not None else pace.hourly
    return min(max(wait, pace.shortest), pace.longest)


def turnover(recent: Iterable[datetime], entries: int, now: datetime) -> timedelta | None:
    """How long a document of so many entries takes to become another; None if it is not known."""
    moments = list(recent)
    if len(moments) < RECENT // 2 or not entries:
        return None
    return (now - moments[0]) / len(moments) * entries


def wait(
    feed_id: str,
    suits: timedelta,
    wishes: Wishes,
    turnover: timedelta | None,
    headers: Mapping[str, str],
    now: datetime,
    pace: Pace,
) -> timedelta:
    """How long to leave a feed alone that answered: as suits it, and as long as it wishes.

    A wish that would have us miss entries counts only as far as it does not.
    """
    wish = min(max(wishes.ttl or timedelta(0), fresh_for(headers)), pace.longest)
    if turnover is not None:
        wish = min(wish, turnover * SAFE_SHARE)
    return jittered(max(suits, wish), feed_id, now)


def back_off(
    feed_id: str,
    suits: timedelta,
    failures: int,
    retry_after: timedelta | None,
    now: datetime,
    pace: Pace,
) -> timedelta:
    """How long to leave a feed alone that failed, after so many failures before: never for ever."""
    doubled = suits * 2 ** min(failures, MAX_DOUBLINGS)
    asked = min(retry_after or timedelta(0), pace.longest)
    return jittered(max(suits, min(doubled, pace.longest), asked), feed_id, now)


def jittered(span: timedelta, feed_id: str, now: datetime) -> timedelta:
    """Longer by up to a tenth, by feed and time; the same again for the same two."""
    share = int(stable_id("jitter", feed_id, now.isoformat())[:8], 16) / 16**8
    return span * (1 + JITTER * share)


def fresh_for(headers: Mapping[str, str]) -> timedelta:
    """How long caches may keep an answer, by Cache-Control or Expires (RFC 9111, section 4.2.1)."""
    control = headers.get("Cache-Control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return timedelta(0)
    stated = MAX_AGE.search(control)
    if stated:
        age = headers.get("Age", "").strip()
        passed = int(age) if age.isdecimal() and len(age) <= len("999999999") else 0
        return timedelta(seconds=max(0, int(stated.group(1)) - passed))
    expires, date = http_date(headers.get("Expires")), http_date(headers.get("Date"))
    return max(expires - date, timedelta(0)) if expires and date else timedelta(0)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What a Retry-After header asks for, in seconds or as a date; None if it asks for nothing."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return timedelta(seconds=int(value[:9]))
    until = http_date(value)
    if until is None:
        return None
    return max(until - (http_date(headers.get("Date")) or now), timedelta(0))


def http_date(value: str | None) -> datetime | None:
    """A date of a header; None if it is no date."""
    try:
        date = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def minutes(value: object) -> timedelta | None:
    """A `ttl`: minutes of a cache's life."""
    text = str(value or "").strip()
    count = int(text[:7]) if text.isdecimal() else 0
    return timedelta(minutes=count) if count else None


def update_period(period: object, frequency: object) -> timedelta | None:
    """The time between two updates by RSS's Syndication module (`sy:`)."""
    span = PERIODS.get(str(period or "").strip().lower())
    text = str(frequency or "1").strip()
    times = int(text[:7]) if text.isdecimal() else 0
    return span / times if span and times else None
