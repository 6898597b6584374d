"""Several pollers share the feeds of one list, while they come and go."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.chaos.site import GrowingSite
from tests.support.apache_kafka import free_port
from tests.support.brokers import running_kafka
from tests.support.pipeline import Program, read_all, values

# Brokers accept no shorter one.
SESSION_S = 6
STORIES = 400
FEEDS = 24
GROWS_S = 60.0


class Pollers:
    """Three of them, by name; each is started anew after it was killed."""

    def __init__(self, kafka: KafkaSettings, site: GrowingSite, folder: Path) -> None:
        self._kafka = kafka
        self._site = site
        self.list = folder / "feeds.yaml"
        self.list.write_text(site.feed_list())
        self.log = folder / "pollers.log"
        self.running = {name: self.start(name) for name in "abc"}

    def start(self, name: str) -> Program:
        return Program(
            "produce", *self._site.options(self.list), "--group", "pollers", "--replica", name,
            "--session-timeout", str(SESSION_S),
            "--bootstrap-servers", self._kafka.bootstrap_servers, log=self.log,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        self.running[name].end(signal.SIGKILL)
        self.running[name] = self.start(name)

    def freeze(self, name: str) -> None:
        """For longer than a session: another has its feeds by the time it wakes."""
        self.running[name].process.send_signal(signal.SIGSTOP)
        time.sleep(SESSION_S + 3)
        self.running[name].process.send_signal(signal.SIGCONT)

    def feeds(self) -> list[int]:
        shown = (each.get("/metrics")[1] for each in self.running.values())
        found = [re.search(r"^stancewire_feeds (\d+)", text, re.MULTILINE) for text in shown]
        return [int(each[1]) for each in found if each]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """Partitions for each of three pollers, and for hosts to be spread over."""
    with running_kafka(tmp_path_factory.mktemp("apache"), partitions=6) as settings:
        yield settings


@pytest.fixture
def site() -> Iterator[GrowingSite]:
    with GrowingSite(free_port(), STORIES, FEEDS, GROWS_S) as site:
        site.begin()
        yield site


def published(kafka: KafkaSettings) -> list[str]:
    found = values(kafka, "articles.v1")
    return [value["id"] for value in found if value["feed"]["id"].startswith("feed-")]


def test_pollers_that_are_killed_and_frozen_publish_each_entry_once(
    kafka: KafkaSettings, site: GrowingSite, tmp_path: Path
) -> None:
    pollers = Pollers(kafka, site, tmp_path)
    try:
        until(lambda: len(published(kafka)) > 0)
        for round_ in range(4):
            pollers.kill("abc"[round_ % 3])
            time.sleep(4)
            pollers.freeze("abc"[(round_ + 1) % 3])
        until(lambda: len(set(published(kafka))) == STORIES)
        until(lambda: sum(pollers.feeds()) == FEEDS and min(pollers.feeds()) > 0)
        time.sleep(10)
        assert len(published(kafka)) == STORIES
    finally:
        for program in pollers.running.values():
            program.end(signal.SIGKILL)


def test_the_list_changes_while_it_is_polled(
    kafka: KafkaSettings, site: GrowingSite, tmp_path: Path
) -> None:
    feeds = tmp_path / "feeds.yaml"
    host, other = site.hosts[:2]
    feeds.write_text(f"- id: moving\n  url: http://{host}/0\n  interval_seconds: 2\n")
    poller = Program(
        "produce", *site.options(feeds), "--group", "list",
        "--bootstrap-servers", kafka.bootstrap_servers, log=tmp_path / "poller.log",
    )  # fmt: skip

    def stories() -> list[str]:
        found = values(kafka, "articles.v1")
        return [value["title"] for value in found if value["feed"]["id"] == "moving"]

    try:
        until(lambda: len(stories()) > 0)
        feeds.write_text(f"- id: moving\n  url: http://{other}/0\n  interval_seconds: 2\n")
        moved = f"http://{other}/0".encode()
        until(lambda: any(moved in (raw.value or b"") for raw in read_all(kafka, "feeds.v1")))
        until(lambda: len(stories()) == len(range(0, STORIES, FEEDS)))
        assert len(set(stories())) == len(stories())
        states = [raw for raw in read_all(kafka, "feeds.v1") if raw.key == b"moving"]
        last = {raw.partition: raw.value for raw in states}
        assert sum(value is not None for value in last.values()) == 1
    finally:
        assert poller.end(signal.SIGTERM) == 0
