"""When a worker stops taking records, and when it goes on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stancewire.kafka.breaker import LAST_PAUSE_S, Breaker


def longest_run(failures: list[bool]) -> int:
    longest = run = 0
    for failed in failures:
        run = run + 1 if failed else 0
        longest = max(longest, run)
    return longest


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=5), max_size=12), st.integers(1, 6))
def test_no_more_than_the_limit_in_a_row_are_ever_committed(
    batches: list[list[bool]], limit: int
) -> None:
    breaker = Breaker(limit)
    committed: list[bool] = []
    for batch in batches:
        taken = batch[:1] if breaker.is_open else batch
        if breaker.check(taken):
            committed += taken
            assert not breaker.is_open
        else:
            assert breaker.is_open
    assert longest_run(committed) <= limit


def test_scattered_failures_do_not_open_it() -> None:
    breaker = Breaker(2)
    assert all(breaker.check([True, True, False]) for _ in range(50))
    assert not breaker.is_open


def test_runs_count_over_batches() -> None:
    breaker = Breaker(3)
    assert breaker.check([True, True])
    assert not breaker.check([True, True])
    assert breaker.is_open


def test_while_it_is_open_a_failure_keeps_it_open_and_a_success_closes_it() -> None:
    breaker = Breaker(3)
    breaker.check([True] * 4)
    pauses = [breaker.pause_s]
    for _ in range(8):
        assert not breaker.check([True])
        pauses.append(breaker.pause_s)
    assert pauses[:3] == [5.0, 10.0, 20.0]
    assert pauses[-1] == LAST_PAUSE_S
    assert breaker.check([False])
    assert not breaker.is_open
    assert breaker.check([True] * 3)
