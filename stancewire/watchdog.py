"""An end for calls of the Kafka client that wait without a timeout."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ends_process_after(seconds: float) -> Iterator[None]:
    """If the block takes longer, prints every thread's stack to stderr and exits with status 1.

    The process is at a place that cannot be interrupted; its supervisor starts a new one, which
    goes on from the committed offsets. Must not be nested: there is one timer a process.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
