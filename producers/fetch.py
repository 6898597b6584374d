"""One polite, bounded HTTP request: conditional, by deadline, to public addresses only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from producers.addresses import (
    AllowedHosts,
    parse_url,
    redirect_target,
    without_credentials,
)
from producers.connections import AddressRefusedError, allowed_by_name, open_session
from producers.response import NOT_MODIFIED, HttpError, Refusal, Response, relations
from producers.schedule import retry_after
from producers.turns import Turns
from stancewire import __version__
from stancewire.errors import ConfigError, FeedError
from stancewire.settings import HOST_PAUSE_S

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "*/*;q=0.5"
)
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.5"

PERMANENT_REDIRECTS = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# After the others a form would become a plain request (RFC 9110, section 15.4).
FORM_REDIRECTS = frozenset({307, 308})
# Answers by which a server asks for time (RFC 6585, section 4; RFC 9110, section 15.6.4).
ASK_FOR_TIME = frozenset({429, 503})
# A host is not given more time than this by one answer, however much it asks for.
MAX_CLOSED = timedelta(days=1)

# Browsers stop at 20; a feed that needs more than five hops is a loop or a trap.
MAX_REDIRECTS = 5
# The largest feeds in use are a few MB; what does not fit is a bomb or no feed.
MAX_BODY_BYTES = 16 * 1024 * 1024
DEADLINE_SECONDS = 30.0
# Nearly all feeds and pages are smaller; of the larger ones so many are in memory at a time.
LARGE_BODY_BYTES = 512 * 1024
MAX_LARGE_BODIES = 5
CHUNK_BYTES = 64 * 1024


def user_agent(contact: str | None = None) -> str:
    """How requests name this program and whom to write to; raises ConfigError if unusable."""
    if not contact:
        return f"Stancewire/{__version__}"
    if not contact.isascii() or not contact.isprintable():
        raise ConfigError(f"the contact must be plain ASCII, not {contact!r}")
    return f"Stancewire/{__version__} (+{contact.strip()})"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`user_agent` should name a contact; the deadline is for the answer as a whole."""

    user_agent: str
    allowed_hosts: Collection[str] = ()
    deadline_seconds: float = DEADLINE_SECONDS
    max_body_bytes: int = MAX_BODY_BYTES
    max_redirects: int = MAX_REDIRECTS
    pause_seconds: float = HOST_PAUSE_S


