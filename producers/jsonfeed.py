"""JSON Feed, versions 1 and 1.1 (jsonfeed.org), with anything of the wrong type passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from producers.entries import (
    MAX_ENTRIES,
    MAX_URL_CHARACTERS,
    Entry,
    Markup,
    ParsedFeed,
    author_names,
    has_markup,
    headline,
    language_tag,
    web_link,
)
from producers.plaintext import one_line


def read_json(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed | None:
    """The feed, or None if the document is JSON of another kind; ValueError if it is not JSON."""
    text = body.decode(json.detect_encoding(body), "replace")
    feed = json.loads(text, strict=False)  # strict would refuse a line end within a string
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    authors = _authors(feed)
    entries = [item for item in items if isinstance(item, dict)]
    return ParsedFeed(
        title=headline(_either(feed.get("title"))),
        language=language_tag(feed.get("language"))
        or language_tag(headers.get("content-language")),
        entries=tuple(_entry(item, authors, url) for item in entries[:MAX_ENTRIES]),
        omitted=max(0, len(entries) - MAX_ENTRIES),
        hub=_hub(feed.get("hubs"), url),
        own_url=web_link(feed.get("feed_url"), url),
    )


def _hub(hubs: object, base: str) -> str | None:
    given = [each for each in hubs if isinstance(each, dict)] if isinstance(hubs, list) else []
    urls = [each.get("url") for each in given if str(each.get("type")).lower() == "websub"]
    return next((url for each in urls if (url := web_link(each, base))), None)


def _entry(item: Mapping[str, Any], authors: tuple[str, ...], base: str) -> Entry:
    html, text = _markup(item.get("content_html"), True), _markup(item.get("content_text"), False)
    return Entry(
        guid=_guid(item.get("id")),
        url=web_link(item.get("url"), base) or web_link(item.get("external_url"), base),
        title=headline(_either(item.get("title"))),
        content=html or text,
        summary=_either(item.get("summary")),
        language=language_tag(item.get("language")),
        authors=_authors(item) or authors,
        published_at=_date(item.get("date_published")) or _date(item.get("date_modified")),
    )


def _guid(value: object) -> str | None:
    """The id; numbers are in use, though the format wants strings."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return one_line(str(value))[:MAX_URL_CHARACTERS] or None


def _markup(value: object, is_html: bool) -> Markup | None:
    return Markup(value, is_html) if isinstance(value, str) and value.strip() else None


def _either(value: object) -> Markup | None:
    """A text that should be plain, and is often HTML."""
    return _markup(value, isinstance(value, str) and has_markup(value))


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Of version 1.1's list or version 1's one author."""
    given = item.get("authors") or [item.get("author")]
    people = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return author_names(name for each in people if isinstance(name := each.get("name"), str))


def _date(value: object) -> datetime | None:
    """RFC 3339; UTC where it states no offset."""
    try:
        date = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return date and (date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
