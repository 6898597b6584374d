"""The board among the demo's processes."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from stancewire.demo.children import Child
from stancewire.errors import StancewireError
from stancewire.lifecycle import Stop
from stancewire.settings import KafkaSettings

# Where the board is as a rule; a demo beside another program takes a free one.
PORT = 8080
# It starts in about a second.
START_LIMIT_S = 60.0
LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class BoardChild:
    """The process, and where its page is."""

    child: Child
    url: str

    @classmethod
    def start(cls, kafka: KafkaSettings, folder: Path) -> BoardChild:
        port = _free(PORT)
        child = Child.start(
            [
                *("board", "--bootstrap-servers", kafka.bootstrap_servers),
                *("--store", str(folder / "board.sqlite"), "--port", str(port)),
            ],
            folder,
        )
        return cls(child, f"http://127.0.0.1:{port}/")

    def wait(self, stop: Stop) -> bool:
        """True once it answers, False if a stop came first.

        Raises StancewireError if it ends instead, or does not answer in a minute.
        """
        for _ in range(int(START_LIMIT_S / LOOK_S)):
            self.child.check()
            try:
                with urllib.request.urlopen(f"{self.url}healthz", timeout=START_LIMIT_S):
                    return True
            except urllib.error.URLError:
                if stop.wait(LOOK_S):
                    return False
        raise StancewireError("the board does not answer", url=self.url)


def _free(port: int) -> int:
    """The port, or any other if that is taken."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            taken.bind(("127.0.0.1", 0))
        number: int = taken.getsockname()[1]
    return number