class Fetcher:
    """Fetches over HTTP, one request at a time per host, with a pause after it.

    Use as `async with Fetcher(…)`.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._allowed = AllowedHosts(settings.allowed_hosts)
        self._turns = Turns(settings.pause_seconds, lambda: asyncio.get_running_loop().time())
        self._session: aiohttp.ClientSession | None = None
        self._large = asyncio.Semaphore(MAX_LARGE_BODIES)

    async def __aenter__(self) -> Self:
        self._session = open_session(self._settings.user_agent)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    @asynccontextmanager
    async def answer(
        self,
        url: str,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEED_TYPES,
        check: Callable[[str], Awaitable[None]] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Response]:
        """Fetches a URL, following redirects by hand; with a form, submits it there.

        Only some large answers are in memory at a time: leave the block as soon as the body is
        read. `check` is called with the address of each hop before it is asked, and may raise.
        `permanent_url` is where the address has moved if every hop up to there was permanent.
        Time spent waiting for one's turn or for memory does not count. Raises FeedError with url
        and reason for everything but a 2xx or 304 answer, HttpError if there was one; a host that
        asked for time gets none of our requests until it is over.
        """
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        async with AsyncExitStack() as hold:
            yield await self._follow(url, headers, check, form, hold)

    async def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        check: Callable[[str], Awaitable[None]] | None,
        form: Mapping[str, str] | None,
        hold: AsyncExitStack,
    ) -> Response:
        here, moved, permanent = parse_url(url), None, True
        left = self._settings.deadline_seconds
        clock = asyncio.get_running_loop().time
        for _ in range(self._settings.max_redirects + 1):
            if check:
                await check(str(here))
            async with self._turns.turn(here.raw_host or ""):
                self._check_open(here, url)
                began = clock()
                answer = await self._hop(here, headers, form, left, url, hold)
                left -= clock() - began
            if isinstance(answer, Response):
                return replace(answer, permanent_url=moved)
            status, here = answer
            if form and status not in FORM_REDIRECTS:
                break
            permanent = permanent and status in PERMANENT_REDIRECTS
            if permanent:
                moved = str(here)
        most = f"more than {self._settings.max_redirects} redirects"
        reason = "a redirect that drops the form" if form else most
        raise FeedError(reason, reason="redirect", url=without_credentials(url))

    def slow_down(self, url: str, pause_seconds: float) -> None:
        """Leaves at least so much time between two requests to a URL's host from now on."""
        self._turns.slow_down(parse_url(url).raw_host or "", pause_seconds)

    def _check_open(self, here: URL, asked: str) -> None:
        seconds = self._turns.closed_for(here.raw_host or "")
        if seconds:
            span = timedelta(seconds=ceil(seconds))
            where = without_credentials(asked)
            raise HttpError("its host asked for time, to all its feeds", 429, span, url=where)

    def _error(
        self, here: URL, response: aiohttp.ClientResponse, where: Mapping[str, str]
    ) -> HttpError:
        """What an error status comes to; a host that asks for time is left alone."""
        span = None
        if response.status in ASK_FOR_TIME:
            span = retry_after(response.headers, datetime.now(UTC))
        if span:
            span = min(span, MAX_CLOSED)
            self._turns.close(here.raw_host or "", span)
        reason = f" {response.reason}" if response.reason else ""
        message = f"the server answered {response.status}{reason}"
        return HttpError(message, response.status, span, **where)

    async def _hop(
        self,
        here: URL,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None,
        seconds: float,
        asked: str,
        hold: AsyncExitStack,
    ) -> Response | tuple[int, URL]:
        """One request: the answer, or the redirect's status and where it leads."""
        if self._session is None:
            raise RuntimeError("the fetcher is used outside of `async with`")
        where = {"url": without_credentials(asked)}
        if here != URL(asked):
            where["redirected_to"] = without_credentials(str(here))
        token = allowed_by_name.set(self._allowed.allow(here.raw_host or "", here.port))
        try:
            async with (
                asyncio.timeout(max(seconds, 0)) as limit,
                self._session.request(
                    "POST" if form else "GET",
                    here,
                    data=form,
                    headers=headers,
                    allow_redirects=False,
                ) as response,
            ):
                if response.status in REDIRECTS:
                    return response.status, redirect_target(here, response.headers.get("Location"))
                if response.status != NOT_MODIFIED and not 200 <= response.status < 300:
                    raise self._error(here, response, where)
                return Response(
                    status=response.status,
                    url=str(here),
                    headers=response.headers,
                    links=relations(response),
                    body=await self._body(response, hold, limit),
                )
        except TimeoutError as error:
            message = f"no complete answer within {self._settings.deadline_seconds:g} s"
            raise FeedError(message, reason="timeout", **where) from error
        except Refusal as error:
            raise FeedError(str(error), reason=error.reason, **where) from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, AddressRefusedError):  # every address of the host was
                raise FeedError(
                    f"{error.os_error}; to fetch from there all the same, "
                    f"allow the host by name: --allow-host {here.host}",
                    reason="address",
                    **where,
                ) from error
            message = f"cannot connect: {error.os_error}"
            raise FeedError(message, reason="connection", **where) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            message = f"the request failed: {reason}"
            raise FeedError(message, reason="connection", **where) from error
        finally:
            allowed_by_name.reset(token)

    async def _body(
        self, response: aiohttp.ClientResponse, hold: AsyncExitStack, limit: asyncio.Timeout
    ) -> bytes:
        body = bytearray()
        is_large = False
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            body += chunk
            if len(body) > LARGE_BODY_BYTES and not is_large:
                is_large = True
                await self._wait_for_room(hold, limit)
            if len(body) > self._settings.max_body_bytes:
                most = self._settings.max_body_bytes
                raise Refusal(f"the answer is larger than {most:,} bytes when decoded", "too_large")
        return bytes(body)

    async def _wait_for_room(self, hold: AsyncExitStack, limit: asyncio.Timeout) -> None:
        """Until a large answer may be in memory; that it takes long is not the server's fault."""
        clock = asyncio.get_running_loop().time
        began, until = clock(), limit.when()
        limit.reschedule(None)
        await hold.enter_async_context(self._large)
        if until is not None:
            limit.reschedule(until + clock() - began)
