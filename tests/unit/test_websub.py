from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from producers import websub
from producers.parse import parse_feed
from producers.websub import Keys
from stancewire.cli import cli
from stancewire.errors import ConfigError
from stancewire.feed_records import FeedState, Push, Subscription

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HUB = "https://hub.example/"
TOPIC = "https://news.example/feed"
KEYS = Keys(b"s" * 32, "https://ours.example/websub/")

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>
<link rel="hub" href="{HUB}"/><link rel="self" href="{TOPIC}"/></feed>"""
RSS = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>N</title>
<atom:link rel="self" href="/feed"/><atom:link rel="hub" href="{HUB}"/></channel></rss>"""
JSON = f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "N", "feed_url": "{TOPIC}",
"hubs": [{{"type": "rssCloud", "url": "https://x.example"}}, {{"type": "WebSub", "url": "{HUB}"}}],
"items": []}}"""


def state(**known: object) -> FeedState:
    subscription = Subscription.model_validate({"hub": HUB, "topic": TOPIC, **known})
    return FeedState(id="feed", url=TOPIC, subscription=subscription)


@pytest.mark.parametrize("body", [ATOM, RSS, JSON], ids=["atom", "rss", "json"])
def test_feeds_name_their_hub(body: str) -> None:
    found = parse_feed(body.encode(), "https://news.example/x")
    assert (found.hub, found.own_url) == (HUB, TOPIC)


@pytest.mark.parametrize("hub", ["javascript:alert(1)", "ftp://hub.example/", "http://["])
def test_what_is_no_address_of_the_web_is_no_hub(hub: str) -> None:
    assert parse_feed(ATOM.replace(HUB, hub).encode(), TOPIC).hub is None
    assert parse_feed(JSON.replace(HUB, hub).encode(), TOPIC).hub is None


def test_link_headers_come_first_and_what_is_known_stays() -> None:
    links = {"hub": "https://other.example/", "self": "https://news.example/self"}
    found = websub.discovered(None, links, HUB, TOPIC)
    assert found == Subscription(hub=links["hub"], topic=links["self"])
    known = state(asked_at=NOW).subscription
    assert websub.discovered(known, {}, HUB, TOPIC) is known
    moved = websub.discovered(known, {}, HUB, "https://news.example/new")
    assert moved is not None
    assert moved.asked_at is None
    assert websub.discovered(known, {}, None, TOPIC) is None
    assert websub.discovered(known, {}, TOPIC, TOPIC) is None


@pytest.mark.parametrize(
    ("known", "wants"),
    [
        ({}, True),
        ({"asked_at": NOW - DAY / 2}, False),
        ({"asked_at": NOW - DAY}, True),
        ({"asked_at": NOW - 6 * DAY, "lease_until": NOW + 4 * DAY}, False),
        ({"asked_at": NOW - 7 * DAY, "lease_until": NOW + 3 * DAY}, True),
        ({"asked_at": NOW - 9 * DAY, "lease_until": NOW + DAY}, True),
        ({"asked_at": NOW - DAY / 48, "lease_until": NOW + DAY / 240}, False),
    ],
)
def test_when_a_hub_is_asked(known: dict[str, object], wants: bool) -> None:
    assert websub.wants_asking(state(**known), NOW) is wants
    retired = state(**known).model_copy(update={"retired_at": NOW})
    assert not websub.wants_asking(retired, NOW)


def test_a_feed_without_a_hub_asks_none() -> None:
    assert not websub.wants_asking(FeedState(id="feed", url=TOPIC), NOW)


def test_a_lease_is_live_until_its_end_and_a_denial_ends_it() -> None:
    known = state(asked_at=NOW).subscription
    assert known is not None
    verified = Push(
        feed_id="feed", kind="verified", topic=TOPIC, received_at=NOW, lease_seconds=3600
    )
    live = websub.answered(known, verified)
    assert websub.is_live(live, NOW)
    assert not websub.is_live(live, NOW + timedelta(hours=1))
    other = verified.model_copy(update={"topic": "https://news.example/other"})
    assert websub.answered(known, other) == known
    denied = Push(feed_id="feed", kind="denied", topic=TOPIC, received_at=NOW, reason="no")
    ended = websub.answered(live, denied)
    assert not websub.is_live(ended, NOW)
    assert ended.error == "denied: no"
    unstated = verified.model_copy(update={"lease_seconds": None})
    assert websub.answered(known, unstated).lease_until == NOW + websub.UNSTATED_LEASE


def test_polls_are_fewer_only_while_the_hub_delivers() -> None:
    hour = timedelta(hours=1)
    silent = state(lease_until=NOW + 9 * DAY).subscription
    delivers = state(lease_until=NOW + 9 * DAY, delivers=True).subscription
    ending = state(lease_until=NOW + 2 * hour, delivers=True).subscription
    over = state(lease_until=NOW - hour, delivers=True).subscription
    found = [websub.relieved(each, hour, NOW) for each in (None, silent, delivers, ending, over)]
    assert found == [hour, hour, websub.RELIEF * hour, 2 * hour, hour]


def test_a_callback_names_feed_and_token_and_no_secret() -> None:
    form = KEYS.form("a/b ü", TOPIC)
    path = urlsplit(form["hub.callback"]).path
    feed_id, token = path.removeprefix("/websub/").split("/")
    assert unquote(feed_id) == "a/b ü"
    assert token == KEYS.token("a/b ü", TOPIC)
    assert form["hub.secret"] == KEYS.signing_key("a/b ü", token)
    assert len(form["hub.secret"]) < 200  # bytes that hubs must take (section 5.1)
    assert token not in form["hub.secret"]
    assert form["hub.mode"] == "subscribe"


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_tokens_differ_where_feeds_or_topics_do(a: str, b: str, c: str, d: str) -> None:
    assert (KEYS.token(a, b) == KEYS.token(c, d)) is ((a, b) == (c, d))
    assert KEYS.token(a, b) != KEYS.signing_key(a, b)[:32]
    assert Keys(b"other" * 8, KEYS.callback).token(a, b) != KEYS.token(a, b)


@pytest.mark.parametrize("method", sorted(websub.DIGESTS))
def test_signatures(method: str) -> None:
    body, key = b"news", b"key"
    digests = {name: hmac.new(key, body, getattr(hashlib, name)).digest() for name in [method]}
    signature = f"{method}={digests[method].hex()}"
    assert websub.is_signed(signature, digests)
    assert websub.is_signed(signature.upper(), digests)
    assert not websub.is_signed(signature[:-1] + "x", digests)
    for useless in (
        "",
        method,
        f"{method}=",
        f"{method}=ü",
        f"md5={digests[method].hex()}",
        "=",
        "ü=ü",
    ):
        assert not websub.is_signed(useless, digests)


@pytest.mark.parametrize(
    ("callback", "secret", "reason"),
    [
        ("https://ours.example/", None, "belong together"),
        (None, "s" * 32, "belong together"),
        ("ours.example", "s" * 32, "'ours.example' is no address"),
        ("https://ours.example/?a=b", "s" * 32, "is no address of the web that a path"),
        ("https://ours.example/", "short", "the secret has 5 characters; 32 are needed"),
        ("https://ours.example/", "", "the file is empty"),
    ],
)
def test_settings_that_cannot_be_used(
    callback: str | None, secret: str | None, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "feeds.yaml").write_text(f"- {TOPIC}\n")
    options = ["--feeds", str(tmp_path / "feeds.yaml")]
    if callback is not None:
        options += ["--websub-callback", callback]
    if secret is not None:
        (tmp_path / "secret").write_text(secret)
        options += ["--websub-secret-file", str(tmp_path / "secret")]
    result = CliRunner().invoke(cli, ["produce", *options])
    assert isinstance(result.exception, ConfigError)
    assert reason in str(result.exception)
