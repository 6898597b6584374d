"""The article on a web page: its text without the page around it."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import trafilatura
from trafilatura.settings import DEFAULT_CONFIG

from producers.boilerplate import without_boilerplate
from producers.entries import author_names, language_tag
from producers.plaintext import clean, one_line
from stancewire.errors import FeedError

# Article pages are some 100 KB; a larger one costs seconds and is hardly an article.
MAX_PAGE_BYTES = 5_000_000
# Below this, what trafilatura's own rules find is taken for a miss and its fallbacks are asked;
# asked always, they bring in other stories' teasers.
SHORT_TEXT_CHARACTERS = 500
HEAD_CHARACTERS = 4_096
STATED_LANGUAGE = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# trafilatura throws away less than 250 characters and then takes the whole page in pieces.
SHORT_ARTICLES_TOO = deepcopy(DEFAULT_CONFIG)
SHORT_ARTICLES_TOO["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as plain text; `text` may be empty."""

    text: str
    title: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None


def read_page(html: bytes | str, url: str | None = None) -> Page:
    """Lifts the article out of a page.

    The date has no time of day, so it stands for its first moment in UTC. Raises FeedError if
    the page is too large or cannot be read at all.
    """
    if len(html) > MAX_PAGE_BYTES:
        raise FeedError(
            f"the page is larger than {MAX_PAGE_BYTES:,} bytes", reason="too_large", url=url
        )
    extract = partial(
        trafilatura.bare_extraction,
        html,
        url=url,
        include_comments=False,
        with_metadata=True,
        config=SHORT_ARTICLES_TOO,
    )
    try:
        found = extract(fast=True)
        text = _text(found)
        if len(text) < SHORT_TEXT_CHARACTERS:
            fallback = extract()
            text, found = max((text, found), (_text(fallback), fallback), key=lambda it: len(it[0]))
    except Exception as error:  # trafilatura and lxml let many kinds through
        reason = f"{type(error).__name__}: {error}"[:200]
        raise FeedError(f"the page cannot be read: {reason}", url=url) from error
    if found is None:
        return Page(text="")
    data = found if isinstance(found, dict) else found.as_dict()
    return Page(
        text=text,
        title=one_line(data.get("title") or "") or None,
        language=_language(html),
        authors=author_names((data.get("author") or "").split(";")),
        published_at=_date(data.get("date")),
    )


def _text(found: object) -> str:
    """One blank line between paragraphs; trafilatura writes one paragraph a line."""
    lines = clean(getattr(found, "text", None) or "").split("\n")
    return without_boilerplate("\n\n".join(line.strip() for line in lines if line.strip()))


def _language(html: bytes | str) -> str | None:
    head = html[:HEAD_CHARACTERS]
    start = head.decode("latin-1") if isinstance(head, bytes) else head
    stated = STATED_LANGUAGE.search(start)
    return language_tag(stated.group(1)) if stated else None


def _date(value: str | None) -> datetime | None:
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
