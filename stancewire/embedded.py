"""A small broker for trying out, on loopback.

Not for production: it loses acknowledged records when it is killed, and shows the open
transaction of a client that was killed, so exactly-once does not hold on it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from importlib import util
from pathlib import Path

from stancewire.errors import BrokerError, ConfigError

START_LIMIT_S = 20.0
STOP_LIMIT_S = 10.0


class EmbeddedBroker:
    """Speaks Kafka on a free loopback port from `start` to `stop`; keeps its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it answers. Raises ConfigError if not installed, BrokerError if it fails."""
        self._folder.mkdir(parents=True, exist_ok=True)
        log = self._folder / "broker.log"
        command = [
            str(_binary()), "start", "--only", "kafka", "--host", "127.0.0.1",
            "--kafka-port", str(self._port), "--data-dir", str(self._folder / "data"),
        ]  # fmt: skip
        with log.open("ab") as out:
            # A session of its own: Ctrl-C in the terminal is for the demo, which stops this last.
            self._process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise BrokerError(
            f"the embedded broker did not start: {log.read_text(errors='replace')[-500:]}",
            port=self._port,
        )

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _binary() -> Path:
    package = util.find_spec("noida_db")
    if package is None or package.origin is None:
        raise ConfigError(
            'the embedded broker is not installed: pip install "stancewire[embedded]"'
        )
    binary = Path(package.origin).with_name("noida-db")
    if not os.access(binary, os.X_OK):
        raise ConfigError("the embedded broker has no binary for this machine", file=binary)
    return binary
