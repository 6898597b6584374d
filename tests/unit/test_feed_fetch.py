from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from producers.fetch import LARGE_BODY_BYTES, MAX_LARGE_BODIES, Fetcher, FetchSettings, user_agent
from producers.response import Response
from stancewire import __version__
from stancewire.errors import ConfigError, FeedError
from tests.unit.feed_server import HOST, FeedServer, feed_server, fetcher, get


def asks(
    scenario: Callable[[FeedServer, Fetcher], Awaitable[Response]], **settings: Any
) -> Response:
    async def run() -> Response:
        async with feed_server() as server, fetcher(**settings) as client:
            return await scenario(server, client)

    return asyncio.run(run())


def test_sends_validators_and_takes_304() -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/feed", status=304)
        answer = await get(client, server.url("/feed"), '"a"', "yesterday")
        sent = server.asked[0].headers
        assert sent["If-None-Match"] == '"a"'
        assert sent["If-Modified-Since"] == "yesterday"
        assert sent["User-Agent"] == "test (+mailto:a@example.org)"
        return answer

    assert asks(scenario).not_modified


def test_decodes_gzip_and_keeps_headers() -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives(
            "/feed",
            gzip.compress(b"hello"),
            Content_Encoding="gzip",
            ETag='"b"',
            Content_Type="text/html; charset=windows-1251",
        )
        return await get(client, server.url("/feed"))

    answer = asks(scenario)
    assert answer.body == b"hello"
    assert answer.headers["etag"] == '"b"'
    assert answer.charset == "cp1251"


@pytest.mark.parametrize("status", [404, 410, 429, 500])
def test_error_status_is_named(status: int) -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/feed", status=status)
        return await get(client, server.url("/feed"))

    with pytest.raises(FeedError, match=f"answered {status}"):
        asks(scenario)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), "/1"), ((308, 301), "/2"), ((302,), None), ((301, 307), "/1"), ((302, 301), None)],
)
def test_only_leading_permanent_redirects_move_the_address(
    statuses: tuple[int, ...], moved: str | None
) -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        for hop, status in enumerate(statuses):
            server.gives(f"/{hop}", status=status, Location=f"{hop + 1}#part")
        server.gives(f"/{len(statuses)}", "end")
        answer = await get(client, server.url("/0"))
        assert answer.url == server.url(f"/{len(statuses)}")
        assert answer.permanent_url == (moved and server.url(moved))
        return answer

    assert asks(scenario).body == b"end"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/loop", "more than 5 redirects"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.org/", "only http and https"),
        ("http://[bad/", "no address"),
        ("", "without an address"),
    ],
)
def test_useless_redirects_fail(location: str, reason: str) -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/loop", status=302, Location=location)
        return await get(client, server.url("/loop"))

    with pytest.raises(FeedError, match=reason):
        asks(scenario)


@pytest.mark.parametrize(
    "target", ["http://localhost:{}/", "http://[::1]:{}/", "http://169.254.169.254/latest"]
)
def test_redirect_to_a_private_address_is_refused(target: str) -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/feed", status=302, Location=target.format(server.port))
        try:
            return await get(client, server.url("/feed"))
        finally:
            assert len(server.asked) == 1

    with pytest.raises(FeedError, match=r"not public.*allow the host by name"):
        asks(scenario)


@pytest.mark.parametrize(
    ("allowed", "host", "refused"),
    [
        ((), HOST, True),
        (("localhost",), HOST, True),
        (("localhost",), "localhost", False),
        (("LOCALHOST.",), "localhost", False),
        (("localhost:1",), "localhost", True),
        ((HOST,), HOST, False),
    ],
)
def test_private_host_needs_its_name_allowed(
    allowed: tuple[str, ...], host: str, refused: bool
) -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/feed", "x")
        return await get(client, server.url("/feed", host))

    if refused:
        with pytest.raises(FeedError, match="not public"):
            asks(scenario, allowed=allowed)
    else:
        assert asks(scenario, allowed=allowed).body == b"x"


