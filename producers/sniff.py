"""What a fetched document is, by how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from producers.entries import MAX_URL_CHARACTERS
from producers.plaintext import one_line

# What stands before the first element: declaration, comments, document type.
HEAD_BYTES = 16 * 1024
MAX_ALTERNATES = 5

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
FEED_LINK_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json"}
)


def is_json(body: bytes) -> bool:
    """Whether a document is meant as a JSON object or list."""
    return re.match(rb"[\xef\xbb\xbf\xff\xfe\s\0]*[{\[]", body) is not None


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


def describe(body: bytes, url: str) -> str:
    """What there is instead of a feed."""
    if is_page(body):
        return _describe_page(body, url)
    if is_json(body):
        return "not a feed: it is JSON without a list of items"
    root = first_element(body)
    if root:
        return f"not a feed: the document begins with <{root[:80]}>"
    return "not a feed: it is not XML"


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
