"""Being told by a feed's hub what is new, instead of asking: the rules of it.

Source: WebSub, W3C Recommendation of 23 January 2018.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from stancewire.feed_records import FeedState, Push, Subscription

# What is asked for; a hub may promise less.
LEASE = timedelta(days=10)
# Where a hub states none. Polls go on, so that a short one costs little.
UNSTATED_LEASE = timedelta(days=1)
# A hub that refused, or was silent, is asked again after this long.
RETRY = timedelta(days=1)
# Of a lease; the last third is for a hub that is away for a while.
RENEW_AFTER = 2 / 3
RENEW_PAUSE = timedelta(hours=1)
# Polls of a feed whose hub delivers only make sure of it.
RELIEF = 4
# The digests that a hub may sign with (section 7.1).
DIGESTS = frozenset({"sha1", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Keys:
    """Names and keys for every feed, from one secret: no poller has to tell another any.

    `callback` is the public address that hubs call, as the operator states it.
    """

    secret: bytes
    callback: str

    def token(self, feed_id: str, topic: str) -> str:
        """What the callback's address carries, so that only what we asked for is verified."""
        return self._derived("callback", feed_id, topic)[:32]

    def signing_key(self, feed_id: str, token: str) -> str:
        """What the hub signs its pushes with."""
        return self._derived("sign", feed_id, token)

    def form(self, feed_id: str, topic: str) -> dict[str, str]:
        """The request for a subscription (section 5.1)."""
        token = self.token(feed_id, topic)
        where = f"{self.callback.rstrip('/')}/{quote(feed_id, safe='')}/{token}"
        return {
            "hub.mode": "subscribe",
            "hub.topic": topic,
            "hub.callback": where,
            "hub.secret": self.signing_key(feed_id, token),
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }

    def _derived(self, *parts: str) -> str:
        encoded = [part.encode(errors="surrogatepass") for part in parts]
        message = b"".join(len(part).to_bytes(4) + part for part in encoded)
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def is_signed(signature: str, digests: Mapping[str, bytes]) -> bool:
    """Whether an X-Hub-Signature is one of the body's digests (HMACs under the key, by method)."""
    method, _, stated = signature.strip().partition("=")
    wanted = digests.get(method.lower())
    given = stated.strip().lower().encode("utf-8", "replace")
    return wanted is not None and hmac.compare_digest(wanted.hex().encode(), given)


def discovered(
    known: Subscription | None, links: Mapping[str, str], hub: str | None, topic: str
) -> Subscription | None:
    """What a feed's answer names; Link headers come before the document (section 4).

    What is known of the same hub and topic stays.
    """
    hub, topic = links.get("hub") or hub, links.get("self") or topic
    if hub is None or hub == topic:
        return None
    if known and (known.hub, known.topic) == (hub, topic):
        return known
    return Subscription(hub=hub, topic=topic)


def is_live(subscription: Subscription | None, now: datetime) -> bool:
    """Whether the hub has promised to tell us, and still does."""
    until = subscription.lease_until if subscription else None
    return until is not None and now < until


def relieved(subscription: Subscription | None, span: timedelta, now: datetime) -> timedelta:
    """How long a feed may be left alone that suits so long a wait, as far as its hub tells us."""
    until = subscription.lease_until if subscription and subscription.delivers else None
    return span if until is None else max(span, min(span * RELIEF, until - now))


def wants_asking(state: FeedState, now: datetime) -> bool:
    """Whether it is time to ask the feed's hub, for the first time or again."""
    subscription = state.subscription
    if subscription is None or state.retired_at:
        return False
    asked, until = subscription.asked_at, subscription.lease_until
    if asked is None:
        return True
    if until is None or until <= asked:
        return now >= asked + RETRY
    return now >= asked + max((until - asked) * RENEW_AFTER, RENEW_PAUSE)


def answered(subscription: Subscription, push: Push) -> Subscription:
    """What the hub's answer makes of a subscription; an answer on another topic nothing."""
    if push.topic != subscription.topic:
        return subscription
    if push.kind == "denied":
        error = f"denied: {push.reason}" if push.reason else "denied"
        return subscription.model_copy(update={"lease_until": None, "error": error})
    lease = UNSTATED_LEASE if push.lease_seconds is None else timedelta(seconds=push.lease_seconds)
    update = {"lease_until": push.received_at + lease, "error": None}
    return subscription.model_copy(update=update)
