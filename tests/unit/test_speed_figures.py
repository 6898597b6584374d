"""What the speed benchmarks make of what they measured."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed import machine
from benchmarks.speed.finished import _of_stance, batches
from benchmarks.speed.pairs import THROUGH_KAFKA, report
from benchmarks.speed.rates import Done, steady_rate, warm_at
from benchmarks.speed.table import percentile, spread, table
from benchmarks.speed.variants import OPTIONS


def test_a_table_is_markdown() -> None:
    assert table(["", "ms"], [["a", "1.0"]]) == "|  | ms |\n| --- | ---: |\n| a | 1.0 |"


def test_a_spread_is_the_median_with_the_least_and_the_most() -> None:
    assert spread([3.0, 1.0, 1234.56], 1) == "3.0 (1.0–1,234.6)"
    assert spread([2.0], 2) == "2.00"


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


def test_percentiles_of_a_hundred_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]


def at_pace(start: float, seconds: float, records: int, count: int) -> list[Done]:
    return [Done(start + n * seconds, records, 5 * records) for n in range(count)]


def test_a_rate_counts_from_the_end_of_the_warm_up_to_the_last_end() -> None:
    slow = [Done(0, 1, 5), Done(100, 31, 155)]
    rate = steady_rate([[*slow, *at_pace(102, 2, 64, 3)]], warm=31)
    assert rate.records == pytest.approx(32)
    assert rate.outputs == pytest.approx(160)


def test_workers_are_counted_while_all_are_warm_and_busy() -> None:
    # The second begins later and is through sooner: what the first does alone is left out.
    first = [*at_pace(0, 1, 10, 20), *at_pace(30, 10, 10, 5)]
    second = at_pace(4, 2, 10, 8)
    assert steady_rate([first, second], warm=10).records == pytest.approx(10 + 5)


def test_too_few_records_are_no_rate() -> None:
    with pytest.raises(click.ClickException, match="warm the worker up"):
        warm_at(at_pace(0, 1, 4, 2), 31)
    with pytest.raises(click.ClickException, match="too few records"):
        steady_rate([at_pace(0, 1, 31, 1)])


def test_outputs_of_one_moment_are_one_batch() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [("q1", 0), ("q1", 0), ("q2", 0), ("q3", 1)]
    values = [
        json.dumps(
            {
                "quote": {"id": quote},
                "timings": {"classified_at": (now + timedelta(seconds=late)).isoformat()},
            }
        ).encode()
        for quote, late in reversed(rows)
    ]
    began = now.timestamp()
    assert batches(values, _of_stance) == [Done(began, 2, 3), Done(began + 1, 1, 1)]


def test_pairs_are_compared_with_those_through_kafka() -> None:
    through = [THROUGH_KAFKA.format(variant) for variant in OPTIONS]
    lines = report(
        {"naive": [10.0, 20.0, 30.0], through[0]: [50.0], through[1]: [100.0]}
    ).splitlines()
    assert lines[2] == "| naive | 20.0 (10.0–30.0) | 2.50 | 5.00 |"
    assert lines[3].endswith("| 50.0 | 1.00 | 2.00 |")


def test_the_machine_is_named_with_what_tells_it_apart() -> None:
    cpuinfo = "cpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\n\nmodel name\t: AMD EPYC\n"
    assert machine.processor(cpuinfo) == "AMD EPYC (cpu family 26, model 2)"
    assert machine.broker_version(["kafka_2.13-4.1.2-test.jar", "kafka_2.13-4.1.2.jar"]) == "4.1.2"


def test_memory_and_time_of_a_process() -> None:
    me = os.getpid()
    assert machine.peak_mb(me) > 1
    assert machine.cpu_seconds(me) == pytest.approx(sum(os.times()[:2]), abs=0.5)
