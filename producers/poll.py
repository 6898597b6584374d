"""One poll of one feed: what is new, what was edited, what to remember, and when to ask again."""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from producers import schedule
from producers.articles import Draft, drafts
from producers.documents import document_draft
from producers.entries import MAX_ENTRIES
from producers.feedlist import FeedSpec
from producers.fetch import MAX_BODY_BYTES, Fetcher
from producers.fulltext import FullText
from producers.harvest import Harvest, Polled
from producers.parse import parse_feed
from producers.response import HttpError, Response
from producers.sandbox import Reader, in_thread, shielded
from producers.schedule import Pace, Wishes
from producers.sniff import is_document
from stancewire.errors import FeedError, StancewireError
from stancewire.records import FeedState

GONE = 410


class Web:
    """What a poll reaches out with; one for all polls of a process."""

    def __init__(self, fetcher: Fetcher, reader: Reader = in_thread) -> None:
        self.fetcher = fetcher
        self.reader = reader
        self.full_text = FullText(fetcher, reader)


def is_retired(spec: FeedSpec, state: FeedState) -> bool:
    """Whether the server said that the listed feed is gone for good."""
    return state.retired_at is not None and spec.url in (state.url, state.moved_from)


async def poll(
    spec: FeedSpec,
    state: FeedState,
    web: Web,
    now: datetime,
    *,
    pace: Pace | None = None,
) -> Polled:
    """Asks a feed once.

    Never raises for what a feed does: its failure is `error`, and counted in the new state, with
    the next poll later each time, or none if the feed is gone for good.
    """
    pace = pace or Pace()
    state = _current(spec, state)
    try:
        async with _answer(spec, state, web.fetcher) as response:
            headers = response.headers
            read, found = await _read(spec, state, response, web.reader)
        polled = await _harvest(spec, read, found, web, now) if found else Polled(read)
    except StancewireError as error:
        return Polled(state=_failed(spec, state, error, now, pace), error=error)
    except Exception as cause:  # a feed that nobody thought of must not end the others' polls
        failure = FeedError(f"cannot be polled: {type(cause).__name__}: {cause}"[:200])
        failure.__cause__ = cause
        return Polled(state=_failed(spec, state, failure, now, pace), error=failure)
    return replace(polled, state=_worked(spec, polled.state, headers, now, pace))


def _current(spec: FeedSpec, state: FeedState) -> FeedState:
    """The state, without what belongs to an address that the list no longer has."""
    if spec.url in (state.url, state.moved_from):
        return state
    forgotten = ("moved_from", "etag", "last_modified", "body_hash", "retired_at")
    return state.model_copy(update={"url": spec.url, **dict.fromkeys(forgotten)})


def _failed(
    spec: FeedSpec, state: FeedState, error: StancewireError, now: datetime, pace: Pace
) -> FeedState:
    answer = error if isinstance(error, HttpError) else None
    gone = answer is not None and answer.status == GONE
    asked = answer.retry_after if answer else None
    suits, _ = _suits(spec, state, now, pace)
    span = schedule.back_off(spec.id, suits, state.failures, asked, now, pace)
    return state.model_copy(
        update={
            "checked_at": now,
            "next_check_at": None if gone else now + span,
            "failures": state.failures + 1,
            "last_error": str(error),
            "retired_at": now if gone else None,
        }
    )


def _worked(
    spec: FeedSpec, state: FeedState, headers: Mapping[str, str], now: datetime, pace: Pace
) -> FeedState:
    span, wishes = _suits(spec, state, now, pace)
    if spec.interval_seconds is None:
        span = schedule.wait(spec.id, span, wishes, headers, now, pace)
    return state.model_copy(
        update={
            "checked_at": now,
            "next_check_at": now + span,
            "failures": 0,
            "last_error": None,
        }
    )


def _suits(spec: FeedSpec, state: FeedState, now: datetime, pace: Pace) -> tuple[timedelta, Wishes]:
    """The interval that the operator set or that the feed's rhythm asks for, and its wishes."""
    wishes = Wishes(_span(state.ttl_seconds), _span(state.period_seconds))
    if spec.interval_seconds is not None:
        return timedelta(seconds=spec.interval_seconds), wishes
    return schedule.interval(state.recent, wishes, now, pace), wishes


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


@asynccontextmanager
async def _answer(spec: FeedSpec, state: FeedState, fetcher: Fetcher) -> AsyncIterator[Response]:
    if spec.path:
        yield await asyncio.to_thread(_read_file, spec.path, spec.url)
        return
    async with fetcher.answer(state.url, state.etag, state.last_modified) as response:
        yield response


async def _read(
    spec: FeedSpec, state: FeedState, response: Response, reader: Reader
) -> tuple[FeedState, _Found | None]:
    """What an answer holds, or None if it is not new; raises FeedError where it is no feed."""
    state = _moved(spec, state, response)
    if response.not_modified:
        return state, None
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
        return state, None
    read = _document if spec.path and is_document(response.body) else _feed
    found = await shielded(
        reader, read, response.body, response.url, dict(response.headers), spec.id
    )
    state = state.model_copy(
        update={
            "title": spec.title or found.title or state.title,
            "ttl_seconds": _seconds(found.wishes.ttl),
            "period_seconds": _seconds(found.wishes.period),
        }
    )
    return state, found


async def _harvest(
    spec: FeedSpec, state: FeedState, found: _Found, web: Web, now: datetime
) -> Polled:
    harvest = Harvest(spec, state, found.language, now, web.full_text)
    await harvest.gather(found.drafts)
    if found.omitted:
        reason = f"{found.omitted} entries after the first {MAX_ENTRIES:,} were left out"
        harvest.skip("too_many", spec.id, reason)
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
        raise FeedError(f"cannot read the file: {reason}", reason="connection", url=url) from error
    if len(body) > MAX_BODY_BYTES:
        message = f"the file is larger than {MAX_BODY_BYTES:,} bytes"
        raise FeedError(message, reason="too_large", url=url)
    return Response(status=200, url=url, body=body)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a document holds, as far as a poll needs it; `omitted` counts entries left out."""

    drafts: list[Draft]
    title: str | None = None
    language: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    omitted: int = 0


def _feed(body: bytes, url: str, headers: Mapping[str, str], feed_id: str) -> _Found:
    parsed = parse_feed(body, url, headers)
    return _Found(
        drafts(feed_id, parsed.entries),
        parsed.title,
        parsed.language,
        parsed.wishes,
        parsed.omitted,
    )


def _document(body: bytes, url: str, headers: Mapping[str, str], feed_id: str) -> _Found:
    name = posixpath.basename(unquote(urlsplit(url).path))
    return _Found([document_draft(body, name, feed_id)])
