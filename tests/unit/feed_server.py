"""A real HTTP server on loopback that answers as a test tells it to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from producers.fetch import Fetcher, FetchSettings
from producers.response import Response

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
HOST = "127.0.0.1"


@dataclass
class FeedServer:
    """`answers` by path; `asked` has every request in order."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    def url(self, path: str, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def gives(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        """Answers a path with fixed bytes; header names are written with underscores."""
        data = body.encode() if isinstance(body, str) else body
        fixed = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, headers=fixed)

        self.answers[path] = answer

    def paths(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for request in self.asked if request.path == path)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        answer = self.answers.get(request.path)
        if answer is None:
            return web.Response(status=404)
        return await answer(request)


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    server = FeedServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server._handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


def fetcher(allowed: tuple[str, ...] = (HOST,), seconds: float = 5.0, size: int = 2**20) -> Fetcher:
    return Fetcher(
        FetchSettings(
            user_agent="test (+mailto:a@example.org)",
            allowed_hosts=allowed,
            deadline_seconds=seconds,
            max_body_bytes=size,
            pause_seconds=0,
        )
    )


async def get(
    client: Fetcher, url: str, etag: str | None = None, last_modified: str | None = None
) -> Response:
    async with client.answer(url, etag, last_modified) as response:
        return response
