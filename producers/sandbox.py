"""Parsing in a process of its own, which can be ended when hostile input hangs or bloats it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from stancewire.errors import FeedError, StancewireError

T = TypeVar("T")

# The slowest honest feed or page of the largest size allowed takes half of it on one slow core.
PARSE_SECONDS = 60.0
# Address space, of which the libraries' own take a quarter.
MEMORY_BYTES = 2 * 2**30
# Importing the parsers takes a second or two, more on a busy machine.
START_SECONDS = 60.0


class Reader(Protocol):
    """Runs a function that parses, apart from the event loop."""

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T: ...


async def in_thread(function: Callable[..., T], /, *args: Any) -> T:
    """Keeps the event loop free and waits for `PARSE_SECONDS` at most; raises FeedError then.

    A thread cannot be ended, so a parser that hangs keeps one busy.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(function, *args), PARSE_SECONDS)
    except TimeoutError as error:
        raise FeedError(f"not parsed within {PARSE_SECONDS:g} s", reason="timeout") from error


async def shielded(reader: Reader, function: Callable[..., T], *args: Any) -> T:
    """What the function gives; whatever it raises becomes a FeedError."""
    try:
        return await reader(function, *args)
    except StancewireError:
        raise
    except Exception as error:  # parsers of hostile input end in many ways
        reason = f"{type(error).__name__}: {error}"[:200]
        raise FeedError(f"cannot be parsed: {reason}") from error


class Sandbox:
    """Runs one function at a time in a child process; use as `async with Sandbox() as reader`.

    Functions, arguments and results must be picklable.
    """

    def __init__(self, seconds: float = PARSE_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process:
            self._process.kill()  # wakes the thread, should it still wait for an answer
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._end()

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """What the function returns or raises.

        Raises FeedError if it takes too long, ends the process, or raises what is no
        StancewireError.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._ask, function, args)

    def _ask(self, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        try:
            pipe = self._started()
            pipe.send((function, args))
            if not pipe.poll(self._seconds):
                self._end()
                raise FeedError(f"not parsed within {self._seconds:g} s", reason="timeout")
            result, error = pipe.recv()
        except (EOFError, OSError) as lost:
            self._end()
            raise FeedError("the parser was ended by what it read") from lost
        if error is not None:
            raise error
        answer: T = result
        return answer

    def _started(self) -> Connection:
        if self._pipe and self._process and self._process.is_alive():
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")  # this process has threads
        self._pipe, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self._memory_bytes), name="parser", daemon=True
        )
        process.start()
        self._process = process
        theirs.close()
        if not self._pipe.poll(START_SECONDS):
            self._end()
            message = f"the parser's process did not start within {START_SECONDS:g} s"
            raise FeedError(message, reason="timeout")
        self._pipe.recv()  # it is ready
        return self._pipe

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._pipe:
            self._pipe.close()
            self._pipe = None


def _serve(pipe: Connection, memory_bytes: int) -> None:
    """Answers until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    logging.disable()  # what libraries say of hostile input; the outcome says what matters
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # The other end may be gone, or a document too large to take or to give back.
    with contextlib.suppress(EOFError, OSError, MemoryError):
        pipe.send(None)
        while True:
            function, args = pipe.recv()
            pipe.send(_outcome(function, args))


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    try:
        return function(*args), None
    except StancewireError as error:
        return None, error
    except MemoryError:
        return None, FeedError("parsing takes more memory than it may")
    except Exception as error:  # parsers of hostile input end in many ways
        return None, FeedError(f"cannot be parsed: {type(error).__name__}: {error}"[:200])
