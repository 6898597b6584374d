"""What a fetched or pushed document holds, as far as the producer needs it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from producers.articles import Draft, drafts
from producers.documents import document_draft
from producers.parse import parse_feed
from producers.schedule import Wishes


@dataclass(frozen=True, slots=True)
class Found:
    """`omitted` counts entries left out; `hub` and `own_url` are as `ParsedFeed` has them."""

    drafts: list[Draft]
    title: str | None = None
    language: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    omitted: int = 0
    hub: str | None = None
    own_url: str | None = None


def of_feed(body: bytes, url: str, headers: Mapping[str, str], feed_id: str) -> Found:
    """The entries of a feed; raises FeedError as `parse_feed`."""
    parsed = parse_feed(body, url, headers)
    return Found(
        drafts(feed_id, parsed.entries),
        parsed.title,
        parsed.language,
        parsed.wishes,
        parsed.omitted,
        parsed.hub,
        parsed.own_url,
    )


def of_document(body: bytes, url: str, headers: Mapping[str, str], feed_id: str) -> Found:
    """The one article that a text or page is."""
    name = posixpath.basename(unquote(urlsplit(url).path))
    return Found([document_draft(body, name, feed_id)])
