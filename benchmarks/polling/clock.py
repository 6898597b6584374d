"""An event loop whose seconds cost nothing while nothing is on its way."""

from __future__ import annotations

import asyncio
from selectors import DefaultSelector, SelectorKey

# Real seconds; on loopback only a mistake of ours takes longer.
STUCK_S = 60.0


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Time begins at 0 and jumps from timer to timer.

    It stands still as long as `moving` names hosts to or from which bytes are on their way, so
    that how long the machine takes never shows.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.moving: set[str] = set()
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.now


class _Selector(DefaultSelector):
    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """What is ready; where nothing is on its way, `timeout` passes at once."""
        if timeout is None or (self._loop.moving and timeout > 0):
            ready = super().select(STUCK_S)
            if not ready:
                hosts = ", ".join(sorted(self._loop.moving)) or "nothing"
                raise RuntimeError(f"nothing happened for {STUCK_S:g} s; on its way: {hosts}")
            return ready
        ready = super().select(0)
        if not ready:
            self._loop.now += timeout
        return ready
