"""What goes to a feed's hub, and what is made of what comes from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from producers import found, websub
from producers.feedlist import FeedSpec
from producers.harvest import Polled
from producers.poll import Web, harvested
from producers.sandbox import shielded
from stancewire.errors import FeedError, StancewireError
from stancewire.feed_records import FeedState, Push, Subscription


async def ask(spec: FeedSpec, state: FeedState, web: Web, now: datetime) -> Polled:
    """Asks the feed's hub to tell what is new; it answers at the public address.

    Never raises for what the hub does: that is noted in the subscription.
    """
    known = state.subscription
    if known is None or web.keys is None:
        return Polled(state)
    error = None
    try:
        form = web.keys.form(spec.id, known.topic)
        async with web.fetcher.answer(known.hub, form=form, accept="*/*"):
            pass
    except FeedError as refused:
        error = str(refused)
    return Polled(_with(state, known, asked_at=now, error=error))


async def take(spec: FeedSpec, state: FeedState, push: Push, web: Web, now: datetime) -> Polled:
    """What a push brings: articles, or what the hub promises.

    A document that cannot be read, or was too large to be sent on, has the feed polled at once.
    """
    known = state.subscription
    if known is None:
        return Polled(state)
    if push.kind != "content":
        return Polled(state.model_copy(update={"subscription": websub.answered(known, push)}))
    if known.pushed_at and push.received_at <= known.pushed_at:
        return Polled(state)  # it was taken before, by the poller that had the feed before us
    told = _with(state, known, pushed_at=push.received_at)
    soon = told.model_copy(update={"next_check_at": now})
    if push.body is None:
        return Polled(soon)
    headers = {"Content-Type": push.content_type} if push.content_type else {}
    try:
        document = await shielded(web.reader, found.of_feed, push.body, state.url, headers, spec.id)
        polled = await harvested(spec, told, document, web, now)
    except StancewireError as error:
        return Polled(soon, error=error)
    delivers = known.delivers or bool(document.drafts)
    taken = polled.state.subscription or known
    return replace(polled, state=_with(polled.state, taken, delivers=delivers))


def _with(state: FeedState, known: Subscription, **changes: object) -> FeedState:
    return state.model_copy(update={"subscription": known.model_copy(update=changes)})
