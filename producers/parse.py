"""From the bytes of a feed to its entries; the only file that knows feedparser."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import feedparser.api
import feedparser.sanitizer
from lxml import etree  # type: ignore[import-untyped]

from producers.addresses import SCHEMES, without_credentials
from producers.plaintext import clean, html_to_text, one_line
from producers.schedule import Wishes, minutes, update_period
from stancewire.errors import FeedError, StancewireError

# Real feeds hold tens of entries, archives some hundreds.
MAX_ENTRIES = 2_000
# A headline of this length is no headline.
MAX_TITLE_CHARACTERS = 1_000
# Authors of a large collaboration's paper; more is noise.
MAX_AUTHORS = 100
MAX_NAME_CHARACTERS = 200
MAX_URL_CHARACTERS = 4_000
# What stands before the first element: declaration, comments, document type.
HEAD_BYTES = 16 * 1024
MAX_ALTERNATES = 5

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
FEED_LINK_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json"}
)
MARKUP = re.compile(r"</?[a-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
BYLINE = re.compile(r"by\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markup:
    """A text of an entry as the feed gives it."""

    value: str
    is_html: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as the feed states it; title and names are plain text, links are absolute."""

    guid: str | None = None
    url: str | None = None
    title: str | None = None
    content: Markup | None = None
    summary: Markup | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed and its entries in the feed's order; `omitted` were beyond `MAX_ENTRIES`."""

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    omitted: int = 0
    wishes: Wishes = field(default_factory=Wishes)


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


def parse_feed(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> ParsedFeed:
    """Reads an RSS or Atom document fetched from `url`, whatever its declared type.

    Raises FeedError that says what is there instead, if it is no feed.
    """
    where = {"url": without_credentials(url)}
    if not body.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise FeedError("the feed is empty", **where)
    root = first_element(body)
    if is_page(body):
        raise FeedError(_describe_page(body, url), **where)
    given = {name.lower(): value for name, value in (headers or {}).items()}
    known = {"content-location": where["url"]}
    known |= {key: given[key] for key in ("content-type", "content-language") if key in given}
    try:
        found = _feedparser(body, known)
        entries = found.get("entries") or []
        if not found.get("version") and not entries:
            raise FeedError(f"not a feed: {_describe(body, root)}", **where)
        channel = found.get("feed") or {}
        atom = str(found.get("version")).startswith("atom")
        language = language_tag(dict.get(channel, "language")) or language_tag(
            given.get("content-language")
        )
        return ParsedFeed(
            title=_title(channel, atom),
            language=language,
            entries=tuple(_entry(each, atom, url) for each in entries[:MAX_ENTRIES]),
            omitted=max(0, len(entries) - MAX_ENTRIES),
            wishes=Wishes(
                ttl=minutes(channel.get("ttl")),
                period=update_period(
                    channel.get("sy_updateperiod"), channel.get("sy_updatefrequency")
                ),
            ),
        )
    except FeedError:
        raise
    except Exception as error:  # feedparser lets whatever its helpers raise through
        reason = f"{type(error).__name__}: {error}"[:200]
        raise FeedError(f"the feed cannot be parsed: {reason}", **where) from error


def looks_like_feed(body: bytes) -> bool:
    """Whether a document is meant as a feed, by its first element."""
    root = first_element(body)
    return root is not None and root.rpartition(":")[2] in FEED_ROOTS


def is_document(body: bytes) -> bool:
    """Whether a file is an article rather than a feed: a page, or text that is not XML or JSON."""
    meant_as_data = re.match(rb"[\xef\xbb\xbf\s]*(?:<\?xml|<!--|[{\[]\s*[\"{])", body)
    return is_page(body) or not (looks_like_feed(body) or meant_as_data)


def is_page(body: bytes) -> bool:
    """Whether a document is an HTML page; some feeds carry HTML's document type."""
    if not _head(body).startswith("<") or looks_like_feed(body):
        return False
    return first_element(body) == "html" or (
        re.match(r"<!doctype\s+html", _head(body), re.IGNORECASE) is not None
    )


def first_element(body: bytes) -> str | None:
    """The lower-case name of a document's first element; None if it has none near its start."""
    match = re.search(r"<([a-z][\w:.-]*)", _head(body), re.IGNORECASE)
    return match.group(1).lower() if match else None


def _head(body: bytes) -> str:
    head = body[:HEAD_BYTES].replace(b"\0", b"").decode("latin-1")  # reads UTF-16 well enough
    head = re.sub(r"<!--.*?-->|<\?.*?\?>", "", head, flags=re.DOTALL)
    return head.lstrip(" \t\r\n\xef\xbb\xbf\xff\xfe")  # a byte order mark, read as Latin-1


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
        url=_link(raw.get("link"), base),
        title=_title(raw, atom),
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
    is_html = kind in HTML_TYPES or (not atom and MARKUP.search(value) is not None)
    return Markup(value, is_html)


def _title(raw: Any, atom: bool) -> str | None:
    markup = _markup(dict.get(raw, "title_detail"), atom)
    return plain_line(markup)[:MAX_TITLE_CHARACTERS].strip() or None if markup else None


def plain_line(markup: Markup) -> str:
    """A text as one line without markup."""
    return one_line(html_to_text(markup.value) if markup.is_html else markup.value)


def _link(value: object, base: str) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        link = urljoin(base, "".join(clean(value).split()))
        parts = urlsplit(link)
    except ValueError:
        return None
    usable = parts.scheme.lower() in SCHEMES and parts.netloc and len(link) <= MAX_URL_CHARACTERS
    return without_credentials(link) if usable else None


def language_tag(value: object) -> str | None:
    """The tag if it is one, in BCP 47's form (feeds write en_US, too)."""
    tag = str(value or "").strip().replace("_", "-")
    return tag if LANGUAGE.fullmatch(tag) else None


def _authors(raw: Any) -> tuple[str, ...]:
    names = [each.get("name") for each in raw.get("authors") or ()] or [raw.get("author")]
    return author_names(name for name in names if isinstance(name, str))


def author_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are shown: plain, once each, without "By"; addresses are no names."""
    shown: dict[str, str] = {}
    for name in names:
        plain = BYLINE.sub("", one_line(html_to_text(name)), count=1)[:MAX_NAME_CHARACTERS]
        if plain and not re.fullmatch(r"\S+@\S+|https?://\S+", plain):
            shown.setdefault(plain.casefold(), plain)
    return tuple(shown.values())[:MAX_AUTHORS]


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


def _describe(body: bytes, root: str | None) -> str:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "it is JSON; only RSS and Atom are read"
    if root:
        return f"the document begins with <{root[:80]}>"
    return "it is not XML"


def _describe_page(body: bytes, url: str) -> str:
    links = _Alternates()
    try:
        etree.fromstring(body, etree.HTMLParser(target=links, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        links.found = []
    said = "looks like an HTML page, not a feed"
    feeds = list(dict.fromkeys(urljoin(url, link) for link in links.found))
    if not feeds:
        return said
    more = len(feeds) - MAX_ALTERNATES
    listed = ", ".join(feeds[:MAX_ALTERNATES]) + (f" and {more} more" if more > 0 else "")
    return f"{said}; feeds it links to: {listed}"


class _Alternates:
    """Gathers the feeds that a page's head names."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        rel = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").lower().strip()
        href = one_line(attributes.get("href") or "")
        if tag == "link" and "alternate" in rel and kind in FEED_LINK_TYPES and href:
            self.found.append(href[:MAX_URL_CHARACTERS])

    def end(self, tag: str) -> None:
        pass

    def data(self, text: str) -> None:
        pass

    def close(self) -> None:
        pass
