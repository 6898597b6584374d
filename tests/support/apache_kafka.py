"""One Apache Kafka node in KRaft mode, as a child process."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

# A cold JVM on a busy two-core machine has been seen to need half of this.
START_LIMIT_S = 90.0

LOG_CONFIG = """\
status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = {path}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""

SERVER_CONFIG = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
"""


def jars() -> Path:
    """The folder with the broker's jars; `make kafka` fills it."""
    named = os.environ.get("STANCEWIRE_KAFKA_JARS")
    if named:
        return Path(named)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return cache / "stancewire" / "kafka"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ApacheKafka:
    """Starts on free loopback ports; keeps its data between `kill` and `start`.

    `more` is appended to the configuration, where a later line wins; `formatting` goes to the
    command that formats the storage. The nodes of a cluster share `cluster_id`.
    """

    def __init__(
        self,
        folder: Path,
        more: str = "",
        formatting: Sequence[str] = (),
        cluster_id: str | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self._config = folder / "server.properties"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._config.write_text(
            SERVER_CONFIG.format(port=self.port, controller_port=free_port(), data=folder / "data")
            + more.replace("PORT", str(self.port))
        )
        (folder / "log4j2.properties").write_text(LOG_CONFIG.format(path=folder / "broker.log"))
        self._java(
            "kafka.tools.StorageTool",
            "format",
            "--config",
            str(self._config),
            "--cluster-id",
            cluster_id or uuid.uuid4().hex[:22],
            *formatting,
        ).wait(START_LIMIT_S)

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The running broker's process."""
        assert self._process is not None
        return self._process.pid

    def _java(self, *arguments: str) -> subprocess.Popen[bytes]:
        java = shutil.which("java")
        if java is None or not any(jars().glob("kafka_*.jar")):
            raise RuntimeError(
                f"Apache Kafka needs Java and its jars in {jars()}: run `make kafka`"
            )
        command = [
            java, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
            "-cp", f"{jars()}/*", *arguments,
        ]  # fmt: skip
        with (self.folder / "broker.out").open("ab") as out:
            return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)

    def start(self) -> None:
        self.launch()
        self.wait_up()

    def launch(self) -> None:
        """Starts it without waiting: a cluster's node is up only once others are."""
        self._process = self._java("kafka.Kafka", str(self._config))

    def wait_up(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"broker did not start:\n{(self.folder / 'broker.out').read_text()}")

    def send(self, number: signal.Signals) -> None:
        """Sends the running broker a signal, such as SIGSTOP: then it answers nobody."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def close(self) -> None:
        """Ends it however it is."""
        self.stop(signal.SIGKILL)
