"""Parsing in two processes, so that large or hostile documents hold no others up for long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

from producers.sandbox import PARSE_SECONDS, Sandbox

T = TypeVar("T")

# Nearly all feeds and pages are smaller.
SMALL_BYTES = 512 * 1024
# Ten times what the slowest honest document of that size takes on one slow core.
SMALL_SECONDS = 10.0


class Lanes:
    """A reader for small documents and one for large ones; use as `async with Lanes() as reader`.

    The second process starts with the first large document.
    """

    def __init__(
        self, small_seconds: float = SMALL_SECONDS, large_seconds: float = PARSE_SECONDS
    ) -> None:
        self._small = Sandbox(small_seconds)
        self._large = Sandbox(large_seconds)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._small)
        await self._stack.enter_async_context(self._large)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def __call__(self, function: Callable[..., T], /, *args: Any) -> T:
        """As `Sandbox`; what counts is the largest text among the arguments."""
        size = max((len(each) for each in args if isinstance(each, bytes | str)), default=0)
        lane = self._small if size <= SMALL_BYTES else self._large
        return await lane(function, *args)
