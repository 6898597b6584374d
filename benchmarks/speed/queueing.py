"""Articles in the two queues of the pipeline, at random and with the day's rhythm."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Served:
    """When an article came and when it was done; `busy` is the service time. All in seconds."""

    at: float
    done: float
    busy: float


def arrivals(daily: float, peak: float, days: int, rng: random.Random) -> Iterator[float]:
    """Poisson arrivals, `daily` a day; the rate goes up and down as a cosine once a day.

    At its height, at noon, it is `peak` times the mean (1 to 2). By thinning: Lewis and Shedler,
    "Simulation of nonhomogeneous Poisson processes by thinning", 1979.
    """
    most = peak * daily / DAY
    now = 0.0
    while True:
        now += rng.expovariate(most)
        if now >= days * DAY:
            return
        if rng.random() * peak <= rhythm(now, peak):
            yield now


def rhythm(at: float, peak: float) -> float:
    """The rate at a time, as a multiple of the mean."""
    return 1 - (peak - 1) * math.cos(2 * math.pi * at / DAY)


def served(comes: Iterable[tuple[float, float]], workers: int) -> list[Served]:
    """First come, first served by so many workers; of each, when it comes and how long it takes."""
    free = [0.0] * workers
    found = []
    for at, busy in comes:
        done = max(at, heapq.heappop(free)) + busy
        heapq.heappush(free, done)
        found.append(Served(at, done, busy))
    return found


def busiest(articles: Sequence[Served], workers: int) -> float:
    """The share of all workers' time that the arrivals of the busiest hour take."""
    hours: dict[int, float] = {}
    for each in articles:
        hour = int(each.at // HOUR)
        hours[hour] = hours.get(hour, 0.0) + each.busy
    return max(hours.values()) / (workers * HOUR)


def service(mean_s: float, variation: float, rng: random.Random) -> float:
    """A gamma-distributed time; `variation` is its standard deviation by its mean, 0 is fixed."""
    if variation == 0:
        return mean_s
    shape = 1 / variation**2
    return rng.gammavariate(shape, mean_s / shape)
