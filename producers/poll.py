"""One poll of one feed: what is new, what was edited, and what to remember."""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from producers.addresses import without_credentials
from producers.articles import MAX_TEXT_BYTES, Draft, drafts, to_article, with_page
from producers.documents import document_draft
from producers.feedlist import FeedSpec
from producers.fetch import MAX_BODY_BYTES, PAGE_TYPES, Fetcher, Response
from producers.pages import Page, read_page
from producers.parse import MAX_ENTRIES, is_document, is_page, parse_feed
from producers.sandbox import Reader, in_thread
from stancewire.errors import FeedError, StancewireError
from stancewire.records import Article, Feed, FeedState, SeenEntry

T = TypeVar("T")

# News is minutes old; most feeds change a few times an hour.
DEFAULT_INTERVAL = timedelta(minutes=15)
# A feed that keeps failing is asked once a day, for ever.
MAX_BACK_OFF = timedelta(days=1)
# Feeds that drop an entry and bring it back do so within this many entries.
MAX_SEEN_AFTER_LEAVING = 2_000
# A new feed of bare summaries is read over several polls, so that none takes hours.
MAX_PAGES = 100
# 2 to this power times any interval is more than a day.
MAX_DOUBLINGS = 16
# A site whose pages fail is not asked for all of them.
MAX_PAGE_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that a feed has and that was not published as it stands, and why."""

    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll found: articles to publish, and the state that goes with them."""

    state: FeedState
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    error: StancewireError | None = None


async def poll(
    spec: FeedSpec,
    state: FeedState,
    fetcher: Fetcher,
    now: datetime,
    *,
    reader: Reader = in_thread,
    default_interval: timedelta = DEFAULT_INTERVAL,
) -> Polled:
    """Asks a feed once.

    Never raises for what a feed does: its failure is `error`, and counted in the new state, with
    the next poll later each time.
    """
    seconds = spec.interval_seconds
    interval = timedelta(seconds=seconds) if seconds is not None else default_interval
    state = _current(spec, state)
    try:
        polled = await _poll(spec, state, fetcher, now, reader)
    except StancewireError as error:
        back_off = interval * 2 ** min(state.failures, MAX_DOUBLINGS)
        failed = {
            "checked_at": now,
            "next_check_at": now + max(interval, min(back_off, MAX_BACK_OFF)),
            "failures": state.failures + 1,
            "last_error": str(error),
        }
        return Polled(state=state.model_copy(update=failed), error=error)
    worked = {
        "checked_at": now,
        "next_check_at": now + interval,
        "failures": 0,
        "last_error": None,
    }
    return replace(polled, state=polled.state.model_copy(update=worked))


def _current(spec: FeedSpec, state: FeedState) -> FeedState:
    """The state, without what belongs to an address that the list no longer has."""
    if spec.url in (state.url, state.moved_from):
        return state
    forgotten = ("moved_from", "etag", "last_modified", "body_hash")
    return state.model_copy(update={"url": spec.url, **dict.fromkeys(forgotten)})


async def _poll(
    spec: FeedSpec, state: FeedState, fetcher: Fetcher, now: datetime, reader: Reader
) -> Polled:
    """The poll without its bookkeeping; raises FeedError where the feed cannot be had."""
    if spec.path:
        response = await asyncio.to_thread(_read_file, spec.path, spec.url)
    else:
        response = await fetcher.get(state.url, state.etag, state.last_modified)
    state = _moved(spec, state, response)
    if response.not_modified:
        return Polled(state=state)
    body_hash = hashlib.sha256(response.body).hexdigest()
    same_body = body_hash == state.body_hash
    state = state.model_copy(
        update={
            "body_hash": body_hash,
            "etag": response.headers.get("ETag"),
            "last_modified": response.headers.get("Last-Modified"),
        }
    )
    if same_body:
        return Polled(state=state)
    read = _read_feed
    if spec.path and is_document(response.body):
        read = _read_document
    title, language, omitted, found = await _shielded(
        reader, read, response.body, response.url, dict(response.headers), spec
    )
    state = state.model_copy(update={"title": spec.title or title or state.title})
    harvest = _Harvest(spec, state, language, now, fetcher, reader)
    await harvest.gather(found)
    if omitted:
        harvest.skip(spec.id, f"{omitted} entries after the first {MAX_ENTRIES:,} were left out")
    return harvest.result()


def _moved(spec: FeedSpec, state: FeedState, response: Response) -> FeedState:
    if response.permanent_url is None:
        return state
    return state.model_copy(update={"url": response.permanent_url, "moved_from": spec.url})


def _read_file(path: Path, url: str) -> Response:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BODY_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FeedError(f"cannot read the file: {reason}", url=url) from error
    if len(body) > MAX_BODY_BYTES:
        raise FeedError(f"the file is larger than {MAX_BODY_BYTES:,} bytes", url=url)
    return Response(status=200, url=url, body=body)


