"""A record that a step cannot process fails alone, and a lack of memory fails none."""

from __future__ import annotations

import errno
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.errors import ModelError, StancewireError
from stancewire.kafka import isolation
from stancewire.kafka.isolation import is_passing, isolated


class Doubling:
    """Doubles numbers; `poison` fails a batch, and batches over `room` lack memory."""

    def __init__(self, poison: set[int], room: int = 1000) -> None:
        self.poison = poison
        self.room = room
        self.calls = 0

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.calls += 1
        if len(numbers) > self.room:
            raise MemoryError
        if bad := self.poison & set(numbers):
            raise ValueError(min(bad))
        return [2 * number for number in numbers]


def never(seconds: float) -> bool:
    raise AssertionError("nothing to wait for")


@given(size=st.integers(0, 70), poison=st.sets(st.integers(0, 69)), room=st.integers(1, 70))
def test_each_record_has_its_result_or_its_own_error(
    size: int, poison: set[int], room: int
) -> None:
    results = isolated(Doubling(poison, room), range(size), never)
    assert [r if isinstance(r, int) else r.args for r in results] == [
        (number,) if number in poison else 2 * number for number in range(size)
    ]


def test_one_poison_record_of_64_costs_no_more_than_13_calls() -> None:
    step = Doubling({37})
    isolated(step, range(64), never)
    assert step.calls <= 13


def test_a_lack_of_memory_is_waited_for() -> None:
    lacking = [MemoryError(), MemoryError()]
    waited: list[float] = []

    def step(numbers: Sequence[int]) -> list[int]:
        if lacking:
            raise lacking.pop()
        return list(numbers)

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    assert isolated(step, [7], wait) == [7]
    assert waited == list(isolation.WAITS_S[:2])


def test_a_lack_that_stays_ends_the_worker_and_makes_no_dead_letter() -> None:
    step = Doubling(set(), room=0)
    with pytest.raises(StancewireError, match="lacks memory"):
        isolated(step, [7], lambda _: False)
    assert step.calls == 1 + len(isolation.WAITS_S)


def test_a_stop_ends_the_waiting() -> None:
    step = Doubling(set(), room=0)
    with pytest.raises(StancewireError, match="lacks memory"):
        isolated(step, [7], lambda _: True)
    assert step.calls == 1


def test_an_error_that_shows_after_the_lack_is_the_records() -> None:
    errors: list[Exception] = [ValueError("seven"), MemoryError()]

    def step(numbers: Sequence[int]) -> list[int]:
        raise errors.pop()

    (result,) = isolated(step, [7], lambda _: False)
    assert isinstance(result, ValueError)


def caused(by: Exception) -> ModelError:
    error = ModelError("the model failed")
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "no memory"), True),
        (RuntimeError("CUDA error: device-side assert triggered"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: out of memory"), True),
        (caused(MemoryError()), True),
        (caused(RuntimeError("std::bad_alloc")), True),
        (OSError(errno.ENOENT, "no file"), False),
        (ValueError("the patient ran out of memory"), False),
        (RuntimeError("shapes do not match"), False),
        (caused(ValueError("bad text")), False),
    ],
)
def test_what_tells_of_the_machine_is_told_from_what_tells_of_a_record(
    error: Exception, passing: bool
) -> None:
    assert is_passing(error) is passing
