"""The list of feeds that an operator keeps: YAML or OPML."""

from __future__ import annotations

import posixpath
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from producers.addresses import DEFAULT_PORTS, SCHEMES, normal_host, without_credentials
from producers.feedxml import create_parser
from stancewire.errors import ConfigError
from stancewire.identity import stable_id
from stancewire.yamlfile import load_yaml, read_config

# Long enough to be recognised in a log line, short enough for a metric's or a message's key.
SLUG_CHARACTERS = 60


class FeedSpec(BaseModel):
    """A feed as the operator lists it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, description="http(s), or file: relative to the list.")
    id: str = Field(min_length=1)
    title: str | None = None
    full_text: bool | None = Field(
        default=None,
        description="True: always read the article's page; false: never; null: if it seems needed.",
    )
    interval_seconds: int | None = Field(default=None, ge=1)
    path: Path | None = Field(default=None, description="Where a file: source is.")

    @field_validator("url", mode="before")
    @classmethod
    def _usable_url(cls, url: Any) -> Any:
        return usable_url(url) if isinstance(url, str) else url

    @model_validator(mode="before")
    @classmethod
    def _url_gives_id(cls, item: Any) -> Any:
        if isinstance(item, dict) and item.get("id") is None and isinstance(item.get("url"), str):
            return {**item, "id": feed_id(usable_url(item["url"]))}
        return item


def usable_url(url: str) -> str:
    """An address as it is asked for; raises ValueError with the reason if it cannot be."""
    url = url.strip()
    if url.lower().startswith("feed:"):  # feed://host/… and feed:https://host/… are in use
        rest = url[len("feed:") :]
        url = f"http:{rest}" if rest.startswith("//") else rest
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme == "file":
        if not parts.path.strip("/"):
            raise ValueError(f"{url!r} names no file")
        return url
    if scheme not in SCHEMES:
        raise ValueError(f"{url!r} is not an address that begins with http:, https: or file:")
    if not parts.hostname:
        raise ValueError(f"{url!r} names no host")
    _ = parts.port  # raises ValueError if it is no port
    return url


def feed_id(url: str) -> str:
    """The id of a feed that was given none: readable, and the same for the same address.

    Scheme, credentials, default port and fragment do not count, so that moving to https keeps
    the articles' ids.
    """
    parts = urlsplit(without_credentials(url))
    if parts.scheme.lower() == "file":
        normal = posixpath.normpath(unquote(parts.path))
    else:
        port = parts.port
        host = normal_host(parts.hostname or "")
        if port is not None and port not in DEFAULT_PORTS.values():
            host = f"{host}:{port}"
        normal = urlunsplit(("", "", host + (parts.path or "/"), parts.query, ""))
    return readable_id(normal)


def readable_id(text: str, *told_by: str) -> str:
    """The words of a text joined by hyphens, and a hash that tells it from others like it.

    The hash is of the text and what else it is told by.
    """
    slug = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:SLUG_CHARACTERS].strip("-")
    digest = stable_id("feed", text, *told_by)[:8]
    return f"{slug}-{digest}" if slug else digest


def load_feeds(path: Path) -> tuple[FeedSpec, ...]:
    """Reads an OPML file, or a YAML list of feeds, alone or under `feeds:`.

    An item is an address or a mapping. Raises ConfigError with file and line if the file cannot
    be read or used, or names no feed; in YAML also if two feeds have one id.
    """
    head = read_config(path)[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    feeds = _from_opml(path) if head.startswith(b"<") else _from_yaml(path)
    return tuple(with_path(feed, path.parent) for feed in feeds)


def with_path(feed: FeedSpec, folder: Path) -> FeedSpec:
    """The feed, knowing where its file is if it is one; relative to the folder."""
    parts = urlsplit(feed.url)
    if parts.scheme.lower() != "file":
        return feed
    return feed.model_copy(update={"path": folder / unquote(parts.path)})


def _from_yaml(path: Path) -> list[FeedSpec]:
    file = load_yaml(path)
    place: tuple[str, ...] = ()
    items = file.data
    if isinstance(items, dict):
        unknown = next((key for key in items if key != "feeds"), None)
        if unknown is not None:
            raise file.error(f"unknown key {unknown!r}; expected 'feeds'", str(unknown))
        place, items = ("feeds",), items.get("feeds")
    if not isinstance(items, list):
        raise file.error("expected a list of feeds", *place)
    if not items:
        raise file.error("the list names no feed", *place)
    feeds: dict[str, FeedSpec] = {}
    lines: dict[str, int] = {}
    for index, item in enumerate(items):
        if isinstance(item, str):
            items[index] = {"url": item}
        elif isinstance(item, dict) and "path" in item:
            raise file.error("unknown key 'path'; write url: file:…", *place, index, "path")
        feed = file.check(FeedSpec, *place, index)
        if feed.id in feeds:
            raise file.error(
                f"feed id {feed.id!r} stands twice, first in line {lines[feed.id]}", *place, index
            )
        feeds[feed.id] = feed
        lines[feed.id] = file.line(*place, index)
    return list(feeds.values())


class _Outlines(ContentHandler):
    """Collects the address, title and line of every outline that has an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None, int]] = []
        self.root: str | None = None
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.root = self.root or name
        values = {key.lower(): value for key, value in attrs.items()}
        if name.lower() == "outline" and values.get("xmlurl", "").strip():
            title = values.get("title") or values.get("text")
            line = self._locator.getLineNumber() if self._locator else None
            self.found.append((values["xmlurl"], title, line or 1))


def _from_opml(path: Path) -> list[FeedSpec]:
    outlines = _Outlines()
    parser = create_parser()
    parser.setContentHandler(outlines)
    try:
        parser.parse(BytesIO(read_config(path)))
    except SAXParseException as error:
        raise ConfigError(
            f"not OPML: {error.getMessage()}", file=path, line=error.getLineNumber()
        ) from error
    except SAXException as error:
        raise ConfigError(f"not OPML: {error.getMessage()}", file=path) from error
    except (LookupError, ValueError) as error:  # an encoding that expat cannot take
        raise ConfigError(f"not OPML: {error}", file=path, line=1) from error
    if (outlines.root or "").lower() != "opml":
        raise ConfigError(f"not OPML: the file begins with <{outlines.root}>", file=path, line=1)
    feeds: dict[str, FeedSpec] = {}
    for url, title, line in outlines.found:
        try:
            usable = usable_url(url)
        except ValueError as error:
            raise ConfigError(str(error), file=path, line=line) from error
        feed = FeedSpec(id=feed_id(usable), url=usable, title=title)
        feeds.setdefault(feed.id, feed)  # readers put one feed into several folders
    if not feeds:
        raise ConfigError("no outline has an xmlUrl", file=path, line=1)
    return list(feeds.values())
