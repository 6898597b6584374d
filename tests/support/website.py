"""A folder's files served over loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Quiet(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, stated_type: Callable[[Path], str | None], **kwargs: Any):
        self._stated_type = stated_type
        super().__init__(*args, **kwargs)

    def guess_type(self, path: Any) -> str:
        return self._stated_type(Path(path)) or super().guess_type(path)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _by_suffix(_: Path) -> None:
    return None


@contextmanager
def served(folder: Path, stated_type: Callable[[Path], str | None] = _by_suffix) -> Iterator[str]:
    """Gives host and port while the files are there to be fetched, from any 127.x.y.z.

    A file's Content-Type is what `stated_type` says, else what its suffix suggests.
    """
    handler = partial(_Quiet, directory=str(folder), stated_type=stated_type)
    server = ThreadingHTTPServer(("0.0.0.0", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
