"""Articles that are files or lines rather than entries of a feed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from charset_normalizer import from_bytes
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from producers.articles import MAX_TEXT_BYTES, Draft, to_article
from producers.boilerplate import article_text
from producers.entries import Entry
from producers.feedlist import readable_id
from producers.pages import Page, read_page
from producers.plaintext import clean, clean_in_place, html_to_text
from producers.sniff import is_page
from stancewire.errors import FeedError, InputError
from stancewire.identity import content_hash, stable_id
from stancewire.records import Article, Feed

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
# Guessing a charset reads the text many times; the beginning tells as much.
GUESS_BYTES = 100_000
# Longest first: UTF-32's little-endian mark begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def local_feed(name: str, data: bytes) -> Feed:
    """The feed of a document that comes from no feed.

    Its id has the file's name and content, not its folder, so that one document has one id on
    every machine, and two documents of one name have two.
    """
    digest = hashlib.sha256(data).hexdigest()
    return Feed(id=readable_id(name, digest), url=f"file:{name}")


def document_article(data: bytes, name: str, *, feed: Feed, fetched_at: datetime) -> Article:
    """A plain-text or HTML document as an article, with the id of feed and name.

    A head line with a date gives `published_at`; head and notices are not part of the text.
    Raises InputError naming the document if it cannot be read, has no text or is too large.
    """
    draft = document_draft(data, name, feed.id)
    if not draft.text.strip():
        raise InputError("the document has no text", document=name)
    if len(draft.text.encode("utf-8")) > MAX_TEXT_BYTES:
        raise InputError(f"the text is larger than {MAX_TEXT_BYTES:,} bytes", document=name)
    return to_article(
        draft.article_id,
        draft.entry,
        draft.text,
        feed=feed,
        language=None,
        revision=1,
        fetched_at=fetched_at,
    )


def document_draft(data: bytes, name: str, feed_id: str) -> Draft:
    """A document as the draft of an article; an edited one keeps its id.

    Raises InputError naming the document if it cannot be read.
    """
    try:
        page = _html_page(data) if _is_html(data, name) else _plain_page(data)
    except (FeedError, InputError) as error:
        message = f"cannot read the document: {error.message}"
        raise InputError(message, document=name) from error
    entry = Entry(
        title=page.title,
        language=page.language,
        authors=page.authors,
        published_at=page.published_at,
    )
    return Draft(stable_id("article", feed_id, name), entry, page.text, is_summary=False)


def _is_html(data: bytes, name: str) -> bool:
    return is_page(data) or name.lower().endswith(HTML_SUFFIXES)


def _html_page(data: bytes) -> Page:
    page = read_page(data)
    if page.text:
        return page
    # A few words in a document of their own are too little for an article extractor.
    return replace(page, text=html_to_text(decode(data)))


def _plain_page(data: bytes) -> Page:
    date, text = article_text(clean(decode(data)))
    return Page(text=text, published_at=date)


def decode(data: bytes) -> str:
    """The text of a plain-text file: by its byte order mark, as UTF-8, else by a guess.

    Raises InputError if it holds no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data:
        raise InputError("it is not text: it has zero bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(data[:GUESS_BYTES]).best()
        return data.decode(guess.encoding if guess else "cp1252", "replace")


class _Line(BaseModel):
    """What a line of JSON may say of an article."""

    model_config = ConfigDict(extra="ignore")

    text: str
    id: Annotated[str, Field(coerce_numbers_to_str=True)] | None = None
    title: str | None = None
    url: str | None = None
    published_at: datetime | None = Field(default=None, description="UTC where it has no zone.")
    language: str | None = None
    authors: tuple[str, ...] = ()


def article_from_json(
    value: Mapping[str, Any] | object, line: int, *, feed: Feed, fetched_at: datetime
) -> Article:
    """One object of a JSON Lines file as an article.

    Its id is the one it has, or a hash of its text, title and url. The text stays as it is, so
    that offsets hold in the file, too; control characters become spaces. Raises InputError that
    names the line and the reason.
    """
    try:
        given = _Line.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            raise InputError("expected an object with a text", line=line) from error
        where = ".".join(str(step) for step in first["loc"])
        raise InputError(f"{where!r}: {first['msg'].lower()}", line=line) from error
    text = clean_in_place(given.text)
    if not text.strip():
        raise InputError("the article has no text", line=line)
    if len(text.encode("utf-8")) > MAX_TEXT_BYTES:
        raise InputError(f"the text is larger than {MAX_TEXT_BYTES:,} bytes", line=line)
    title = clean_in_place(given.title) if given.title else None
    return Article(
        id=given.id or stable_id("article", feed.id, text, title or "", given.url or ""),
        url=given.url,
        title=title,
        text=text,
        language=given.language,
        authors=given.authors,
        published_at=_in_utc(given.published_at),
        fetched_at=fetched_at,
        feed=feed,
        content_hash=content_hash(title, text),
    )


def _in_utc(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date and date.tzinfo is None else date
