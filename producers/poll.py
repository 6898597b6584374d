"""One poll of one feed: what is new, what was edited, what to remember, and when to ask again."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from producers import found, schedule, websub
from producers.entries import MAX_ENTRIES
from producers.feedlist import FeedSpec
from producers.fetch import MAX_BODY_BYTES, Fetcher
from producers.found import Found
from producers.fulltext import FullText
from producers.harvest import Harvest, Polled
from producers.response import HttpError, Response
from producers.sandbox import Reader, in_thread, shielded
from producers.schedule import Pace, Wishes
from producers.sniff import is_document
from stancewire.errors import FeedError, StancewireError
from stancewire.feed_records import FeedState

GONE = 410


class Web:
    """What a poll reaches out with; one for all polls of a process.

    With `keys`, hubs are asked to tell what is new.
    """

    def __init__(
        self, fetcher: Fetcher, reader: Reader = in_thread, keys: websub.Keys | None = None
    ) -> None:
        self.fetcher = fetcher
        self.reader = reader
        self.keys = keys
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
            read, document = await _read(spec, state, response, web.reader)
        polled = await harvested(spec, read, document, web, now) if document else Polled(read)
    except StancewireError as error:
        return Polled(state=_failed(spec, state, error, now, pace), error=error)
    except Exception as cause:  # a feed that nobody thought of must not end the others' polls
        failure = FeedError(f"cannot be polled: {type(cause).__name__}: {cause}"[:200])
        failure.__cause__ = cause
        return Polled(state=_failed(spec, state, failure, now, pace), error=failure)
    if any(article.revision == 1 for article in polled.articles):
        polled = replace(polled, state=_undelivered(polled.state))
    return replace(polled, state=_worked(spec, polled.state, headers, web, now, pace))


def _current(spec: FeedSpec, state: FeedState) -> FeedState:
    """The state, without what belongs to an address that the list no longer has."""
    if spec.url in (state.url, state.moved_from):
        return state
    forgotten = ("moved_from", "etag", "last_modified", "body_hash", "retired_at", "subscription")
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


def _undelivered(state: FeedState) -> FeedState:
    """A poll was first to find what is new: the hub is not to be relied on until it is again."""
    if state.subscription is None:
        return state
    known = state.subscription.model_copy(update={"delivers": False})
    return state.model_copy(update={"subscription": known})


def _worked(
    spec: FeedSpec,
    state: FeedState,
    headers: Mapping[str, str],
    web: Web,
    now: datetime,
    pace: Pace,
) -> FeedState:
    span, wishes = _suits(spec, state, now, pace)
    if spec.interval_seconds is None:
        if web.keys:
            span = min(websub.relieved(state.subscription, span, now), pace.longest)
        turnover = schedule.turnover(state.recent, state.entries or 0, now)
        span = schedule.wait(spec.id, span, wishes, turnover, headers, now, pace)
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
) -> tuple[FeedState, Found | None]:
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
    read = found.of_document if spec.path and is_document(response.body) else found.of_feed
    document = await shielded(
        reader, read, response.body, response.url, dict(response.headers), spec.id
    )
    return _described(spec, state, document, response), document


def _described(spec: FeedSpec, state: FeedState, document: Found, response: Response) -> FeedState:
    """The state with what the document says of the feed."""
    topic = document.own_url or response.url
    known = websub.discovered(state.subscription, response.links, document.hub, topic)
    return state.model_copy(
        update={
            "title": spec.title or document.title or state.title,
            "ttl_seconds": _seconds(document.wishes.ttl),
            "period_seconds": _seconds(document.wishes.period),
            "entries": len(document.drafts),
            "subscription": known,
        }
    )


async def harvested(
    spec: FeedSpec, state: FeedState, document: Found, web: Web, now: datetime
) -> Polled:
    """What is new in a document, with its entries' pages where needed."""
    harvest = Harvest(spec, state, document.language, now, web.full_text)
    await harvest.gather(document.drafts)
    if document.omitted:
        reason = f"{document.omitted} entries after the first {MAX_ENTRIES:,} were left out"
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
