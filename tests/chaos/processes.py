"""The processes of a whole pipeline, each of which can be hit and comes back."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from stancewire.kafka import topics
from stancewire.kafka.lag import drained
from stancewire.settings import KafkaSettings
from tests.chaos.site import GrowingSite
from tests.support.cluster import Cluster
from tests.support.pipeline import Program, read_all

TARGETS = ("--model", "small", "--target", "a carbon tax", "--target", "the new tram line")
REPLICAS = 2
PARTITIONS = 4

# Longer than a replica may be silent before its partitions go to others.
SESSION_TIMEOUT_S = 6


class Processes:
    """A cluster and two replicas of the producer and each worker, all of them run by `module`."""

    def __init__(self, folder: Path, site: GrowingSite, module: str = "stancewire") -> None:
        folder.mkdir(parents=True)
        self._module = module
        self.log = folder / "processes.log"
        self.cluster = Cluster(folder)
        self.cluster.start()
        self.kafka = KafkaSettings(self.cluster.bootstrap_servers)
        topics.wait_for(self.kafka, ())
        topics.create(self.kafka, partitions=PARTITIONS, replication_factor=3)
        feeds = folder / "feeds.yaml"
        feeds.write_text(site.feed_list())
        where = ("--bootstrap-servers", self.kafka.bootstrap_servers)
        session = ("--session-timeout", str(SESSION_TIMEOUT_S))
        worker = (*where, *session, "--batch-records", "16")
        self._commands: dict[str, tuple[str, ...]] = {}
        for number in range(REPLICAS):
            replica = ("--replica", str(number))
            self._commands[f"producer-{number}"] = (
                "produce", *site.options(feeds), *where, *session, *replica,
            )  # fmt: skip
            self._commands[f"quotes-{number}"] = ("consume", "quotes", *worker, *replica)
            self._commands[f"stances-{number}"] = (
                "consume", "stances", *TARGETS, *worker, *replica,
            )  # fmt: skip
        self._running = {name: self._start(name) for name in self._commands}

    @property
    def names(self) -> list[str]:
        return list(self._commands)

    def _start(self, name: str) -> Program:
        return Program(*self._commands[name], log=self.log, module=self._module)

    def wait_ready(self) -> None:
        """Returns once every process has its model and its partitions."""
        for program in self._running.values():
            program.wait_ready()

    def kill(self, name: str) -> None:
        """SIGKILL, and a new process at once, as a supervisor does."""
        self._running[name].end(signal.SIGKILL)
        self._running[name] = self._start(name)

    def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP for so long: past the session timeout it comes back as a zombie."""
        self._running[name].process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._running[name].process.send_signal(signal.SIGCONT)

    def revive(self) -> None:
        """Starts anew what ended by itself, as a supervisor does."""
        for name, program in self._running.items():
            if program.process.poll() is not None:
                self._running[name] = self._start(name)

    def wait_done(self, articles: int, limit_s: float) -> None:
        """Returns once every article is published and every worker has read all there is."""
        deadline = time.monotonic() + limit_s
        while not self._done(articles):
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            self.revive()
            time.sleep(1)

    def _done(self, articles: int) -> bool:
        return (
            len(read_all(self.kafka, "articles.v1")) >= articles
            and drained(self.kafka, "stancewire-quotes", "articles.v1")
            and drained(self.kafka, "stancewire-stances", "quotes.v1")
        )

    def close(self) -> None:
        for program in self._running.values():
            program.end(signal.SIGKILL)
        self.cluster.close()
