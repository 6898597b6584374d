"""How many records to take at a time, so that a slow model never costs the group membership."""

from __future__ import annotations

# Of the time that the group allows between two polls, a batch shall take this share: a third is
# the most that is safe, and records differ in length by more than twice.
SHARE = 1 / 6


class BatchSize:
    """Begins with one record, since a cold model may take long; doubles while there is time."""

    def __init__(self, limit: int, max_poll_interval_s: float) -> None:
        self._limit = limit
        self._budget_s = max_poll_interval_s * SHARE
        self.records = 1

    def took(self, records: int, seconds: float) -> None:
        """Learns from a batch of so many records what the next may hold."""
        allowed = self._budget_s * records
        fits = int(allowed / seconds) if seconds * self._limit > allowed else self._limit
        self.records = max(1, min(fits, 2 * self.records, self._limit))
