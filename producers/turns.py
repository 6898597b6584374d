"""One request at a time to a host, and a pause after each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

# Hosts of articles come and go; those long idle need no remembering beyond so many.
MAX_IDLE_HOSTS = 10_000


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    closed_until: float = 0.0
    waiting: int = 0
    pause: float = 0.0


class Turns:
    """Whose turn it is at each host; times are the clock's seconds."""

    def __init__(self, pause_seconds: float, clock: Callable[[], float]) -> None:
        self._pause = pause_seconds
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """The caller's turn, once all before it had theirs and the pause is over."""
        self._forget_idle()
        place = self._hosts.setdefault(host, _Host())
        place.waiting += 1
        try:
            async with place.lock:
                await asyncio.sleep(max(0.0, place.free_at - self._clock()))
                try:
                    yield
                finally:
                    place.free_at = self._clock() + max(self._pause, place.pause)
        finally:
            place.waiting -= 1

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Makes the pauses at a host so long, if they are shorter."""
        self._hosts.setdefault(host, _Host()).pause = pause_seconds

    def close(self, host: str, span: timedelta) -> None:
        """Notes that a host asked for so much time."""
        place = self._hosts.setdefault(host, _Host())
        place.closed_until = max(place.closed_until, self._clock() + span.total_seconds())

    def closed_for(self, host: str) -> float:
        """How many seconds a host asked for that are not over yet."""
        place = self._hosts.get(host)
        return max(0.0, place.closed_until - self._clock()) if place else 0.0

    def _forget_idle(self) -> None:
        if len(self._hosts) <= MAX_IDLE_HOSTS:
            return
        now = self._clock()
        self._hosts = {
            host: place
            for host, place in self._hosts.items()
            if place.waiting or max(place.free_at, place.closed_until) > now
        }
