from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from producers.fulltext import KEPT_SECONDS, FullText, PageNotAllowedError
from producers.robots import MAX_DELAY_SECONDS, MAX_ROBOTS_BYTES, verdict
from producers.sandbox import in_thread
from stancewire.errors import FeedError
from tests.unit.feed_server import FeedServer, feed_server, fetcher

PAGE = "<html><body><article><p>She said the plan was too costly.</p></article></body></html>"
OURS = "User-agent: stancewire\n"
ALL = "User-agent: *\n"


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        (ALL + "Disallow: /", "/a", False),
        (ALL + "Disallow:", "/a", True),
        (ALL + "Disallow: /\n\n" + OURS + "Allow: /", "/a", True),
        (OURS + "Disallow: /", "/a", False),
        ("User-agent: Other\nDisallow: /", "/a", True),
        (ALL + "Disallow: /news/\nAllow: /news/open/", "/news/open/1", True),
        (ALL + "Disallow: /*.pdf$", "/a.pdf", False),
        (ALL + "Disallow: /*.pdf$", "/a.pdf?x", True),
        (ALL + "Disallow: /*?print=", "/a?print=1", False),
        ("\ufeff" + ALL + "Disallow: /", "/a", False),
        ("<html>not found</html>", "/a", True),
        ("\0\xff" * 100, "/a", True),
        ("x" * MAX_ROBOTS_BYTES + "\n" + ALL + "Disallow: /", "/a", True),
    ],
)
def test_rules(robots: str, path: str, allowed: bool) -> None:
    assert verdict(robots.encode(), f"https://news.example{path}")[0] is allowed


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("2.5", 2.5), ("9000", MAX_DELAY_SECONDS), ("-3", 0), ("soon", 0), ("nan", 0), ("", 0)],
)
def test_the_pause_that_a_site_asks_for(line: str, seconds: float) -> None:
    robots = f"{ALL}Crawl-delay: {line}\nDisallow: /x".encode()
    assert verdict(robots, "https://news.example/a") == (True, seconds)


def test_hostile_rules_take_no_time() -> None:
    rules = "".join(f"Disallow: /{'*a' * 50}{number}$\n" for number in range(4000))
    began = time.monotonic()
    assert verdict((ALL + rules).encode(), "https://news.example/" + "a" * 3000)[0]
    assert time.monotonic() - began < 20


def reads(scenario: Callable[[FeedServer, FullText], Awaitable[None]]) -> None:
    async def run() -> None:
        async with feed_server() as server, fetcher() as client:
            server.gives("/page", PAGE, Content_Type="text/html")
            await scenario(server, FullText(client, in_thread))

    asyncio.run(run())


def test_rules_are_asked_for_once_and_then_the_page() -> None:
    async def scenario(server: FeedServer, full_text: FullText) -> None:
        server.gives("/robots.txt", ALL + "Disallow: /private")
        for _ in range(2):
            assert "too costly" in (await full_text.read(server.url("/page"))).text
        assert [request.path for request in server.asked] == ["/robots.txt", "/page", "/page"]
        with pytest.raises(PageNotAllowedError, match=r"robots.txt asks not to"):
            await full_text.read(server.url("/private/page"))
        assert server.paths("/private/page") == 0

    reads(scenario)


def test_a_redirect_does_not_lead_around_the_rules() -> None:
    async def scenario(server: FeedServer, full_text: FullText) -> None:
        server.gives("/robots.txt", ALL + "Disallow: /page")
        server.gives("/short", status=302, Location="/page")
        with pytest.raises(PageNotAllowedError):
            await full_text.read(server.url("/short"))
        assert server.paths("/page") == 0

    reads(scenario)


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False)])
def test_no_rules_allow_all_and_unreachable_ones_nothing(status: int, allowed: bool) -> None:
    async def scenario(server: FeedServer, full_text: FullText) -> None:
        server.gives("/robots.txt", status=status)
        if allowed:
            assert (await full_text.read(server.url("/page"))).text
        else:
            with pytest.raises(FeedError, match="answered 500"):
                await full_text.read(server.url("/page"))
        assert server.paths("/page") == allowed

    reads(scenario)


def test_rules_are_asked_for_again_after_a_day() -> None:
    async def run() -> int:
        async with feed_server() as server, fetcher() as client:
            server.gives("/page", PAGE, Content_Type="text/html")
            server.gives("/robots.txt", ALL)
            times = [0.0]
            full_text = FullText(client, in_thread, lambda: times[-1])
            for seconds in (0, KEPT_SECONDS - 1, KEPT_SECONDS + 1):
                times.append(seconds)
                await full_text.read(server.url("/page"))
            return server.paths("/robots.txt")

    assert asyncio.run(run()) == 2


def test_a_site_that_asks_for_pauses_gets_them() -> None:
    async def scenario(server: FeedServer, full_text: FullText) -> None:
        server.gives("/robots.txt", ALL + "Crawl-delay: 0.3")
        began = time.monotonic()
        for _ in range(3):
            await full_text.read(server.url("/page"))
        assert time.monotonic() - began >= 0.6

    reads(scenario)
