"""Running a step on a batch so that a record that it cannot process fails alone."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from stancewire.errors import StancewireError

log = logging.getLogger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")

# What another process took of the memory is often back within seconds; a minute in all is little
# beside the poll interval.
WAITS_S = (1.0, 5.0, 15.0, 40.0)

# Libraries that report a lack of memory in words only.
_RUNTIMES = ("torch", "onnxruntime")
_LACKS = ("out of memory", "bad_alloc", "failed to allocate", "bad allocation", "cuda error")


def isolated(
    step: Callable[[Sequence[In]], Sequence[Out]],
    records: Sequence[In],
    wait: Callable[[float], bool],
) -> list[Out | Exception]:
    """The step's result for each record, or the error that the record raises by itself.

    A batch that fails is halved until the record is found. What says nothing of a record, a lack
    of memory or a failing device, is tried again after `wait(seconds)`, which is true when there
    is no point in going on.

    Raises:
        StancewireError: a single record still met such a lack after the last wait.
    """
    if not records:
        return []
    try:
        return list(step(records))
    except Exception as error:
        if len(records) == 1:
            return [_alone(step, records, wait, error)]
        log.warning("a batch of %d failed (%r); halving it", len(records), error)
    middle = len(records) // 2
    return isolated(step, records[:middle], wait) + isolated(step, records[middle:], wait)


def _alone(
    step: Callable[[Sequence[In]], Sequence[Out]],
    records: Sequence[In],
    wait: Callable[[float], bool],
    error: Exception,
) -> Out | Exception:
    for seconds in WAITS_S:
        if not is_passing(error):
            return error
        log.warning("%r; the same record again in %g s", error, seconds)
        if wait(seconds):
            break
        try:
            return step(records)[0]
        except Exception as again:
            error = again
    if is_passing(error):
        raise StancewireError(f"the model lacks memory or its device: {error}") from error
    return error


def is_passing(error: BaseException) -> bool:
    """Whether the error, or what caused it, tells of the machine and not of a record."""
    return any(_is_lack(one) for one in _chain(error))


def _is_lack(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    text = str(error).lower()
    in_runtime = type(error).__module__.startswith(_RUNTIMES) or type(error) is RuntimeError
    return in_runtime and any(lack in text for lack in _LACKS)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes; what it merely followed is another matter."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__
