from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from producers.entries import MAX_ENTRIES, Markup, ParsedFeed
from producers.parse import parse_feed
from stancewire.errors import FeedError

URL = "https://news.example/feed.json"


def feed(*items: Any, **more: Any) -> ParsedFeed:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": list(items), **more}
    return parse_feed(json.dumps(document).encode(), URL)


def test_a_feed_and_its_entry() -> None:
    parsed = feed(
        {
            "id": "tag:1",
            "url": "../2024/one",
            "external_url": "https://elsewhere.example/",
            "title": "Ministers &amp; mayors meet",
            "content_html": "<p>She said no.</p>",
            "content_text": "She said no.",
            "summary": "A <b>meeting</b>",
            "date_published": "2024-11-05T14:00:00+02:00",
            "date_modified": "2024-11-06T14:00:00Z",
            "authors": [{"name": "By Ann Lee"}, {"name": "Bo Dahl"}, {"url": "https://x.example"}],
            "language": "en-GB",
        },
        title="The Daily\nPost",
        language="en_US",
    )
    assert (parsed.title, parsed.language) == ("The Daily Post", "en-US")
    [entry] = parsed.entries
    assert (entry.guid, entry.url) == ("tag:1", "https://news.example/2024/one")
    assert entry.title == "Ministers & mayors meet"
    assert entry.content == Markup("<p>She said no.</p>", is_html=True)
    assert entry.summary == Markup("A <b>meeting</b>", is_html=True)
    assert entry.published_at == datetime(2024, 11, 5, 12, tzinfo=UTC)
    assert (entry.authors, entry.language) == (("Ann Lee", "Bo Dahl"), "en-GB")


def test_what_an_entry_leaves_out_is_taken_from_elsewhere() -> None:
    parsed = feed(
        {"id": 17, "content_text": "1 < 2 & so on", "external_url": "https://x.example/a"},
        {"id": 1.5, "date_modified": "2024-11-05"},
        author={"name": "The Editors"},
    )
    first, second = parsed.entries
    assert (first.guid, first.url) == ("17", "https://x.example/a")
    assert first.content == Markup("1 < 2 & so on", is_html=False)
    assert (first.authors, first.published_at) == (("The Editors",), None)
    assert (second.guid, second.content) == ("1.5", None)
    assert second.published_at == datetime(2024, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [None, True, 3, -0.5, "x", "", [], [1], {}, {"a": "b"}, [[{}]]])
def test_wrong_types_are_passed_over(wrong: Any) -> None:
    names = [
        *("id", "url", "external_url", "title", "content_html", "content_text", "summary"),
        *("date_published", "date_modified", "authors", "author", "language"),
    ]
    parsed = feed(dict.fromkeys(names, wrong), wrong, title=wrong, authors=wrong)
    assert len(parsed.entries) == 1 + isinstance(wrong, dict)
    assert parsed.entries[0].published_at is None
    assert parsed.entries[0].authors == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    body = ' {"items": [{"id": "1", "content_text": "Grüße\nan alle"}]}'.encode(encoding)
    [entry] = parse_feed(body, URL, {"Content-Type": "application/rss+xml"}).entries
    assert entry.content == Markup("Grüße\nan alle", is_html=False)


def test_bytes_that_are_no_utf8_cost_no_entry() -> None:
    [entry] = parse_feed(b'{"items": [{"id": "1", "content_text": "caf\xe9"}]}', URL).entries
    assert entry.content == Markup("caf�", is_html=False)


def test_entries_are_capped() -> None:
    parsed = feed(*({"id": number} for number in range(MAX_ENTRIES + 3)))
    assert (len(parsed.entries), parsed.omitted) == (MAX_ENTRIES, 3)
    assert feed().entries == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "a": "<p>"}', "without a list of items"),
        (b'[{"id": "1"}]', "without a list of items"),
        (b'{"items": [{"id": "1"},', "cannot be parsed: JSONDecodeError"),
        (b"[" * 100_000, "cannot be parsed: RecursionError"),
        (b'{"items": [{"id": 1' + b"0" * 5000 + b"}]}", "cannot be parsed: ValueError"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        parse_feed(body, URL)
