"""The public address at which hubs verify subscriptions and push what is new."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web

from producers.websub import DIGESTS, Keys, is_signed
from stancewire.errors import BrokerError, ConfigError
from stancewire.feed_records import Push
from stancewire.metrics import FeedMetrics

log = logging.getLogger(__name__)

# Hubs send the new entries, some the whole feed. What is larger is fetched by a poll instead.
MAX_KEPT_BYTES = 1024 * 1024
# What is larger still is no feed.
MAX_BYTES = 16 * 1024 * 1024
# Anyone may call, so what is in memory at a time is bounded, and no one may take long.
MAX_READING = 50
READ_SECONDS = 10.0
# A challenge is a few random words.
MAX_CHALLENGE = 1_000
# Ten digits are three hundred years.
MAX_LEASE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class HubSettings:
    """Where to listen for what a proxy passes on from the public address that `keys` names."""

    keys: Keys
    host: str
    port: int


class Callback:
    """Answers hubs; use as `async with Callback(…)`.

    `knows` says whether a feed is on the list. `deliver` returns once a push is safe, and raises
    BrokerError if it is not: the hub then tries again.
    """

    def __init__(
        self,
        settings: HubSettings,
        *,
        knows: Callable[[str], bool],
        deliver: Callable[[Push], Awaitable[None]],
        clock: Callable[[], datetime],
        metrics: FeedMetrics,
    ) -> None:
        self._settings = settings
        self._keys = settings.keys
        self._knows = knows
        self._deliver = deliver
        self._clock = clock
        self._metrics = metrics
        self._reading = 0
        app = web.Application(client_max_size=MAX_BYTES)
        app.router.add_get("/{path:.*}", self._verify)
        app.router.add_post("/{path:.*}", self._push)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=READ_SECONDS)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._settings.host, self._settings.port).start()
        except OSError as error:
            await self._runner.cleanup()
            reason = f"the port for hubs cannot be opened: {error.strerror}"
            raise ConfigError(reason, host=self._settings.host, port=self._settings.port) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """Where it listens, also if any port was asked for."""
        port: int = self._runner.addresses[0][1]
        return port

    async def _verify(self, request: web.Request) -> web.Response:
        """Intent verified or denied (sections 5.2 and 5.3): only what we asked for is ours."""
        feed_id, token = _feed_and_token(request)
        topic = request.query.get("hub.topic", "")
        mode = request.query.get("hub.mode", "").lower()
        challenge = request.query.get("hub.challenge", "")
        ours = hmac.compare_digest(token, self._keys.token(feed_id, topic).encode())
        if not (ours and self._knows(feed_id)) or mode not in ("subscribe", "denied"):
            return self._answer("unknown", 404)
        push = Push(
            feed_id=feed_id,
            kind="denied" if mode == "denied" else "verified",
            topic=topic,
            received_at=self._clock(),
            lease_seconds=_lease(request.query.get("hub.lease_seconds", "")),
            reason=request.query.get("hub.reason", "")[:MAX_CHALLENGE] or None,
        )
        return await self._take(push, 200, challenge[:MAX_CHALLENGE])

    async def _push(self, request: web.Request) -> web.Response:
        """Content (section 7), which counts only if it is signed."""
        feed_id, token = _feed_and_token(request)
        if not self._knows(feed_id):
            return self._answer("unknown", 410)  # which ends the subscription
        if self._reading >= MAX_READING:
            return self._answer("failed", 503)
        self._reading += 1
        try:
            async with asyncio.timeout(READ_SECONDS):
                body, digests = await self._read(request, feed_id, token.decode("latin-1"))
        except TimeoutError:
            return self._answer("failed", 408)
        finally:
            self._reading -= 1
        signature = request.headers.get("X-Hub-Signature", "")
        if digests is None:
            return self._answer("too_large", 413)
        if not is_signed(signature, digests):
            log.warning("a push for feed %s is not signed as agreed", feed_id)
            return self._answer("unsigned", 403)
        kind = request.headers.get("Content-Type")
        return await self._take(Push.of_content(feed_id, self._clock(), kind, body), 202)

    async def _read(
        self, request: web.Request, feed_id: str, token: str
    ) -> tuple[bytes | None, dict[str, bytes] | None]:
        """The body, if it is not too large to keep, and its signatures, if it is one at all."""
        key = self._keys.signing_key(feed_id, token).encode()
        signs = {name: hmac.new(key, digestmod=getattr(hashlib, name)) for name in DIGESTS}
        body, size = bytearray(), 0
        async for chunk in request.content.iter_any():
            size += len(chunk)
            if size > MAX_BYTES:
                return None, None
            for sign in signs.values():
                sign.update(chunk)
            if size <= MAX_KEPT_BYTES:
                body += chunk
        digests = {name: sign.digest() for name, sign in signs.items()}
        return bytes(body) if size <= MAX_KEPT_BYTES else None, digests

    async def _take(self, push: Push, status: int, text: str = "") -> web.Response:
        try:
            await self._deliver(push)
        except BrokerError as error:
            log.warning("a push for feed %s was not taken: %s", push.feed_id, error)
            return self._answer("failed", 503)
        return self._answer("taken", status, text)

    def _answer(self, outcome: str, status: int, text: str = "") -> web.Response:
        self._metrics.pushes.labels(outcome).inc()
        return web.Response(status=status, text=text)


def _feed_and_token(request: web.Request) -> tuple[str, bytes]:
    """The last two parts of the path: a proxy may keep the rest of the address or not."""
    parts = request.rel_url.raw_path.rstrip("/").split("/")
    feed_id, token = (parts[-2], parts[-1]) if len(parts) > 1 else ("", "")
    return unquote(feed_id), token.encode("utf-8", "replace")


def _lease(value: str) -> int | None:
    is_number = value.isdecimal() and len(value) <= MAX_LEASE_DIGITS
    return int(value) if is_number else None
