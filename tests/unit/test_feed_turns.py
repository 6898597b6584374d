from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from producers import turns
from producers.turns import Turns


def test_a_pause_after_each_turn_at_a_host_and_none_between_hosts() -> None:
    async def run() -> tuple[list[float], float]:
        line = Turns(0.1, time.monotonic)
        began: list[float] = []

        async def once(host: str) -> None:
            async with line.turn(host):
                began.append(time.monotonic())

        start = time.monotonic()
        await asyncio.gather(*(once("a.example") for _ in range(4)))
        gaps = [later - sooner for sooner, later in pairwise(began)]
        await asyncio.gather(*(once(f"{number}.example") for number in range(50)))
        return gaps, began[-1] - start

    gaps, whole = asyncio.run(run())
    assert min(gaps) >= 0.099
    assert whole < 2


def test_a_failed_turn_is_followed_by_a_pause_too() -> None:
    async def run() -> float:
        line = Turns(0.1, time.monotonic)
        start = time.monotonic()
        for _ in range(2):
            with pytest.raises(ValueError, match="no"):
                async with line.turn("a.example"):
                    raise ValueError("no")
        return time.monotonic() - start

    assert asyncio.run(run()) >= 0.099


def test_a_host_is_closed_for_the_longest_time_that_it_asked_for() -> None:
    now = 100.0
    line = Turns(0, lambda: now)
    assert line.closed_for("a.example") == 0
    line.close("a.example", timedelta(seconds=60))
    line.close("a.example", timedelta(seconds=5))
    assert (line.closed_for("a.example"), line.closed_for("b.example")) == (60, 0)
    now = 170.0
    assert line.closed_for("a.example") == 0


def test_idle_hosts_are_forgotten_and_closed_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MAX_IDLE_HOSTS", 10)

    async def run() -> Turns:
        line = Turns(0, lambda: 0.0)
        line.close("closed.example", timedelta(seconds=1))
        for number in range(100):
            async with line.turn(f"{number}.example"):
                pass
        return line

    line = asyncio.run(run())
    assert line.closed_for("closed.example") == 1
    assert len(line._hosts) <= 12
