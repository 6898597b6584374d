"""What came back from a server: an answer, or the error that it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import ClientResponse
from multidict import CIMultiDict

from stancewire.errors import FeedError
from stancewire.reasons import FeedReason

NOT_MODIFIED = 304
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that was not an error; `body` is decoded and empty where status is 304.

    `links` are the addresses of its Link headers by relation (RFC 8288).
    """

    status: int
    url: str
    permanent_url: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: CIMultiDict[str]())
    links: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def not_modified(self) -> bool:
        return self.status == NOT_MODIFIED

    @property
    def charset(self) -> str | None:
        """The charset that the server states, if it is one that Python knows."""
        found = CHARSET.search(self.headers.get("Content-Type", ""))
        try:
            return codecs.lookup(found.group(1)).name if found else None
        except LookupError:
            return None


def relations(response: ClientResponse) -> dict[str, str]:
    """The first address for each relation that Link headers state; none if they are no good."""
    found: dict[str, str] = {}
    try:
        for relation, link in response.links.items():
            for name in relation.lower().split():
                found.setdefault(name, str(link["url"]))
    except ValueError:
        return {}
    return found


class HttpError(FeedError):
    """An answer that is an error; `retry_after` is the time that the server asks for."""

    def __init__(
        self, message: str, status: int, retry_after: timedelta | None, **context: object
    ) -> None:
        super().__init__(message, reason="status", **context)
        self.status = status
        self.retry_after = retry_after


class Refusal(Exception):
    """Why an answer is not taken, on its way to becoming a FeedError."""

    def __init__(self, message: str, reason: FeedReason) -> None:
        super().__init__(message)
        self.reason: FeedReason = reason
