"""What anyone on the Internet may send to the address that hubs call."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from producers import callback as module
from producers.callback import Callback, HubSettings
from producers.websub import Keys
from stancewire.errors import BrokerError, ConfigError
from stancewire.feed_records import Push
from stancewire.metrics import FeedMetrics

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOPIC = "https://news.example/feed"
KEYS = Keys(b"s" * 32, "https://ours.example/some/where")
FORM = KEYS.form("the feed/1", TOPIC)
BODY = b"<rss version='2.0'><channel/></rss>"


@dataclass
class Called:
    """A callback that is up, and what it has taken."""

    base: str = ""
    fails: bool = False
    taken: list[Push] = field(default_factory=list)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    @property
    def address(self) -> str:
        return self.base + urlsplit(FORM["hub.callback"]).path

    async def deliver(self, push: Push) -> None:
        if self.fails:
            raise BrokerError("away")
        self.taken.append(push)

    def count(self, outcome: str) -> float | None:
        labels = {"outcome": outcome}
        return self.registry.get_sample_value("stancewire_feed_pushes_total", labels)

    async def get(self, address: str | None = None, **query: str) -> tuple[int, str]:
        names = {f"hub.{name}": value for name, value in query.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.get(address or self.address, params=names) as answer,
        ):
            return answer.status, await answer.text()

    async def post(self, body: bytes, address: str | None = None, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.post(address or self.address, data=BytesIO(body), headers=named) as answer,
        ):
            return answer.status


def signature(body: bytes, key: str = FORM["hub.secret"]) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


@asynccontextmanager
async def up() -> AsyncIterator[Called]:
    called = Called()
    settings = HubSettings(KEYS, "127.0.0.1", 0)
    async with Callback(
        settings,
        knows=lambda feed_id: feed_id == "the feed/1",
        deliver=called.deliver,
        clock=lambda: NOW,
        metrics=FeedMetrics(called.registry),
    ) as callback:
        called.base = f"http://127.0.0.1:{callback.port}"
        yield called


def calls(scenario: Callable[[Called], Awaitable[None]]) -> None:
    async def run() -> None:
        async with up() as called:
            await scenario(called)

    asyncio.run(run())


def test_what_we_asked_for_is_verified() -> None:
    async def scenario(called: Called) -> None:
        answer = await called.get(
            mode="subscribe", topic=TOPIC, challenge="a b<c>", lease_seconds="3600"
        )
        assert answer == (200, "a b<c>")
        [push] = called.taken
        assert (push.feed_id, push.kind, push.topic) == ("the feed/1", "verified", TOPIC)
        assert (push.lease_seconds, push.received_at) == (3600, NOW)
        assert called.count("taken") == 1

    calls(scenario)


def test_a_proxy_may_cut_the_path() -> None:
    async def scenario(called: Called) -> None:
        cut = called.base + urlsplit(FORM["hub.callback"]).path.removeprefix("/some/where")
        status, text = await called.get(cut, mode="subscribe", topic=TOPIC, challenge="x")
        assert (status, text) == (200, "x")
        assert called.taken[0].lease_seconds is None

    calls(scenario)


@pytest.mark.parametrize(
    ("feed", "topic", "mode"),
    [
        ("the%20feed%2F1", "https://news.example/other", "subscribe"),
        ("the%20feed%2F1", TOPIC, "unsubscribe"),
        ("the%20feed%2F1", TOPIC, ""),
        ("the%20feed%2F1", "", "subscribe"),
        ("another", TOPIC, "subscribe"),
        ("%FF%00", "\udcff", "subscribe"),
    ],
)
def test_what_we_did_not_ask_for_is_not(feed: str, topic: str, mode: str) -> None:
    async def scenario(called: Called) -> None:
        token = called.address.rpartition("/")[2]
        address = f"{called.base}/{feed}/{token}"
        wanted = topic.encode("utf-8", "replace").decode()
        status, text = await called.get(address, mode=mode, topic=wanted, challenge="secret")
        assert status == 404
        assert "secret" not in text
        assert not called.taken
        assert called.count("unknown") == 1

    calls(scenario)


@pytest.mark.parametrize("path", ["/", "", "//", "/x", "/%2F/%2F", "/the%20feed%2F1/", "/ü/ü"])
def test_other_paths_are_nothing(path: str) -> None:
    async def scenario(called: Called) -> None:
        status, _ = await called.get(called.base + path, mode="subscribe", topic=TOPIC)
        assert status == 404
        assert await called.post(BODY, called.base + path) in (403, 404, 410)
        assert not called.taken

    calls(scenario)


def test_denied() -> None:
    async def scenario(called: Called) -> None:
        status, _ = await called.get(mode="denied", topic=TOPIC, reason="no such topic")
        assert status == 200
        assert [(push.kind, push.reason) for push in called.taken] == [("denied", "no such topic")]

    calls(scenario)


def test_signed_content_is_taken() -> None:
    async def scenario(called: Called) -> None:
        kind = "application/rss+xml"
        status = await called.post(BODY, X_Hub_Signature=signature(BODY), Content_Type=kind)
        assert status == 202
        [push] = called.taken
        assert (push.kind, push.body, push.content_type) == ("content", BODY, kind)

    calls(scenario)


@pytest.mark.parametrize(
    "given", ["", "sha256=", signature(BODY + b" "), signature(BODY, "another key"), "sha256=ü"]
)
def test_content_that_is_not_signed_by_the_hub_is_not_taken(given: str) -> None:
    async def scenario(called: Called) -> None:
        assert await called.post(BODY, X_Hub_Signature=given) == 403
        assert not called.taken
        assert called.count("unsigned") == 1

    calls(scenario)


def test_a_key_of_one_token_signs_nothing_for_another() -> None:
    async def scenario(called: Called) -> None:
        address = called.address[:-1] + ("0" if called.address[-1] != "0" else "1")
        assert await called.post(BODY, address, X_Hub_Signature=signature(BODY)) == 403
        assert not called.taken

    calls(scenario)


def test_a_feed_that_is_not_listed_any_more_ends_its_subscription() -> None:
    async def scenario(called: Called) -> None:
        form = KEYS.form("gone", TOPIC)
        address = called.base + urlsplit(form["hub.callback"]).path
        signed = signature(BODY, form["hub.secret"])
        assert await called.post(BODY, address, X_Hub_Signature=signed) == 410

    calls(scenario)


def test_large_content_is_left_to_a_poll_and_the_largest_refused() -> None:
    async def scenario(called: Called) -> None:
        large = b"x" * (module.MAX_KEPT_BYTES + 1)
        assert await called.post(large, X_Hub_Signature=signature(large)) == 202
        assert called.taken[0].body is None
        largest = b"x" * (module.MAX_BYTES + 1)
        assert await called.post(largest, X_Hub_Signature=signature(largest)) == 413
        assert len(called.taken) == 1

    calls(scenario)


def test_what_kafka_does_not_take_the_hub_sends_again() -> None:
    async def scenario(called: Called) -> None:
        called.fails = True
        assert await called.post(BODY, X_Hub_Signature=signature(BODY)) == 503
        status, text = await called.get(mode="subscribe", topic=TOPIC, challenge="x")
        assert (status, text) == (503, "")
        assert called.count("failed") == 2
        called.fails = False
        assert await called.post(BODY, X_Hub_Signature=signature(BODY)) == 202

    calls(scenario)


def test_slow_callers_are_bounded_in_time_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 1.0)
    monkeypatch.setattr(module, "MAX_READING", 2)

    async def slow(called: Called) -> int:
        async def drip() -> AsyncIterator[bytes]:
            for _ in range(50):
                yield b"x"
                await asyncio.sleep(0.2)

        async with (
            aiohttp.ClientSession() as session,
            session.post(called.address, data=drip()) as answer,
        ):
            return answer.status

    async def scenario(called: Called) -> None:
        callers = [asyncio.create_task(slow(called)) for _ in range(2)]
        await asyncio.sleep(0.5)
        assert await called.post(BODY, X_Hub_Signature=signature(BODY)) == 503
        assert await asyncio.gather(*callers) == [408, 408]
        assert await called.post(BODY, X_Hub_Signature=signature(BODY)) == 202

    calls(scenario)


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        async def run() -> None:
            async with Callback(
                HubSettings(KEYS, "127.0.0.1", taken.getsockname()[1]),
                knows=lambda _: True,
                deliver=Called().deliver,
                clock=lambda: NOW,
                metrics=FeedMetrics(CollectorRegistry()),
            ):
                pass

        with pytest.raises(ConfigError, match=r"port for hubs cannot be opened.*127\.0\.0\.1"):
            asyncio.run(run())
