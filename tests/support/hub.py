"""A WebSub hub: verifies who subscribes, and pushes signed content to whoever is verified."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

TIMEOUT_S = 15


@dataclass(frozen=True, slots=True)
class Subscriber:
    callback: str
    secret: str


@dataclass
class Hub:
    """Use as `with Hub() as hub`; `asked` has every form that came, `subscribers` the verified.

    `refuses` answers every request with that status.
    """

    lease_seconds: int = 3600
    refuses: int | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    subscribers: dict[str, Subscriber] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                hub.asked.append(form)
                self.send_response(hub.refuses or 202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if not hub.refuses:
                    threading.Thread(target=hub._verify, args=(form,), daemon=True).start()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def _verify(self, form: Mapping[str, str]) -> None:
        query = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": "a challenge",
            "hub.lease_seconds": str(self.lease_seconds),
        }
        with urlopen(f"{form['hub.callback']}?{urlencode(query)}", timeout=TIMEOUT_S) as answer:
            if answer.read() == b"a challenge":
                one = Subscriber(form["hub.callback"], form["hub.secret"])
                self.subscribers[form["hub.topic"]] = one

    def push(self, topic: str, body: bytes, *, secret: str | None = None) -> int:
        """Sends content to the topic's subscriber; returns its answer's status."""
        one = self.subscribers[topic]
        digest = hmac.new((secret or one.secret).encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}
        try:
            with urlopen(Request(one.callback, body, headers), timeout=TIMEOUT_S) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
