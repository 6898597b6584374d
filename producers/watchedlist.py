"""The list of feeds, read again when its file changes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from producers.feedlist import FeedSpec, load_feeds
from stancewire.errors import ConfigError

log = logging.getLogger(__name__)

# How soon a change is seen; a look costs one system call.
LOOK_EVERY_S = 2.0


class WatchedList:
    """Calling it gives the feeds of the list as it is now; the same tuple until it changes.

    Raises ConfigError where the list cannot be used at first; later, such a list is logged and
    the last good one stays.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._looked = clock()
        self._seen = _stamp(path)
        self._feeds = load_feeds(path)

    def __call__(self) -> tuple[FeedSpec, ...]:
        if self._clock() - self._looked >= LOOK_EVERY_S:
            self._looked = self._clock()
            stamp = _stamp(self._path)
            if stamp != self._seen:
                self._seen = stamp
                self._read()
        return self._feeds

    def _read(self) -> None:
        try:
            feeds = load_feeds(self._path)
        except ConfigError as error:
            log.error("the changed list of feeds is not used: %s", error)
            return
        if feeds != self._feeds:
            self._feeds = feeds
            log.info("the list of feeds has changed: %d feeds", len(feeds))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another, symbolic links followed; None if it is away."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
