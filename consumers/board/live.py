"""Telling every page that is open what has come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

# A page that does not keep up misses some, and finds them when it is loaded again.
MAX_WAITING = 100

Heard = asyncio.Queue[Sequence[int] | None]


class Live:
    """Passes numbers on to all listeners; made and listened to on one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._listeners: set[Heard] = set()

    def arrived(self, numbers: Sequence[int]) -> None:
        """May be called on any thread."""
        if numbers:
            self._loop.call_soon_threadsafe(self._tell, numbers)

    def _tell(self, numbers: Sequence[int] | None) -> None:
        for heard in self._listeners:
            if numbers is None or not heard.full():
                heard.put_nowait(numbers)

    def end(self) -> None:
        """Has every listener hear None, the last that it hears."""
        for heard in self._listeners:
            while heard.full():
                heard.get_nowait()
        self._tell(None)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Heard]:
        heard: Heard = asyncio.Queue(MAX_WAITING)
        self._listeners.add(heard)
        try:
            yield heard
        finally:
            self._listeners.discard(heard)
