"""From the address of an article's page to its text, where the site allows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from cachetools import TTLCache

from producers.fetch import PAGE_TYPES, Fetcher
from producers.pages import Page, read_page
from producers.response import HttpError, Response
from producers.robots import verdict
from producers.sandbox import Reader, shielded
from producers.sniff import is_page
from stancewire.errors import FeedError

# RFC 9309 has robots.txt kept for a day at the most.
KEPT_SECONDS = 24 * 3600.0
# Of all sites together; usual files have some KB.
KEPT_BYTES = 16 * 2**20
ROBOTS_TYPES = "text/plain, */*;q=0.5"
NO_RULES = b""
SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429


class PageNotAllowedError(FeedError):
    """The site's robots.txt asks not to fetch a page."""


class FullText:
    """Fetches and reads pages; keeps each site's robots.txt for a day."""

    def __init__(
        self, fetcher: Fetcher, reader: Reader, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._robots: TTLCache[str, bytes] = TTLCache(
            KEPT_BYTES, KEPT_SECONDS, timer=clock, getsizeof=lambda robots: len(robots) + 1
        )

    async def read(self, url: str) -> Page:
        """The page's article.

        Raises PageNotAllowedError, or FeedError if it cannot be had or read.
        """
        async with self._fetcher.answer(url, accept=PAGE_TYPES, check=self._check) as response:
            return await shielded(self._reader, read_page, _html(response), response.url)

    async def _check(self, url: str) -> None:
        """Raises PageNotAllowedError where robots.txt says no, before a redirect's target too."""
        allowed, delay = await shielded(self._reader, verdict, await self._rules(url), url)
        if delay:
            self._fetcher.slow_down(url, delay)
        if not allowed:
            raise PageNotAllowedError("robots.txt asks not to fetch it", reason="robots", page=url)

    async def _rules(self, url: str) -> bytes:
        """The robots.txt of a page's site; none allows all, an unreachable one nothing."""
        where = urljoin(url, "/robots.txt")
        site = urlsplit(where)
        key = f"{site.scheme}://{site.netloc}"
        known = self._robots.get(key)
        if known is not None:
            return known
        try:
            async with self._fetcher.answer(where, accept=ROBOTS_TYPES) as response:
                robots = response.body
        except HttpError as error:
            if error.status >= SERVER_ERROR or error.status == TOO_MANY_REQUESTS:
                raise
            robots = NO_RULES
        if len(robots) < KEPT_BYTES:
            self._robots[key] = robots
        return robots


def _html(response: Response) -> bytes | str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if "html" not in kind and not is_page(response.body):
        stated = kind or "something of no stated type"
        raise FeedError(f"not a page but {stated}", reason="not_a_feed")
    return response.body.decode(response.charset, "replace") if response.charset else response.body
