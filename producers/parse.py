"""From the bytes of a feed, in whatever format, to its entries."""

from __future__ import annotations

from collections.abc import Mapping

from producers.addresses import without_credentials
from producers.entries import ParsedFeed
from producers.jsonfeed import read_json
from producers.sniff import describe, is_json, is_page
from producers.xmlfeed import read_xml
from stancewire.errors import FeedError

NOTHING = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"


def parse_feed(body: bytes, url: str, headers: Mapping[str, str] | None = None) -> ParsedFeed:
    """Reads an RSS, Atom or JSON feed fetched from `url`, whatever its declared type.

    Raises FeedError that says what is there instead, if it is no feed.
    """
    where = {"url": without_credentials(url)}
    if not body.strip(NOTHING):
        raise FeedError("the feed is empty", reason="not_a_feed", **where)
    given = {name.lower(): value for name, value in (headers or {}).items()}
    read = read_json if is_json(body) else read_xml
    try:
        parsed = None if is_page(body) else read(body, url, given)
    except Exception as error:  # parsers let whatever their helpers raise through
        reason = f"{type(error).__name__}: {error}"[:200]
        message = f"the feed cannot be parsed: {reason}"
        raise FeedError(message, reason="unparsable", **where) from error
    if parsed is None:
        raise FeedError(describe(body, url), reason="not_a_feed", **where)
    return parsed
