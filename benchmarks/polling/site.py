"""A made-up web of feeds: where they are, when they publish, and what is wrong with them.

Rates spread as those of real feeds do: one in seven is nearly dead; the others' are lognormal, 3.5
entries a day in the median, 9 in the mean, 300 at most. Entries come independently of each other,
more by day than by night (each feed has its own time zone), half as many at weekends; some bring a
burst of others within 20 minutes. None is edited. Feeds show their newest 10 to 20 entries, each
of 200 characters to some KB, dated to the second, and have been there for long.

Half of the feeds give ETag and Last-Modified, a quarter one of them, a quarter none, and of these
a third say anew in each minute when they were built. Some have a `ttl` of an hour, a max-age, or
WordPress's hourly `sy:updatePeriod`. A third as many hosts as feeds, with up to 4 % of all feeds on
one. A few hosts close every connection, hang, or answer 503 with Retry-After for an hour now and
then; a few feeds are missing (404), have moved on their host (301), or go for good (410).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, inf, log, pi
from random import Random

DAY = 86_400.0
FEEDS_A_HOST = 3
# The first host has as many feeds as if five larger ones were missing: 4 % of all, not 14 %.
FIRST_RANK = 5

NEARLY_DEAD, DEAD_RATE = 0.15, 1 / 30
MEDIAN_RATE, RATE_SIGMA, MAX_RATE = 3.5, 1.4, 300.0
# How much the rate rises above and falls below its mean with the hour; and what weekends leave.
SWING, WEEKEND = 0.8, 0.5
WEEK_MEAN = (5 + 2 * WEEKEND) / 7
BURSTS, MAX_BURST, BURST_S = 0.15, 4, 1_200
BURST_MEAN = 1 + BURSTS * (1 + MAX_BURST) / 2

BYTES_MEDIAN, BYTES_SIGMA, MIN_BYTES, MAX_BYTES = 700, 0.9, 200, 6_000

DROPS, HANGS, OUTAGES, OUTAGE_S = 0.01, 0.005, 0.05, 3_600.0
MISSING, GONE, MOVED = 0.01, 0.01, 0.03
TTL, HOURLY, FRESH, MAX_AGES = 0.1, 0.3, 0.25, (300, 600, 1_800, 3_600)


@dataclass(frozen=True, slots=True)
class Host:
    """`seconds` is how long an answer takes; `outages` are beginnings, each of `OUTAGE_S`."""

    address: str
    seconds: float
    drops: bool
    hangs: bool
    outages: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """When an entry appears, in whole seconds since the start, and how long its text is."""

    at: int
    characters: int


@dataclass(frozen=True, slots=True)
class SimulatedFeed:
    """`entries` are the oldest first, at most one a second; `window` are shown at a time."""

    number: int
    host: Host
    entries: tuple[Publication, ...]
    window: int
    has_etag: bool
    has_last_modified: bool
    is_restless: bool
    ttl_minutes: int | None
    is_hourly: bool
    max_age: int | None
    has_moved: bool
    is_missing: bool
    gone_at: float

    @property
    def path(self) -> str:
        """Where the list has it."""
        return f"/old/{self.number}" if self.has_moved else f"/{self.number}"

    @property
    def works(self) -> bool:
        return not (self.host.drops or self.host.hangs or self.is_missing)


def create_site(feeds: int, days: int, seed: int) -> list[SimulatedFeed]:
    """The same feeds for the same arguments."""
    rng = Random(f"hosts {seed}")
    count = max(1, feeds // FEEDS_A_HOST)
    hosts = [_host(number, days, Random(f"host {seed} {number}")) for number in range(count)]
    weights = [1 / (rank + FIRST_RANK) for rank in range(count)]
    places = rng.choices(hosts, weights, k=feeds)
    return [
        _feed(number, host, days, Random(f"feed {seed} {number}"))
        for number, host in enumerate(places)
    ]


def _host(number: int, days: int, rng: Random) -> Host:
    fate = rng.random()
    outages = [rng.uniform(0, days * DAY) for _ in range(rng.randint(1, 3))]
    return Host(
        address=f"127.1.{number // 250}.{number % 250 + 1}",
        seconds=min(rng.lognormvariate(log(0.2), 0.8), 5.0),
        drops=fate < DROPS,
        hangs=DROPS <= fate < DROPS + HANGS,
        outages=tuple(outages) if DROPS + HANGS <= fate < DROPS + HANGS + OUTAGES else (),
    )


def _feed(number: int, host: Host, days: int, rng: Random) -> SimulatedFeed:
    validators, fate, window = rng.random(), rng.random(), rng.randint(10, 20)
    is_missing = fate < MISSING
    gone_at = rng.uniform(0, days * DAY) if MISSING <= fate < MISSING + GONE else inf
    return SimulatedFeed(
        number=number,
        host=host,
        entries=_entries(window, min(days * DAY, gone_at), rng),
        window=window,
        has_etag=validators < 0.625,
        has_last_modified=validators < 0.5 or 0.625 <= validators < 0.75,
        is_restless=validators > 1 - 0.25 / 3,
        ttl_minutes=60 if rng.random() < TTL else None,
        is_hourly=rng.random() < HOURLY,
        max_age=rng.choice(MAX_AGES) if rng.random() < FRESH else None,
        has_moved=MISSING + GONE <= fate < MISSING + GONE + MOVED,
        is_missing=is_missing,
        gone_at=gone_at,
    )


def _entries(window: int, end: float, rng: Random) -> tuple[Publication, ...]:
    """A full window from before the start, and what appears until the end."""
    rate = rng.lognormvariate(log(MEDIAN_RATE), RATE_SIGMA)
    rate = DEAD_RATE if rng.random() < NEARLY_DEAD else min(rate, MAX_RATE)
    peak, usual = rng.uniform(0, DAY), log(BYTES_MEDIAN) + rng.gauss(0, BYTES_SIGMA)
    moments: set[int] = set()
    for moment in _moments(rate, peak, -1, rng):
        moments.add(-1 - int(moment))
        if len(moments) >= window:
            break
    for moment in _moments(rate, peak, 1, rng):
        if moment >= end:
            break
        moments.add(int(moment))
    return tuple(
        Publication(at, min(max(int(rng.lognormvariate(usual, 0.4)), MIN_BYTES), MAX_BYTES))
        for at in sorted(moments)
        if at < end
    )


def _moments(rate: float, peak: float, direction: int, rng: Random) -> Iterator[float]:
    """Seconds from the start, forward (1) or backward (-1), without end; bursts out of order."""
    highest = rate / DAY / BURST_MEAN / WEEK_MEAN * (1 + SWING)
    moment = 0.0
    while True:
        moment += rng.expovariate(highest)
        if rng.random() * (1 + SWING) > _swing(direction * moment, peak):
            continue
        yield moment
        if rng.random() < BURSTS:
            for _ in range(rng.randint(1, MAX_BURST)):
                yield moment + rng.uniform(0, BURST_S)


def _swing(moment: float, peak: float) -> float:
    """The rate at a moment by its mean on working days; the start is a Monday's."""
    share = 1 + SWING * cos(2 * pi * (moment - peak) / DAY)
    return share * (WEEKEND if moment // DAY % 7 >= 5 else 1)