def test_name_that_resolves_to_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is public to look at; what counts is the address that is connected to."""

    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[Any]:
        entry = {"hostname": host, "host": HOST, "port": port, "family": socket.AF_INET}
        return [{**entry, "proto": 0, "flags": 0}]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    monkeypatch.setattr(aiohttp.DefaultResolver, "resolve", resolve)

    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/feed", "x")
        try:
            return await get(client, server.url("/feed", "news.example.org"))
        finally:
            assert server.asked == []

    with pytest.raises(FeedError, match="not public"):
        asks(scenario)


def test_gzip_bomb_ends_at_the_limit() -> None:
    bomb = gzip.compress(bytes(64 * 2**20))

    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.gives("/bomb", bomb, Content_Encoding="gzip")
        return await get(client, server.url("/bomb"))

    with pytest.raises(FeedError, match="larger than 1,048,576 bytes when decoded"):
        asks(scenario)


def test_slow_body_ends_at_the_deadline() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.answers["/slow"] = drip
        return await get(client, server.url("/slow"))

    began = time.monotonic()
    with pytest.raises(FeedError, match=r"no complete answer within 0\.3 s"):
        asks(scenario, seconds=0.3)
    assert time.monotonic() - began < 2


def test_one_request_at_a_time_per_host() -> None:
    running = 0
    most = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return web.Response()

    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        server.answers["/feed"] = answer
        answers = await asyncio.gather(*(get(client, server.url("/feed")) for _ in range(5)))
        return answers[0]

    assert asks(scenario).status == 200
    assert most == 1


def test_some_large_answers_at_a_time_and_small_ones_past_them() -> None:
    large, small = b"x" * (LARGE_BODY_BYTES + 1), b"y" * LARGE_BODY_BYTES

    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        for number in range(2 * MAX_LARGE_BODIES):
            server.gives(f"/{number}", large)
        server.gives("/small", small)
        held = 0
        most = 0

        async def hold(number: int) -> None:
            nonlocal held, most
            host = f"127.0.0.{number + 2}"  # or each would wait for its turn
            async with client.answer(server.url(f"/{number}", host)):
                held += 1
                most = max(most, held)
                await asyncio.sleep(0.3)
                held -= 1

        tasks = [asyncio.create_task(hold(number)) for number in range(2 * MAX_LARGE_BODIES)]
        await asyncio.sleep(0.2)
        answer = await get(client, server.url("/small"))
        assert held == MAX_LARGE_BODIES
        await asyncio.gather(*tasks)
        assert most == MAX_LARGE_BODIES
        return answer

    hosts = tuple(f"127.0.0.{number}" for number in range(1, 2 * MAX_LARGE_BODIES + 2))
    assert asks(scenario, allowed=hosts).body == small


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://[::1", "not an address"),
        ("http://127.0.0.1:1/", "cannot connect"),
        ("http://nowhere.invalid/", "cannot connect"),
        ("http://2130706433/", "failed"),
    ],
)
def test_useless_addresses_fail_with_the_reason(url: str, reason: str) -> None:
    async def scenario(_: FeedServer, client: Fetcher) -> Response:
        return await get(client, url)

    with pytest.raises(FeedError, match=reason):
        asks(scenario)


def test_broken_answer_is_a_feed_error() -> None:
    async def run() -> None:
        async def garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            writer.close()

        server = await asyncio.start_server(garbage, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        async with server, fetcher() as client:
            await get(client, f"http://{HOST}:{port}/")

    with pytest.raises(FeedError, match="the request failed"):
        asyncio.run(run())


def test_password_is_never_shown() -> None:
    async def scenario(server: FeedServer, client: Fetcher) -> Response:
        return await get(client, server.url("/feed", "user:secret@127.0.0.1"))

    with pytest.raises(FeedError) as caught:
        asks(scenario)
    assert "secret" not in str(caught.value)


def test_fetcher_is_a_context_manager() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(get(Fetcher(FetchSettings("x")), "http://example.org/"))


def test_user_agent_names_the_contact() -> None:
    assert user_agent("mailto:a@example.org").endswith("(+mailto:a@example.org)")
    assert __version__ in user_agent()
    with pytest.raises(ConfigError, match="contact"):
        user_agent("a\r\nX-Evil: 1")
