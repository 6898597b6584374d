"""What a feed and its entries are, whatever the feed's format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from producers.addresses import SCHEMES, without_credentials
from producers.plaintext import clean, html_to_text, one_line
from producers.schedule import Wishes

# Real feeds hold tens of entries, archives some hundreds.
MAX_ENTRIES = 2_000
# A headline of this length is no headline.
MAX_TITLE_CHARACTERS = 1_000
# Authors of a large collaboration's paper; more is noise.
MAX_AUTHORS = 100
MAX_NAME_CHARACTERS = 200
MAX_URL_CHARACTERS = 4_000

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
    """A feed and its entries in the feed's order; `omitted` were beyond `MAX_ENTRIES`.

    `hub` tells subscribers what is new (WebSub), `own_url` is where the feed says that it is.
    """

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    omitted: int = 0
    wishes: Wishes = field(default_factory=Wishes)
    hub: str | None = None
    own_url: str | None = None


def has_markup(text: str) -> bool:
    """Whether a text that may or may not be HTML is it."""
    return MARKUP.search(text) is not None


def headline(markup: Markup | None) -> str | None:
    """A title as one line of plain text, if there is any."""
    return plain_line(markup)[:MAX_TITLE_CHARACTERS].strip() or None if markup else None


def plain_line(markup: Markup) -> str:
    """A text as one line without markup."""
    return one_line(html_to_text(markup.value) if markup.is_html else markup.value)


def web_link(value: object, base: str) -> str | None:
    """The absolute http(s) address that a link of a document at `base` leads to, if any."""
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


def author_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are shown: plain, once each, without "By"; addresses are no names."""
    shown: dict[str, str] = {}
    for name in names:
        plain = BYLINE.sub("", one_line(html_to_text(name)), count=1)[:MAX_NAME_CHARACTERS]
        if plain and not re.fullmatch(r"\S+@\S+|https?://\S+", plain):
            shown.setdefault(plain.casefold(), plain)
    return tuple(shown.values())[:MAX_AUTHORS]
