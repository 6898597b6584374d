from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from producers import found, harvest, sandbox
from producers.feedlist import FeedSpec
from producers.fetch import Fetcher
from producers.harvest import Polled
from producers.poll import Web, is_retired, poll
from stancewire.feed_records import FeedState
from tests.unit.feed_server import FeedServer, feed_server, fetcher

NOW = datetime(2024, 11, 5, 12, tzinfo=UTC)
LONG = "<p>She said the plan was too costly for the town.</p>" * 30


def item(guid: str, text: str = LONG, title: str = "t", link: str = "") -> str:
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}</link>"
        f"<description><![CDATA[{text}]]></description></item>"
    )


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>"


class Poller:
    """Polls one feed of a server again and again, keeping its state."""

    def __init__(self, server: FeedServer, client: Fetcher, **spec: Any) -> None:
        self.server = server
        self.web = Web(client)
        self.spec = FeedSpec(id="feed", url=server.url("/feed"), **spec)
        self.state = FeedState(id="feed", url=self.spec.url)
        self.now = NOW

    async def poll(self) -> Polled:
        polled = await poll(self.spec, self.state, self.web, self.now)
        self.state = FeedState.model_validate_json(polled.state.model_dump_json())
        self.now += timedelta(minutes=15)
        return polled


def polls(scenario: Callable[[Poller], Awaitable[None]], **spec: Any) -> None:
    async def run() -> None:
        async with feed_server() as server, fetcher() as client:
            await scenario(Poller(server, client, **spec))

    asyncio.run(run())


def test_first_poll() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1", title="A"), item("2")), ETag='"x"')
        polled = await poller.poll()
        assert polled.error is None
        first, _ = polled.articles
        assert (first.title, first.revision, first.fetched_at) == ("A", 1, NOW)
        assert first.feed.model_dump() == {"id": "feed", "url": poller.spec.url, "title": "News"}
        state = polled.state
        assert (state.etag, state.failures, state.checked_at) == ('"x"', 0, NOW)
        assert state.recent == (NOW,)
        assert state.next_check_at is not None
        assert timedelta(minutes=5) <= state.next_check_at - NOW <= timedelta(minutes=5.5)
        assert list(state.seen) == [article.id for article in polled.articles]

    polls(scenario)


def test_second_poll_asks_conditionally_and_sends_nothing() -> None:
    async def scenario(poller: Poller) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            headers = {"ETag": '"x"', "Last-Modified": "Tue, 05 Nov 2024 10:00:00 GMT"}
            known = request.headers.get("If-None-Match") == '"x"'
            if known:
                assert request.headers["If-Modified-Since"] == headers["Last-Modified"]
            return web.Response(
                status=304 if known else 200, text="" if known else rss(item("1")), headers=headers
            )

        poller.server.answers["/feed"] = answer
        assert len((await poller.poll()).articles) == 1
        again = await poller.poll()
        assert again.articles == ()
        assert again.state.etag == '"x"'
        assert len(again.state.seen) == 1

    polls(scenario)


def test_same_body_without_validators_is_not_parsed_again() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1")))
        await poller.poll()

        async def never(*_: Any) -> Any:
            raise AssertionError("parsed")

        polled = await poll(poller.spec, poller.state, Web(poller.web.fetcher, never), NOW)
        assert polled.articles == ()
        assert polled.error is None

    polls(scenario)


def test_new_and_edited_entries_only() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1"), item("2")))
        first = await poller.poll()
        poller.server.gives("/feed", rss(item("3"), item("1", LONG + "<p>Edited.</p>"), item("2")))
        second = await poller.poll()
        assert [article.revision for article in second.articles] == [1, 2]
        assert second.articles[1].id == first.articles[0].id
        assert second.articles[1].content_hash != first.articles[0].content_hash
        poller.server.gives("/feed", rss(item("1", LONG + "<p>Edited.</p>"), item("2")))
        assert (await poller.poll()).articles == ()
        poller.server.gives("/feed", rss(item("3"), item("1", title="New title")))
        (third,) = (await poller.poll()).articles
        assert (third.id, third.revision) == (first.articles[0].id, 3)

    polls(scenario)


