"""How long to wait after a failed transaction, and when to give up."""

from __future__ import annotations

import logging

from stancewire.errors import BrokerError, StancewireError
from stancewire.lifecycle import Stop

log = logging.getLogger(__name__)

# With the waits below, about ten minutes of a broker that is away or of a rival that fences.
MAX_FAILURES = 25
MAX_WAIT_S = 30.0


class Retries:
    """Counts failures in a row."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._failures = 0

    def succeeded(self) -> None:
        if self._failures:
            log.info("a transaction committed after %d that failed", self._failures)
        self._failures = 0

    def failed(self, error: BrokerError) -> None:
        """Waits, longer each time in a row; raises StancewireError when there were too many."""
        self._failures += 1
        if self._failures > MAX_FAILURES:
            raise StancewireError(
                "transactions keep failing; is the broker healthy, and is there another live "
                "process of this name?",
                **error.context,
            ) from error
        wait_s = min(0.1 * 2**self._failures, MAX_WAIT_S)
        log.warning("%s; again from what is committed in %.1f s", error, wait_s)
        self._stop.wait(wait_s)
