"""RSS, RDF and Atom; the only file that knows feedparser."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser
import feedparser.api
import feedparser.sanitizer

from producers.addresses import without_credentials
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
from producers.schedule import Wishes, minutes, update_period
from stancewire.errors import StancewireError

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})


def install_entity_guard() -> None:
    """Keeps feedparser from expanding entities that a feed declares.

    Its strict parser becomes ours, which refuses them; its loose parser gets none, because no
    declaration counts as a safe one.
    """
    feedparser.api.PREFERRED_XML_PARSERS[:] = ["producers.feedxml"]
    feedparser.sanitizer.RE_SAFE_ENTITY_PATTERN = re.compile(rb"(?!)(x)(y)")


install_entity_guard()
# An id stays as the feed writes it; resolved, it would change when the feed's address does.
feedparser.api.StrictFeedParser.can_be_relative_uri.discard("id")


def check_entity_guard() -> None:
    """Raises StancewireError if feedparser expands a declared entity; to be called at start."""
    bomb = (
        '<?xml version="1.0" encoding="{0}"?>{1}<!DOCTYPE rss [{2}<!ENTITY bomb "boom">{2}]>{2}'
        "<rss version='2.0'><channel><item><title>t &bomb;</title>"
        "<description>d &bomb;&bomb;</description></item></channel></rss>"
    )
    for encoding in ("utf-8", "utf-16"):
        for prolog in ("", "\n", "\n<?bad\n"):
            for line_end in ("", "\n"):
                body = bomb.format(encoding, prolog, line_end).encode(encoding)
                if "boom" in repr(_feedparser(body, {}).get("entries")):
                    raise StancewireError(
                        "feedparser expands entities that a feed declares; "
                        "this version of it is not safe to use",
                        feedparser=feedparser.__version__,
                        encoding=encoding,
                    )


def read_xml(body: bytes, url: str, headers: Mapping[str, str]) -> ParsedFeed | None:
    """The feed, or None if the document is none; `headers` are the answer's, in lower case."""
    known = {"content-location": without_credentials(url)}
    known |= {key: headers[key] for key in ("content-type", "content-language") if key in headers}
    found = _feedparser(body, known)
    entries = found.get("entries") or []
    if not found.get("version") and not entries:
        return None
    channel = found.get("feed") or {}
    atom = str(found.get("version")).startswith("atom")
    language = language_tag(dict.get(channel, "language"))
    period = update_period(channel.get("sy_updateperiod"), channel.get("sy_updatefrequency"))
    return ParsedFeed(
        title=headline(_markup(dict.get(channel, "title_detail"), atom)),
        language=language or language_tag(headers.get("content-language")),
        entries=tuple(_entry(each, atom, url) for each in entries[:MAX_ENTRIES]),
        omitted=max(0, len(entries) - MAX_ENTRIES),
        wishes=Wishes(minutes(channel.get("ttl")), period),
        hub=_link(channel, "hub", url),
        own_url=_link(channel, "self", url),
    )


def _link(channel: Mapping[str, Any], relation: str, base: str) -> str | None:
    """The first address that the feed gives for a relation."""
    links = [each.get("href") for each in channel.get("links") or () if each.get("rel") == relation]
    return next((url for href in links if (url := web_link(href, base))), None)


def _feedparser(body: bytes, headers: Mapping[str, str]) -> Any:
    # Only text leaves an entry, so links inside markup need no resolving and markup no cleaning.
    return feedparser.parse(
        BytesIO(body),
        response_headers=dict(headers),
        resolve_relative_uris=False,
        sanitize_html=False,
    )


def _entry(raw: Any, atom: bool, base: str) -> Entry:
    contents = [markup for each in raw.get("content") or () if (markup := _markup(each, atom))]
    languages = [each.get("language") for each in raw.get("content") or ()]
    languages += [(raw.get("title_detail") or {}).get("language")]
    return Entry(
        guid=one_line(str(raw.get("id") or ""))[:MAX_URL_CHARACTERS] or None,
        url=web_link(raw.get("link"), base),
        title=headline(_markup(dict.get(raw, "title_detail"), atom)),
        content=max(contents, key=lambda markup: len(markup.value), default=None),
        summary=_markup(raw.get("summary_detail"), atom),
        language=next((known for each in languages if (known := language_tag(each))), None),
        authors=_authors(raw),
        published_at=_date(raw),
    )


def _markup(detail: Mapping[str, Any] | None, atom: bool) -> Markup | None:
    value = (detail or {}).get("value")
    kind = str((detail or {}).get("type") or "text/html").lower()
    if not isinstance(value, str) or not value.strip():
        return None
    if kind not in HTML_TYPES and not kind.startswith("text"):
        return None  # a picture or a document, in base64
    is_html = kind in HTML_TYPES or (not atom and has_markup(value))
    return Markup(value, is_html)


def _authors(raw: Any) -> tuple[str, ...]:
    names = [each.get("name") for each in raw.get("authors") or ()] or [raw.get("author")]
    return author_names(name for name in names if isinstance(name, str))


def _date(raw: Any) -> datetime | None:
    """When it was published, else updated; UTC."""
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        when = dict.get(raw, key)  # feedparser's own get() takes one date for another
        if when:
            try:
                return datetime.fromtimestamp(calendar.timegm(when), UTC)
            except (ValueError, OverflowError, OSError, TypeError):
                continue
    return None
