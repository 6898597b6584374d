"""The article on a web page: its text without the page around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import trafilatura

from producers.boilerplate import without_boilerplate
from producers.parse import author_names, language_tag
from producers.plaintext import clean, one_line
from stancewire.errors import FeedError

# Article pages are some 100 KB; a larger one costs seconds and is hardly an article.
MAX_PAGE_BYTES = 5_000_000
# Below this, what trafilatura's own rules find is taken for a miss and its fallbacks are asked;
# asked always, they bring in other stories' teasers.
SHORT_TEXT_CHARACTERS = 500


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
        raise FeedError(f"the page is larger than {MAX_PAGE_BYTES:,} bytes", url=url)
    try:
        found = trafilatura.bare_extraction(
            html, url=url, fast=True, include_comments=False, with_metadata=True
        )
        text = _text(found)
        if len(text) < SHORT_TEXT_CHARACTERS:
            fallback = trafilatura.bare_extraction(html, url=url, include_comments=False)
            text = max(text, _text(fallback), key=len)
    except Exception as error:  # trafilatura and lxml let many kinds through
        reason = f"{type(error).__name__}: {error}"[:200]
        raise FeedError(f"the page cannot be read: {reason}", url=url) from error
    if found is None:
        return Page(text=text)
    data = found if isinstance(found, dict) else found.as_dict()
    return Page(
        text=text,
        title=one_line(data.get("title") or "") or None,
        language=language_tag(data.get("language")),
        authors=author_names((data.get("author") or "").split(";")),
        published_at=_date(data.get("date")),
    )


def _text(found: object) -> str:
    """One blank line between paragraphs; trafilatura writes one paragraph a line."""
    lines = clean(getattr(found, "text", None) or "").split("\n")
    return without_boilerplate("\n\n".join(line.strip() for line in lines if line.strip()))


def _date(value: str | None) -> datetime | None:
    try:
        return datetime.strptime(value or "", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