# Title and language of the feed, how many entries were omitted, and the others' drafts.
_Read = tuple[str | None, str | None, int, list[Draft]]


def _read_feed(body: bytes, url: str, headers: Mapping[str, str], spec: FeedSpec) -> _Read:
    parsed = parse_feed(body, url, headers)
    return parsed.title, parsed.language, parsed.omitted, drafts(spec.id, parsed.entries)


def _read_document(body: bytes, url: str, headers: Mapping[str, str], spec: FeedSpec) -> _Read:
    name = posixpath.basename(unquote(urlsplit(url).path))
    return None, None, 0, [document_draft(body, name, spec.id)]


async def _shielded(reader: Reader, function: Callable[..., T], *args: Any) -> T:
    """What the function gives; whatever it raises becomes a FeedError."""
    try:
        return await reader(function, *args)
    except StancewireError:
        raise
    except Exception as error:  # parsers of hostile input end in many ways
        reason = f"{type(error).__name__}: {error}"[:200]
        raise FeedError(f"cannot be parsed: {reason}") from error


class _Harvest:
    """Goes through the entries of one document and gathers what is to be published."""

    def __init__(
        self,
        spec: FeedSpec,
        state: FeedState,
        language: str | None,
        now: datetime,
        fetcher: Fetcher,
        reader: Reader,
    ) -> None:
        self._spec = spec
        self._state = state
        self._feed = Feed(id=spec.id, url=without_credentials(spec.url), title=state.title)
        self._language = language
        self._now = now
        self._fetcher = fetcher
        self._reader = reader
        self._articles: list[Article] = []
        self._skipped: list[Skipped] = []
        self._gone = dict(state.seen)
        self._present: dict[str, SeenEntry] = {}
        self._pages = 0
        self._page_failures = 0
        self._deferred = 0

    async def gather(self, found: Iterable[Draft]) -> None:
        for draft in found:
            before = self._gone.pop(draft.article_id, None)
            if before:
                self._present[draft.article_id] = before
            if before is None or before.content_hash != draft.content_hash:
                await self._take(draft, revision=before.revision + 1 if before else 1)

    async def _take(self, draft: Draft, revision: int) -> None:
        wants_page = draft.is_summary if self._spec.full_text is None else self._spec.full_text
        entry, text = draft.entry, draft.text
        if wants_page and entry.url:
            if self._pages >= MAX_PAGES:
                self._deferred += 1
                return
            page = await self._page(entry.url)
            if page:
                entry, text = with_page(draft, page)
        if not text.strip():
            self.skip(_label(draft), "it has no text")
            return
        if len(text.encode("utf-8")) > MAX_TEXT_BYTES:
            self.skip(_label(draft), f"too_large: its text has more than {MAX_TEXT_BYTES:,} bytes")
            return
        self._articles.append(
            to_article(
                draft.article_id,
                entry,
                text,
                feed=self._feed,
                language=self._language,
                revision=revision,
                fetched_at=self._now,
            )
        )
        self._present[draft.article_id] = SeenEntry(
            revision=revision, content_hash=draft.content_hash
        )

    async def _page(self, url: str) -> Page | None:
        """The article's page, or None, noted, if it cannot be had."""
        if self._page_failures >= MAX_PAGE_FAILURES:
            self.skip(url, "page not asked for after others failed; the feed's text stands for it")
            return None
        self._pages += 1
        try:
            response = await self._fetcher.get(url, accept=PAGE_TYPES)
            html = _page_html(response)
            page = await _shielded(self._reader, read_page, html, response.url)
        except StancewireError as error:
            self._page_failures += 1
            self.skip(url, f"page not read, the feed's text stands for it: {error}")
            return None
        self._page_failures = 0
        return page

    def skip(self, what: str, reason: str) -> None:
        self._skipped.append(Skipped(what, reason))

    def result(self) -> Polled:
        left = dict(list(self._gone.items())[-MAX_SEEN_AFTER_LEAVING:])
        state = self._state.model_copy(update={"seen": {**left, **self._present}})
        if self._deferred:
            self.skip(self._spec.id, f"{self._deferred} entries wait for the next poll")
            # Without these, the next poll gets and reads the document again.
            again = dict.fromkeys(("etag", "last_modified", "body_hash"))
            state = state.model_copy(update=again)
        return Polled(state, tuple(self._articles), tuple(self._skipped))


def _page_html(response: Response) -> bytes | str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if "html" not in kind and not is_page(response.body):
        raise FeedError(f"not a page but {kind or 'something of no stated type'}")
    return response.body.decode(response.charset, "replace") if response.charset else response.body


def _label(draft: Draft) -> str:
    return draft.entry.url or draft.entry.title or draft.article_id