def test_entries_that_left_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "MAX_SEEN_AFTER_LEAVING", 2)

    async def scenario(poller: Poller) -> None:
        for guids in (["1", "2", "3"], ["4"], ["5"]):
            poller.server.gives("/feed", rss(*map(item, guids)))
            await poller.poll()
        assert len(poller.state.seen) == 3
        poller.server.gives("/feed", rss(item("4"), item("1")))
        (article,) = (await poller.poll()).articles
        assert article.revision == 1

    polls(scenario)


def test_shared_and_missing_guids() -> None:
    async def scenario(poller: Poller) -> None:
        items = [item("x", link="https://a.example/1"), item("x", link="https://a.example/2")]
        items += [f"<item><title>{title}</title><description>{LONG}</description></item>"
                  for title in "ab"]  # fmt: skip
        poller.server.gives("/feed", rss(*items).replace("<p>", "").replace("</p>", ""))
        assert len({article.id for article in (await poller.poll()).articles}) == 4
        poller.server.gives("/feed", rss(*items).replace("<p>", "").replace("</p>", "") + " ")
        assert (await poller.poll()).articles == ()

    polls(scenario)


ARTICLE = f"<html lang='en'><body><article><h1>t</h1>{LONG}<p>The end.</p></article></body></html>"


def test_summary_is_replaced_by_the_page() -> None:
    async def scenario(poller: Poller) -> None:
        link = poller.server.url("/page")
        poller.server.gives("/feed", rss(item("1", "Short.", link=link)))
        poller.server.gives("/page", ARTICLE, Content_Type="text/html; charset=utf-8")
        (article,) = (await poller.poll()).articles
        assert article.text.endswith("The end.")
        assert (article.language, article.url) == ("en", link)
        asked = len(poller.server.asked)
        poller.server.gives("/feed", rss(item("1", "Short.", link=link), item("2")))
        assert len((await poller.poll()).articles) == 1
        assert len(poller.server.asked) == asked + 1

    polls(scenario)


@pytest.mark.parametrize("full_text", [True, False])
def test_full_text_setting_wins(full_text: bool) -> None:
    async def scenario(poller: Poller) -> None:
        link = poller.server.url("/page")
        poller.server.gives(
            "/feed", rss(item("1", LONG, link=link), item("2", "Short.", link=link))
        )
        poller.server.gives("/page", ARTICLE, Content_Type="text/html")
        texts = [article.text for article in (await poller.poll()).articles]
        assert [text.endswith("The end.") for text in texts] == [full_text, full_text]

    polls(scenario, full_text=full_text)


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (404, "text/html", "answered 404"),
        (200, "application/pdf", "not a page but application/pdf"),
    ],
)
def test_page_that_fails_leaves_the_summary(status: int, kind: str, reason: str) -> None:
    async def scenario(poller: Poller) -> None:
        link = poller.server.url("/page")
        poller.server.gives("/feed", rss(item("1", "Short.", link=link)))
        poller.server.gives("/page", "x", status=status, Content_Type=kind)
        polled = await poller.poll()
        assert [article.text for article in polled.articles] == ["Short."]
        (skipped,) = polled.skipped
        assert skipped.what == link
        assert reason in skipped.reason

    polls(scenario)


def test_page_at_a_private_address_is_refused() -> None:
    async def scenario(poller: Poller) -> None:
        link = poller.server.url("/page", "localhost")
        poller.server.gives("/feed", rss(item("1", "Short.", link=link)))
        polled = await poller.poll()
        assert [article.text for article in polled.articles] == ["Short."]
        assert "not public" in str(polled.skipped[0])
        assert [request.path for request in poller.server.asked] == ["/feed"]

    polls(scenario)


def test_a_site_whose_pages_fail_is_left_alone() -> None:
    async def scenario(poller: Poller) -> None:
        links = [poller.server.url(f"/{number}") for number in range(6)]
        poller.server.gives("/feed", rss(*(item(link, "Short.", link=link) for link in links)))
        polled = await poller.poll()
        assert len(polled.articles) == 6
        assert poller.server.paths("/robots.txt") == 1
        assert len(poller.server.asked) == 2 + harvest.MAX_PAGE_FAILURES

    polls(scenario)


