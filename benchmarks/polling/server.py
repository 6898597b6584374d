"""The made-up web on loopback: an address of 127.0.0.0/8 a host, all behind one socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import isfinite
from typing import cast

from benchmarks.polling.answers import Answer, Answers, Asked
from benchmarks.polling.clock import SimulatedLoop
from benchmarks.polling.ledger import Ledger

HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Web:
    """What all connections share."""

    answers: Answers
    ledger: Ledger
    loop: SimulatedLoop


@asynccontextmanager
async def web_server(web: Web) -> AsyncIterator[int]:
    """Serves on the port that it gives."""
    connections: set[_Connection] = set()
    server = await web.loop.create_server(lambda: _Connection(web, connections), "0.0.0.0", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for connection in connections:
            connection.close()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)  # transports close in the loop's next round


class _Connection(asyncio.Protocol):
    """HTTP/1.1 for a client that sends heads alone, one after the other's answer."""

    def __init__(self, web: Web, connections: set[_Connection]) -> None:
        self._web = web
        self._connections = connections
        self._received = b""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._host = str(transport.get_extra_info("sockname")[0])
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(HEAD_END)
        if end:
            self._received = rest
            self._take(head.decode("latin-1"))

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        if self._timer:
            self._timer.cancel()

    def close(self) -> None:
        self._transport.abort()

    def _take(self, head: str) -> None:
        """Answers once the host has thought for its time, in which nothing is on its way."""
        first, *lines = head.split("\r\n")
        fields = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        path = first.split(" ")[1]
        number = int(path.rpartition("/")[2])
        asked = Asked(path, fields.get("if-none-match"), fields.get("if-modified-since"))
        at = self._web.loop.time()
        answer = self._web.answers.answer(number, asked, at)
        self._web.ledger.note(self._host, number, at, answer)
        self._web.loop.moving.discard(self._host)
        if isfinite(answer.seconds):
            self._timer = self._web.loop.call_later(answer.seconds, self._give, answer)

    def _give(self, answer: Answer) -> None:
        self._web.loop.moving.add(self._host)
        if answer.status is None:
            self._transport.abort()
        else:
            self._transport.write(answer.head() + answer.body)
