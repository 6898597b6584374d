"""The board over HTTP: the page, its API, and statements as they come."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from consumers.board import people, queries
from consumers.board.asking import problem, read_filter, read_number, read_text
from consumers.board.context import paragraphs
from consumers.board.exports import as_csv, as_json
from consumers.board.live import Live
from consumers.board.openapi import document
from consumers.board.queries import MAX_PAGE, PAGE, Filter

T = TypeVar("T")

STATIC = Path(__file__).with_name("static")
# Nothing that a feed has sent can run, load or be framed.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
MAX_MATRIX = 200
KEEP_ALIVE_S = 15.0


class Board:
    """Answers from the store's file, read by connections of its own."""

    def __init__(self, path: Path, live: Live) -> None:
        self._path = path
        self._live = live
        self._local = threading.local()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_with_headers])
        app.router.add_get("/", _index)
        app.router.add_get("/healthz", _healthz)
        app.router.add_get("/openapi.json", _openapi)
        app.router.add_static("/static/", STATIC)
        for path, handler in {
            "/api/statements": self._statements,
            "/api/statements/{number}": self._statement,
            "/api/matrix": self._matrix,
            "/api/targets": self._targets,
            "/api/targets/{id}": self._target,
            "/api/speakers": self._speakers,
            "/api/speakers/{name}": self._speaker,
            "/api/feeds": self._feeds,
            "/api/export.json": self._export_json,
            "/api/export.csv": self._export_csv,
            "/api/events": self._events,
        }.items():
            app.router.add_get(path, handler)
        return app

    async def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.to_thread(lambda: question(self._connection()))

    def _connection(self) -> sqlite3.Connection:
        """A reader a thread."""
        if not hasattr(self._local, "db"):
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            self._local.db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        db: sqlite3.Connection = self._local.db
        return db

    async def _statements(self, request: web.Request) -> web.Response:
        wanted = read_filter(request.query)
        before = read_number(request.query, "before", None)
        limit = read_number(request.query, "limit", PAGE, MAX_PAGE)
        found, following = await self._ask(
            lambda db: queries.statements(db, wanted, before, limit or PAGE)
        )
        return _json({"statements": found, "next": following})

    async def _statement(self, request: web.Request) -> web.Response:
        number = read_number(request.match_info, "number", None)
        assert number is not None
        found = await self._ask(lambda db: queries.numbered(db, [number], Filter()))
        stands = await self._ask(lambda db: queries.quote_and_text(db, number))
        if not found or stands is None:
            raise problem(web.HTTPNotFound, "no such statement")
        quote, text = stands
        return _json({**found[0], "paragraphs": paragraphs(text, quote) if text else []})

    async def _matrix(self, request: web.Request) -> web.Response:
        wanted = read_filter(request.query)
        speakers = read_number(request.query, "speakers", 20, MAX_MATRIX) or 0
        targets = read_number(request.query, "targets", 12, MAX_MATRIX) or 0
        return _json(await self._ask(lambda db: queries.matrix(db, wanted, speakers, targets)))

    async def _targets(self, _: web.Request) -> web.Response:
        return _json({"targets": await self._ask(people.targets)})

    async def _target(self, request: web.Request) -> web.Response:
        found = await self._ask(lambda db: people.target(db, request.match_info["id"]))
        return _found(found, "no such target")

    async def _speakers(self, request: web.Request) -> web.Response:
        text = read_text(request.query, "q")
        return _json({"speakers": await self._ask(lambda db: people.speakers(db, text))})

    async def _speaker(self, request: web.Request) -> web.Response:
        found = await self._ask(lambda db: people.speaker(db, request.match_info["name"]))
        return _found(found, "no such speaker")

    async def _feeds(self, _: web.Request) -> web.Response:
        return _json({"feeds": await self._ask(people.feeds)})

    async def _export_json(self, request: web.Request) -> web.StreamResponse:
        return await self._export(request, "json", as_json)

    async def _export_csv(self, request: web.Request) -> web.StreamResponse:
        return await self._export(request, "csv", as_csv)

    async def _export(
        self,
        request: web.Request,
        kind: str,
        render: Callable[[Sequence[dict[str, Any]], bool], str],
    ) -> web.StreamResponse:
        """All that fit, a page at a time, so that no export is in memory as a whole."""
        wanted = read_filter(request.query)
        types = {"json": "application/x-ndjson", "csv": "text/csv"}
        named = {"Content-Disposition": f'attachment; filename="statements.{kind}"'}
        response = web.StreamResponse(headers={**HEADERS, **named})
        response.content_type, response.charset = types[kind], "utf-8"
        await response.prepare(request)
        before, first = None, True
        while True:
            page, before = await self._ask(
                lambda db, at=before: queries.statements(db, wanted, at, MAX_PAGE)  # type: ignore[misc]
            )
            await response.write(render(page, first).encode())
            first = False
            if before is None:
                return response

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Statements that fit, as they come (server-sent events)."""
        wanted = read_filter(request.query)
        headers = {**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": here\n\n")
        async with self._live.listening() as heard:
            while True:
                try:
                    numbers = await asyncio.wait_for(heard.get(), KEEP_ALIVE_S)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if numbers is None:
                    return response
                new = await self._ask(
                    lambda db, of=numbers: queries.numbered(db, of, wanted)  # type: ignore[misc]
                )
                for statement in new:
                    data = json.dumps(statement, ensure_ascii=False)
                    event = f"id: {statement['number']}\nevent: statement\ndata: {data}\n\n"
                    await response.write(event.encode())


@web.middleware
async def _with_headers(
    request: web.Request, handler: Callable[[web.Request], Any]
) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    except ConnectionResetError:
        # The reader has left in the midst of an export or of events; nobody is answered.
        return web.Response()
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


@asynccontextmanager
async def serving(board: Board, host: str, port: int) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port. Raises OSError if it cannot be had."""
    runner = web.AppRunner(board.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _healthz(_: web.Request) -> web.Response:
    return _json({"alive": True})


async def _openapi(_: web.Request) -> web.Response:
    return _json(document())


def _json(value: object) -> web.Response:
    return web.json_response(value, dumps=lambda given: json.dumps(given, ensure_ascii=False))


def _found(value: object | None, missing: str) -> web.Response:
    if value is None:
        raise problem(web.HTTPNotFound, missing)
    return _json(value)
