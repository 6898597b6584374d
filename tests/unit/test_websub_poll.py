"""A feed with a hub: what is asked, what is taken, and how polls go on beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from producers import hub as module
from producers.feedlist import FeedSpec
from producers.fetch import Fetcher
from producers.harvest import Polled
from producers.poll import Web, poll
from producers.schedule import Pace
from producers.share import MAX_PUSHES, Share
from producers.websub import RELIEF, Keys
from stancewire.feed_records import FeedState, Push, Subscription
from tests.unit.feed_server import FeedServer, feed_server, fetcher
from tests.unit.test_feed_poll import NOW, item, rss

KEYS = Keys(b"s" * 32, "https://ours.example/")
LINKS = (
    "<link rel='hub' href='/hub' xmlns='http://www.w3.org/2005/Atom'/>"
    "<link rel='self' href='/topic' xmlns='http://www.w3.org/2005/Atom'/>"
)
SECOND = timedelta(seconds=1)


class Told:
    """One feed with a hub, its state, and the time."""

    def __init__(self, server: FeedServer, client: Fetcher) -> None:
        self.server = server
        self.web = Web(client, keys=KEYS)
        self.spec = FeedSpec(id="feed", url=server.url("/feed"))
        self.state = FeedState(id="feed", url=self.spec.url)
        self.now = NOW
        self.forms: list[dict[str, str]] = []

    async def poll(self, *items: str) -> Polled:
        self.server.gives("/feed", rss(LINKS, *items))
        return self._kept(await poll(self.spec, self.state, self.web, self.now))

    async def ask(self) -> Polled:
        return self._kept(await module.ask(self.spec, self.state, self.web, self.now))

    async def take(self, push: Push) -> Polled:
        return self._kept(await module.take(self.spec, self.state, push, self.web, self.now))

    async def pushed(self, body: str | None, at: datetime | None = None) -> Polled:
        encoded = None if body is None else body.encode()
        return await self.take(Push.of_content("feed", at or self.now, "text/xml", encoded))

    async def promised(self) -> Polled:
        topic = self.known.topic
        return await self.take(
            Push(feed_id="feed", kind="verified", topic=topic, received_at=self.now,
                 lease_seconds=864_000)
        )  # fmt: skip

    @property
    def known(self) -> Subscription:
        assert self.state.subscription is not None
        return self.state.subscription

    @property
    def wait(self) -> timedelta:
        assert self.state.next_check_at is not None
        return self.state.next_check_at - self.now

    def _kept(self, polled: Polled) -> Polled:
        self.state = FeedState.model_validate_json(polled.state.model_dump_json())
        return polled


def told(scenario: Callable[[Told], Awaitable[None]], status: int = 202) -> None:
    async def run() -> None:
        async with feed_server() as server, fetcher() as client:
            feed = Told(server, client)

            async def hub(request: web.Request) -> web.Response:
                form = await request.post()
                feed.forms.append({name: str(value) for name, value in form.items()})
                return web.Response(status=status)

            server.answers["/hub"] = hub
            await scenario(feed)

    asyncio.run(run())


def test_the_hub_is_asked_as_the_feed_names_it() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        server = feed.server
        assert (feed.known.hub, feed.known.topic) == (server.url("/hub"), server.url("/topic"))
        await feed.ask()
        assert feed.forms == [KEYS.form("feed", server.url("/topic"))]
        assert (feed.known.asked_at, feed.known.error) == (NOW, None)
        await feed.promised()
        assert feed.known.lease_until == NOW + timedelta(days=10)

    told(scenario)


def test_a_hub_that_refuses_is_noted_and_polls_go_on() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        before = feed.wait
        polled = await feed.ask()
        assert polled.error is None
        assert "503" in str(feed.known.error)
        feed.now += before
        assert len((await feed.poll(item("1"), item("2"))).articles) == 1
        assert feed.state.failures == 0

    told(scenario, status=503)


def test_a_hub_at_a_private_address_is_not_asked() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        port = feed.server.port
        hub = feed.known.model_copy(update={"hub": f"http://127.0.0.2:{port}/hub"})
        feed.state = feed.state.model_copy(update={"subscription": hub})
        await feed.ask()
        assert "not public" in str(feed.known.error)
        assert not feed.forms

    told(scenario)


@pytest.mark.parametrize(("status", "followed"), [(307, True), (308, True), (302, False)])
def test_a_form_follows_only_redirects_that_keep_it(status: int, followed: bool) -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        feed.server.gives("/old", status=status, Location="/hub")
        moved = feed.known.model_copy(update={"hub": feed.server.url("/old")})
        feed.state = feed.state.model_copy(update={"subscription": moved})
        await feed.ask()
        assert len(feed.forms) == followed
        assert (feed.known.error is None) is followed

    told(scenario)


def test_what_is_pushed_is_published_once_and_edits_are_revisions() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        feed.now += SECOND
        [article] = (await feed.pushed(rss(item("2", title="B")))).articles
        assert (article.title, article.revision, article.fetched_at) == ("B", 1, feed.now)
        feed.now += SECOND
        assert not (await feed.pushed(rss(item("1"), item("2", title="B")))).articles
        feed.now += SECOND
        [edited] = (await feed.pushed(rss(item("2", title="C")))).articles
        assert (edited.id, edited.revision) == (article.id, 2)
        assert not (await feed.poll(item("1"), item("2", title="C"))).articles

    told(scenario)


def test_a_push_that_was_taken_before_does_not_undo_a_later_one() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        await feed.pushed(rss(item("2", title="B")), NOW + SECOND)
        await feed.pushed(rss(item("2", title="C")), NOW + 2 * SECOND)
        state = feed.state
        assert not (await feed.pushed(rss(item("2", title="B")), NOW + SECOND)).articles
        assert feed.state == state

    told(scenario)


@pytest.mark.parametrize("body", [None, "", "<html><body>not a feed</body></html>", "\0"])
def test_what_cannot_be_taken_is_polled_for_at_once(body: str | None) -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        feed.now += SECOND
        polled = await feed.pushed(body)
        assert (polled.error is None) is (body is None)
        assert feed.wait == timedelta(0)
        assert feed.state.failures == 0
        assert len((await feed.poll(item("1"), item("2"))).articles) == 1

    told(scenario)


def test_a_push_to_a_feed_without_a_hub_is_nothing() -> None:
    async def scenario(feed: Told) -> None:
        state = feed.state
        assert not (await feed.pushed(rss(item("1")))).articles
        assert feed.state == state

    told(scenario)


def test_polls_are_fewer_while_the_hub_delivers_and_no_longer() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        await feed.promised()
        feed.now += timedelta(hours=6)
        await feed.poll(item("1"))
        alone = feed.wait
        feed.now += SECOND
        await feed.pushed(rss(item("2")))
        await feed.poll(item("1"), item("2"))
        assert feed.known.delivers
        assert feed.wait > 2 * alone
        assert feed.wait <= RELIEF * 1.1 * alone
        feed.now += SECOND
        await feed.poll(item("1"), item("2"), item("3"))
        assert not feed.known.delivers
        assert feed.wait < 2 * alone

    told(scenario)


def test_without_a_callback_a_promise_of_before_relieves_nothing() -> None:
    async def scenario(feed: Told) -> None:
        await feed.poll(item("1"))
        await feed.promised()
        feed.now += timedelta(hours=6)
        await feed.pushed(rss(item("2")))
        feed.web = Web(feed.web.fetcher)
        await feed.poll(item("1"), item("2"))
        assert feed.known.delivers
        assert feed.wait < Pace().longest / 10

    told(scenario)


def test_pushes_come_before_polls_and_asking_after_them() -> None:
    specs = [FeedSpec(id=name, url=f"http://{name}.example/") for name in ("a", "b", "c")]
    share = Share(asks_hubs=True)
    share.take(specs, frozenset(range(4)), 4)
    a, b, c = share.holdings
    later = {"next_check_at": NOW + SECOND}
    hub = Subscription(hub="http://hub.example/", topic="t")
    a.state = a.state.model_copy(update={**later, "subscription": hub})
    c.state = c.state.model_copy(update=later)
    push = Push.of_content("c", NOW, None, b"x")
    share.deliver(push)
    share.deliver(push.model_copy(update={"feed_id": "unknown"}))
    jobs = share.next(NOW, [], once=False)
    assert [(job.kind, job.holding) for job in jobs] == [("push", c), ("poll", b), ("ask", a)]
    assert jobs[-1].host == "hub.example"
    assert share.next(NOW, jobs, once=False) == []


def test_pushes_that_pile_up_become_a_poll() -> None:
    share = Share()
    share.take([FeedSpec(id="a", url="http://a.example/")], frozenset(range(4)), 4)
    for number in range(MAX_PUSHES + 5):
        share.deliver(Push.of_content("a", NOW + number * SECOND, None, b"x"))
    [holding] = share.holdings
    bodies = [push.body for push in holding.pushes]
    assert bodies == [b"x"] * (MAX_PUSHES - 1) + [None]
    assert holding.pushes[-1].received_at == NOW + (MAX_PUSHES + 4) * SECOND
