"""From the entries of a feed to Articles: identity, text, date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from producers.boilerplate import article_text
from producers.entries import Entry, Markup
from producers.pages import Page
from producers.plaintext import clean, html_to_text
from stancewire.identity import content_hash, stable_id
from stancewire.records import Article, Feed

# A Kafka record may have 8 MiB; the rest is for JSON's escapes and the other fields.
MAX_TEXT_BYTES = 6_000_000
# Clocks and time zones are wrong by hours; what is dated later than this is a mistake or a trick.
MAX_FUTURE = timedelta(days=2)
# Older dates are zeros of some epoch: 0001, 1900, 1970, 1980. There were no feeds before 1999.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# A teaser has one or two paragraphs; an article that is no longer loses nothing by a second look.
SUMMARY_CHARACTERS = 1_000
# A content element that repeats the summary is a teaser up to this length.
REPEATED_CHARACTERS = 600
# A long text that ends in an ellipsis may well be whole.
CUT_CHARACTERS = 3_000

CUT_END = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.|&hellip;)\]"
    r"|\b(?:continue reading|keep reading|read (?:more|on)|read the (?:full|rest)[\w ]{0,30}"
    r"|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|leggi tutto|lees verder"
    r"|leia mais|czytaj dalej|читать далее|читати далі)\W{0,5})\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry's article as far as the feed itself gives it."""

    article_id: str
    entry: Entry
    text: str
    is_summary: bool

    @property
    def content_hash(self) -> str:
        """Changes when the entry is edited, whatever its page does meanwhile."""
        return content_hash(self.entry.title, self.text)


def drafts(feed_id: str, entries: Sequence[Entry]) -> list[Draft]:
    """One draft an entry, in order; of entries that cannot be told apart, the first."""
    found: dict[str, Draft] = {}
    for entry, identity in zip(entries, identities(entries), strict=True):
        article_id = stable_id("article", feed_id, *identity)
        if article_id not in found:
            text, is_summary = entry_text(entry)
            head_date, text = article_text(text)
            dated = replace(entry, published_at=entry.published_at or head_date)
            found[article_id] = Draft(article_id, dated, text, is_summary)
    return list(found.values())


def identities(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """What each entry is known by from one poll to the next.

    Its guid; where entries share it, guid and link; where they share these too, and the title
    besides. Without a guid its link, without that its title and date.
    """
    guids = Counter(entry.guid for entry in entries)
    links = Counter((entry.guid, entry.url) for entry in entries)

    def identity(entry: Entry) -> tuple[str, ...]:
        own = ("guid", entry.guid) if entry.guid else ()
        if own and guids[entry.guid] == 1:
            return own
        linked = (*own, "link", entry.url) if entry.url else own
        if linked and links[entry.guid, entry.url] == 1:
            return linked
        date = entry.published_at.isoformat() if entry.published_at and not linked else ""
        return (*linked, "title", entry.title or "", date)

    return [identity(entry) for entry in entries]


def entry_text(entry: Entry) -> tuple[str, bool]:
    """The plain text of an entry, and whether it is only a summary of its page.

    It is one if there is a page and the entry has no content element and little text, or has a
    content element that only repeats a short summary, or ends like a text that was cut.
    """
    content, summary = _plain(entry.content), _plain(entry.summary)
    text = max(content, summary, key=len)
    cut = CUT_END.search(text[-100:]) is not None and len(text) < CUT_CHARACTERS
    if content:
        is_short = content == summary and len(text) < REPEATED_CHARACTERS
    else:
        is_short = len(text) < SUMMARY_CHARACTERS
    return text, entry.url is not None and (cut or is_short)


def _plain(markup: Markup | None) -> str:
    if markup is None:
        return ""
    text = html_to_text(markup.value) if markup.is_html else clean(markup.value)
    lines = (line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def with_page(draft: Draft, page: Page) -> tuple[Entry, str]:
    """The entry and text to publish once the page was read.

    The page's text counts if it is longer: a shorter one is a login or a consent form. Its
    title, date, authors and language fill what the entry leaves open.
    """
    entry = draft.entry
    if len(page.text) <= len(draft.text):
        return entry, draft.text
    filled = replace(
        entry,
        title=entry.title or page.title,
        language=entry.language or page.language,
        authors=entry.authors or page.authors,
        published_at=entry.published_at or page.published_at,
    )
    return filled, page.text


def to_article(
    article_id: str,
    entry: Entry,
    text: str,
    *,
    feed: Feed,
    language: str | None,
    revision: int,
    fetched_at: datetime,
) -> Article:
    """The record; `language` is the feed's, for entries that state none."""
    return Article(
        id=article_id,
        revision=revision,
        url=entry.url,
        title=entry.title,
        text=text,
        language=entry.language or language,
        authors=entry.authors,
        published_at=plausible(entry.published_at, fetched_at),
        fetched_at=fetched_at,
        feed=feed,
        content_hash=content_hash(entry.title, text),
    )


def plausible(date: datetime | None, now: datetime) -> datetime | None:
    """The date if an article can have it, else None."""
    if date is None or not EARLIEST <= date <= now + MAX_FUTURE:
        return None
    return date
