"""A process ends when it is asked to, after what it is doing."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from types import FrameType

log = logging.getLogger(__name__)

# `timeout` and terminals may send a process and its group the same signal, one after the other.
SAME_S = 1.0


class Stop:
    """Set by SIGTERM or SIGINT; one that comes later has the default effect, for the impatient."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._heard = 0.0

    def listen(self) -> Stop:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        return self

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if not self._event.is_set():
            log.info("%s: finishing", signal.Signals(number).name)
            self._heard = time.monotonic()
            self._event.set()
        elif time.monotonic() - self._heard > SAME_S:
            default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, default)
            os.kill(os.getpid(), number)

    def request(self) -> None:
        self._event.set()

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """True as soon as a stop is requested, False after that many seconds."""
        return self._event.wait(seconds)
