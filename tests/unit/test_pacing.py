"""How many records a batch holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stancewire.kafka.pacing import BatchSize


def test_it_begins_with_one_and_doubles_up_to_the_limit() -> None:
    size = BatchSize(10, max_poll_interval_s=60)
    seen = []
    for _ in range(6):
        seen.append(size.records)
        size.took(size.records, 0.001 * size.records)
    assert seen == [1, 2, 4, 8, 10, 10]


def test_a_slow_batch_makes_the_next_one_fit_at_once() -> None:
    size = BatchSize(64, max_poll_interval_s=60)
    for _ in range(8):
        size.took(size.records, 0)
    assert size.records == 64
    size.took(64, 128.0)  # 2 s a record, and a sixth of 60 s is 10 s
    assert size.records == 5


@given(
    st.integers(1, 500),
    st.floats(1, 3600),
    st.lists(st.floats(0, 4000, allow_nan=False), max_size=20),
)
def test_the_next_batch_of_the_same_speed_takes_no_more_than_a_sixth(
    limit: int, interval_s: float, times: list[float]
) -> None:
    size = BatchSize(limit, interval_s)
    for seconds in times:
        taken = size.records
        size.took(taken, seconds)
        assert 1 <= size.records <= limit
        if size.records > 1:
            assert size.records * seconds / taken <= interval_s / 6 + 1e-6
