"""What pollers remember and tell each other: the records on feeds.v1 and pushes.v1, version 1."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Base64UrlBytes, Field

from stancewire.identity import stable_id
from stancewire.records import Part, Record


class SeenEntry(Part):
    """What was last published of an entry."""

    revision: int = Field(ge=1)
    content_hash: str


class Subscription(Part):
    """What is known of the hub that a feed names (WebSub)."""

    hub: str = Field(description="Who tells subscribers what is new.")
    topic: str = Field(description="The address that the feed has at the hub.")
    asked_at: AwareDatetime | None = Field(
        default=None, description="When it was last asked to be told."
    )
    lease_until: AwareDatetime | None = Field(
        default=None, description="How long it has promised to; null until it has."
    )
    pushed_at: AwareDatetime | None = Field(
        default=None, description="When the last push came that was taken."
    )
    delivers: bool = Field(
        default=False, description="What was new last came by a push, not by a poll."
    )
    error: str | None = Field(default=None, description="Why it does not tell us.")


class FeedState(Record):
    """What a poller must remember of a feed; the last one a feed is its state."""

    type_name: ClassVar[str] = "feed"

    id: str
    url: str = Field(description="Where to fetch it now: a permanent redirect moves it.")
    moved_from: str | None = Field(
        default=None, description="The listed address that moved to `url`; another one starts over."
    )
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = Field(default=None, description="SHA-256 of the last body, in hex.")
    checked_at: AwareDatetime | None = None
    next_check_at: AwareDatetime | None = None
    failures: int = Field(default=0, ge=0, description="Failed polls since the last good one.")
    last_error: str | None = None
    retired_at: AwareDatetime | None = Field(
        default=None, description="When the server said that the feed is gone for good (410)."
    )
    recent: tuple[AwareDatetime, ...] = Field(
        default=(), description="When its newest entries were published, to the minute."
    )
    ttl_seconds: int | None = Field(
        default=None, ge=0, description="How long the feed asks to be left alone (`ttl`)."
    )
    period_seconds: int | None = Field(
        default=None, ge=0, description="How often it says that it is updated (`sy:updatePeriod`)."
    )
    entries: int | None = Field(
        default=None, ge=0, description="How many entries its last document had."
    )
    subscription: Subscription | None = None
    seen: dict[str, SeenEntry] = Field(
        default_factory=dict, description="By article id, the longest unseen first."
    )

    @property
    def key(self) -> str:
        return self.id

    @property
    def event_id(self) -> str:
        return f"{self.id}-{self.checked_at.isoformat() if self.checked_at else 'new'}"

    @property
    def event_time(self) -> datetime:
        return self.checked_at or datetime.fromtimestamp(0, UTC)


PushKind = Literal["verified", "denied", "content"]


class Push(Record):
    """What a hub sent to the public address of some poller, for the feed's own poller."""

    type_name: ClassVar[str] = "push"

    feed_id: str
    kind: PushKind
    topic: str | None = Field(default=None, description="The feed's address at the hub.")
    received_at: AwareDatetime
    lease_seconds: int | None = Field(default=None, ge=0, description="Of what is verified.")
    reason: str | None = Field(default=None, description="Why it was denied, if the hub says so.")
    content_type: str | None = None
    body: Base64UrlBytes | None = Field(
        default=None, description="The document; null if it is too large, so that a poll gets it."
    )

    @property
    def key(self) -> str:
        return self.feed_id

    @property
    def event_id(self) -> str:
        return stable_id("push", self.feed_id, self.kind, self.received_at.isoformat())

    @property
    def event_time(self) -> datetime:
        return self.received_at

    @staticmethod
    def of_content(
        feed_id: str, received_at: datetime, content_type: str | None, body: bytes | None
    ) -> Push:
        encoded = None if body is None else base64.urlsafe_b64encode(body)
        return Push(
            feed_id=feed_id, kind="content", received_at=received_at,
            content_type=content_type, body=encoded,
        )  # fmt: skip
