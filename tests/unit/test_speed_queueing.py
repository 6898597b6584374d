"""The simulated queues do what queueing theory says."""

from __future__ import annotations

import random
from statistics import fmean

import pytest
from click.testing import CliRunner

from benchmarks.speed.queueing import DAY, HOUR, Served, arrivals, busiest, served, service
from benchmarks.speed.simulate import Load, simulate, week


def test_workers_take_articles_in_turn() -> None:
    found = served([(0, 10), (1, 10), (2, 10), (30, 1)], workers=2)
    assert [each.done for each in found] == [10, 11, 20, 31]


def test_delays_are_those_of_the_formula() -> None:
    # M/M/1: the mean time in the system is 1 / (service rate - arrival rate).
    rng = random.Random(1)
    daily = 0.5 * DAY
    comes = ((at, service(1.0, 1.0, rng)) for at in arrivals(daily, 1.0, 2, rng))
    assert fmean(each.done - each.at for each in served(comes, 1)) == pytest.approx(2, rel=0.1)


def test_most_comes_at_noon() -> None:
    times = list(arrivals(50_000, 2.0, 2, random.Random(0)))
    assert len(times) == pytest.approx(100_000, rel=0.02)
    hours = [int(at % DAY // HOUR) for at in times]
    assert hours.count(12) / len(times) == pytest.approx(2 / 24, rel=0.05)
    assert hours.count(0) / len(times) < 0.1 / 24


def test_the_busiest_hour_is_a_share_of_all_workers() -> None:
    articles = [Served(at, at + 1, 900.0) for at in (10.0, 20.0, HOUR + 1)]
    assert busiest(articles, workers=2) == pytest.approx(0.25)


def test_a_service_time_has_its_mean() -> None:
    rng = random.Random(0)
    assert service(3.0, 0.0, rng) == 3
    assert fmean(service(3.0, 0.5, rng) for _ in range(20_000)) == pytest.approx(3, rel=0.02)


def test_workers_are_as_many_as_the_peak_needs() -> None:
    load = Load(daily=DAY, peak=2.0, article_s=0.1, stances_s=1.0)
    assert load.workers(load.article_s, busy=0.5) == 1
    assert load.workers(load.stances_s, busy=0.5) == 4
    found = week(load, 1, 4, variation=0.5, days=1, seed=0)
    assert 0.4 < busiest(found.judging, 4) < 0.6
    assert min(found.delays_s) > 0


def test_too_few_workers_fall_behind() -> None:
    arguments = "--feeds 10 --articles-a-feed 200 --article-ms 50 --pair-ms 25 --days 1"
    printed = CliRunner().invoke(simulate, [*arguments.split(), "--stance-workers", "1"]).output
    rows = [line.split(" | ") for line in printed.splitlines() if line.startswith("| ")][2:]
    delays = [float(row[6]) for row in rows]
    assert delays[0] < 5 < delays[2]
