"""Stopping before a topic is drained into dead letters."""

from __future__ import annotations

# The first pause is short, as a model server that restarts takes; the last leaves a person time.
FIRST_PAUSE_S = 5.0
LAST_PAUSE_S = 300.0


class Breaker:
    """Opens when more than `limit` records in a row fail: then it is not the records.

    While it is open nothing is committed; after each pause one record is tried, and the first that
    succeeds closes it. Source of the pattern: Nygard, "Release It!", 2007.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._in_a_row = 0
        self._pauses = 0

    @property
    def is_open(self) -> bool:
        return self._pauses > 0

    @property
    def pause_s(self) -> float:
        """How long to wait before the next try; it doubles with each that fails."""
        return min(FIRST_PAUSE_S * 2.0 ** (self._pauses - 1), LAST_PAUSE_S)

    def check(self, failures: list[bool]) -> bool:
        """Whether a batch may be committed, given which of its records failed, in order.

        If not, the breaker is open.
        """
        in_a_row = self._in_a_row
        for failed in failures:
            in_a_row = in_a_row + 1 if failed else 0
            if in_a_row > self._limit:
                self._in_a_row = self._limit  # so that the next failure opens it again
                self._pauses += 1
                return False
        self._in_a_row = in_a_row
        if not all(failures):
            self._pauses = 0
        return True
