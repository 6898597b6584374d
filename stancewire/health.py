"""What a process tells its operator: /metrics, /healthz and /readyz on one port."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from stancewire.errors import ConfigError

log = logging.getLogger(__name__)


class Health:
    """Alive while the loop beats; ready while it can take work. Knows nothing of the broker."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._beat = time.monotonic()
        self.waiting_for: str | None = "start"

    def beat(self) -> None:
        """Called by the loop itself, each time round."""
        self._beat = time.monotonic()

    @property
    def silent_s(self) -> float:
        return time.monotonic() - self._beat

    @property
    def alive(self) -> bool:
        return self.silent_s < self._limit_s

    @property
    def ready(self) -> bool:
        return self.waiting_for is None and self.alive


class HealthServer:
    """Serves in a thread of its own from `start` to `stop`; port 0 takes a free one."""

    def __init__(self, health: Health, registry: CollectorRegistry, host: str, port: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    encoder, content_type = choose_encoder(self.headers.get("Accept", ""))
                    self._answer(200, content_type, encoder(registry))
                elif path == "/healthz":
                    state = {"alive": health.alive, "loop_silent_s": round(health.silent_s, 1)}
                    self._answer_json(health.alive, state)
                elif path == "/readyz":
                    about = {"ready": health.ready, "waiting_for": health.waiting_for}
                    self._answer_json(health.ready, about)
                else:
                    self._answer(404, "text/plain", b"/metrics, /healthz or /readyz\n")

            def _answer_json(self, good: bool, state: Mapping[str, object]) -> None:
                self._answer(200 if good else 503, "application/json", json.dumps(state).encode())

            def _answer(self, status: int, content_type: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                log.debug(format, *args)

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise ConfigError(
                f"the metrics port cannot be opened: {error.strerror}", host=host, port=port
            ) from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> HealthServer:
        self._thread.start()
        log.info("metrics and health on port %d", self.port)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
