"""A process ends when it is asked to, after what it is doing."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

log = logging.getLogger(__name__)


class Stop:
    """Set by SIGTERM or SIGINT; a second one has the default effect, for the impatient."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def listen(self) -> Stop:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        return self

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        log.info("%s: finishing", signal.Signals(number).name)
        self._event.set()
        default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, default)

    def request(self) -> None:
        self._event.set()

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """True as soon as a stop is requested, False after that many seconds."""
        return self._event.wait(seconds)