def test_pages_beyond_a_limit_wait_for_the_next_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "MAX_PAGES", 2)

    async def scenario(poller: Poller) -> None:
        link = poller.server.url("/page")
        items = [item(str(number), f"Short {number}.", link=link) for number in range(5)]
        poller.server.gives("/feed", rss(*items), ETag='"x"')
        poller.server.gives("/page", ARTICLE, Content_Type="text/html")
        counts = [len((await poller.poll()).articles) for _ in range(4)]
        assert counts == [2, 2, 1, 0]
        assert poller.state.etag == '"x"'

    polls(scenario)


def test_entries_without_text_are_skipped_with_a_reason() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1", "", title="Only a title"), item("2")))
        polled = await poller.poll()
        assert len(polled.articles) == 1
        assert [str(skipped) for skipped in polled.skipped] == ["Only a title: it has no text"]

    polls(scenario)


def test_large_articles(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    sizes = (5 * 2**20, 6_000_001)
    path.write_text(rss(*(item(str(size), "x" * size) for size in sizes)))
    polled = asyncio.run(poll_file(path))
    assert [len(article.text) for article in polled.articles] == [sizes[0]]
    assert polled.skipped[0].kind == "too_large"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, "", "answered 404"),
        (500, "", "answered 500"),
        (200, "", "the feed is empty"),
        (200, "<html><body>x</body></html>", "HTML page, not a feed"),
    ],
)
def test_failures_are_counted_and_back_off(status: int, body: str, reason: str) -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1")), ETag='"x"')
        await poller.poll()
        poller.server.gives("/feed", body, status=status)
        waits = []
        for failures in range(1, 11):
            asked_at = poller.now
            polled = await poller.poll()
            assert reason in str(polled.error)
            assert reason in (polled.state.last_error or "")
            assert polled.state.failures == failures
            assert polled.state.next_check_at is not None
            waits.append(polled.state.next_check_at - asked_at)
        for wait, minutes in zip(waits, [15, 30, 60, 120, 240, 480, 960, *3 * [1440]], strict=True):
            assert timedelta(minutes=minutes) <= wait <= timedelta(minutes=minutes * 1.1)
        assert poller.state.etag == '"x"'
        poller.server.gives("/feed", rss(item("1"), item("2")))
        polled = await poller.poll()
        assert len(polled.articles) == 1
        assert (polled.state.failures, polled.state.last_error) == (0, None)

    polls(scenario, interval_seconds=15 * 60)


def test_a_feed_that_is_gone_is_not_asked_again_until_the_list_changes() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", status=410)
        polled = await poller.poll()
        assert "answered 410 Gone" in str(polled.error)
        assert (polled.state.retired_at, polled.state.next_check_at) == (NOW, None)
        assert is_retired(poller.spec, poller.state)
        poller.spec = poller.spec.model_copy(update={"url": poller.server.url("/listed")})
        assert not is_retired(poller.spec, poller.state)
        poller.server.gives("/listed", rss(item("1")))
        polled = await poller.poll()
        assert len(polled.articles) == 1
        assert not is_retired(poller.spec, polled.state)

    polls(scenario)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_time_gets_it_from_all_its_feeds(status: int) -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", status=status, Retry_After="7200")
        asked_at = poller.now
        polled = await poller.poll()
        assert polled.state.next_check_at is not None
        assert timedelta(hours=2) <= polled.state.next_check_at - asked_at <= timedelta(hours=2.2)
        poller.spec = poller.spec.model_copy(update={"url": poller.server.url("/other")})
        polled = await poller.poll()
        assert "its host asked for time" in str(polled.error)
        assert len(poller.server.asked) == 1
        assert polled.state.next_check_at is not None
        assert polled.state.next_check_at - asked_at > timedelta(hours=2)

    polls(scenario)


def test_what_a_feed_wishes_is_kept_while_it_does_not_change() -> None:
    async def scenario(poller: Poller) -> None:
        body = rss(item("1")).replace("<title>News", "<ttl>90</ttl><title>News")
        poller.server.gives("/feed", body, ETag='"x"')
        for _ in range(2):
            asked_at = poller.now
            polled = await poller.poll()
            assert polled.state.ttl_seconds == 90 * 60
            assert polled.state.next_check_at is not None
            wait = polled.state.next_check_at - asked_at
            assert timedelta(minutes=90) <= wait <= timedelta(minutes=99)
            poller.server.gives("/feed", status=304)

    polls(scenario)


def test_permanent_redirect_is_remembered_until_the_list_changes() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", status=301, Location="/moved")
        poller.server.gives("/moved", rss(item("1")))
        await poller.poll()
        assert poller.state.url == poller.server.url("/moved")
        await poller.poll()
        assert [request.path for request in poller.server.asked] == ["/feed", "/moved", "/moved"]
        poller.spec = poller.spec.model_copy(update={"url": poller.server.url("/listed")})
        poller.server.gives("/listed", rss(item("1"), item("2")))
        polled = await poller.poll()
        assert poller.server.asked[-1].path == "/listed"
        assert len(polled.articles) == 1
        assert polled.state.url == poller.server.url("/listed")

    polls(scenario)


def test_temporary_redirect_is_not_remembered() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", status=302, Location="/now")
        poller.server.gives("/now", rss(item("1")))
        await poller.poll()
        assert poller.state.url == poller.spec.url

    polls(scenario)


def test_interval_of_the_feed() -> None:
    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1")))
        assert (await poller.poll()).state.next_check_at == NOW + timedelta(seconds=60)

    polls(scenario, interval_seconds=60)


async def poll_file(path: Path, state: FeedState | None = None) -> Polled:
    spec = FeedSpec(id="local", url=f"file:{path.name}", path=path)
    async with fetcher() as client:
        return await poll(spec, state or FeedState(id="local", url=spec.url), Web(client), NOW)


def test_file_sources(tmp_path: Path) -> None:
    path = tmp_path / "a speech.txt"
    path.write_text("date 2024-11-04\n\nShe said no.")
    first = asyncio.run(poll_file(path))
    (article,) = first.articles
    assert article.text == "She said no."
    assert article.published_at == datetime(2024, 11, 4, tzinfo=UTC)
    assert asyncio.run(poll_file(path, first.state)).articles == ()
    path.write_text("She said yes.")
    (edited,) = asyncio.run(poll_file(path, first.state)).articles
    assert (edited.id, edited.revision) == (article.id, 2)
    path.write_text(rss(item("1"), item("2")))
    assert len(asyncio.run(poll_file(path)).articles) == 2


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "cannot read the file: no such file"), (b"\0x", "zero bytes")]
)
def test_unusable_files(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "gone.txt"
    if content is not None:
        path.write_bytes(content)
    polled = asyncio.run(poll_file(path))
    assert reason in str(polled.error)
    assert polled.state.failures == 1


def test_a_parser_that_breaks_is_the_feeds_failure() -> None:
    async def scenario(poller: Poller) -> None:
        async def breaks(*_: Any) -> Any:
            raise RecursionError("too deep")

        poller.server.gives("/feed", rss(item("1")))
        polled = await poll(poller.spec, poller.state, Web(poller.web.fetcher, breaks), NOW)
        assert "RecursionError: too deep" in str(polled.error)

    polls(scenario)


def test_what_nobody_thought_of_is_the_feeds_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> Any:
        raise ValueError("year -1 is out of range")

    monkeypatch.setattr(harvest, "to_article", breaks)

    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1")), ETag='"x"')
        polled = await poller.poll()
        assert "ValueError: year -1 is out of range" in str(polled.error)
        assert (polled.state.failures, polled.state.etag) == (1, None)

    polls(scenario)


def test_a_parser_that_hangs_is_the_feeds_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PARSE_SECONDS", 0.05)
    release = threading.Event()

    def hang(*_: Any) -> Any:
        release.wait(10)

    monkeypatch.setattr(found, "of_feed", hang)

    async def scenario(poller: Poller) -> None:
        poller.server.gives("/feed", rss(item("1")))
        try:
            assert "not parsed within 0.05 s" in str((await poller.poll()).error)
        finally:
            release.set()

    polls(scenario)
