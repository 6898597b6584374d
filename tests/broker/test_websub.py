"""What hubs push comes to the topic once, whichever poller they call and whichever one dies."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.support.apache_kafka import free_port
from tests.support.brokers import running_kafka
from tests.support.hub import Hub
from tests.support.pipeline import Program, values
from tests.support.website import served

FEEDS = 8
# Brokers accept no shorter one.
SESSION_S = 6


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    with running_kafka(tmp_path_factory.mktemp("apache"), partitions=6) as settings:
        yield settings


class News:
    """Feeds on hosts of their own that name one hub; entries are numbered from 1."""

    def __init__(self, folder: Path, port: int, hub: str) -> None:
        self._folder = folder
        self._hub = hub
        self.hosts = [f"127.0.0.{number + 1}:{port}" for number in range(FEEDS)]

    def topic(self, feed: int) -> str:
        return f"http://{self.hosts[feed]}/feed-{feed}.xml"

    def document(self, feed: int, entries: range) -> bytes:
        items = "".join(
            f"<item><guid isPermaLink='false'>{number}</guid><title>{feed}/{number}</title>"
            f"<description>{'The mayor said that it is late. ' * 50}</description></item>"
            for number in entries
        )
        return (
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>N</title>"
            f"<atom:link rel='hub' href='{self._hub}'/>"
            f"<atom:link rel='self' href='{self.topic(feed)}'/>{items}</channel></rss>"
        ).encode()

    def write(self, entries: range) -> None:
        for feed in range(FEEDS):
            (self._folder / f"feed-{feed}.xml").write_bytes(self.document(feed, entries))

    def feed_list(self) -> str:
        return "".join(f"- id: feed-{feed}\n  url: {self.topic(feed)}\n" for feed in range(FEEDS))


def test_pushes_are_published_once(kafka: KafkaSettings, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    feeds, secret, log = (tmp_path / name for name in ("feeds.yaml", "secret", "pollers.log"))
    secret.write_text("0123456789abcdef" * 2)
    called = free_port()
    with Hub() as hub, served(site) as address:
        news = News(site, int(address.rpartition(":")[2]), hub.url)
        news.write(range(1, 2))
        feeds.write_text(news.feed_list())
        allowed = [word for host in [*news.hosts, hub.url[7:-1]] for word in ("--allow-host", host)]

        def start(name: str, port: int, *more: str) -> Program:
            return Program(
                "produce", "--feeds", str(feeds), "--group", "hubs", "--replica", name,
                "--host-pause", "0", "--session-timeout", str(SESSION_S), *allowed,
                "--bootstrap-servers", kafka.bootstrap_servers,
                "--websub-callback", f"http://127.0.0.1:{called}/hooks",
                "--websub-secret-file", str(secret), "--websub-host", "127.0.0.1",
                "--websub-port", str(port), *more, log=log,
            )  # fmt: skip

        def published() -> list[str]:
            return sorted(value["title"] for value in values(kafka, "articles.v1"))

        def all_up_to(last: int) -> list[str]:
            return [f"{feed}/{n}" for feed in range(FEEDS) for n in range(1, last + 1)]

        # Hubs call the one only; the feeds of the other come over the topic.
        one = start("one", called)
        running = [one]
        try:
            until(lambda: published() == all_up_to(1))
            until(lambda: subscribed(one) == FEEDS)
            assert len(hub.asked) == FEEDS
            other = start("other", free_port())
            running.append(other)
            until(lambda: min(subscribed(one), subscribed(other)) > 0)
            assert len(hub.asked) == FEEDS
            for feed in range(FEEDS):
                assert hub.push(news.topic(feed), news.document(feed, range(2, 3))) == 202
            until(lambda: published() == all_up_to(2))

            other.end(signal.SIGKILL)
            for feed in range(FEEDS):
                assert hub.push(news.topic(feed), news.document(feed, range(3, 4))) == 202
                forged = news.document(feed, range(9, 10))
                assert hub.push(news.topic(feed), forged, secret="guessed") == 403
            until(lambda: published() == all_up_to(3))
            until(lambda: subscribed(one) == FEEDS)
            assert len(hub.asked) == FEEDS

            one.end(signal.SIGKILL)
            news.write(range(1, 5))
            assert start("one", called, "--once").process.wait(120) == 0
            assert published() == all_up_to(4)
        finally:
            for program in running:
                program.end(signal.SIGKILL)


def subscribed(poller: Program) -> int:
    """Of how many of its feeds the hub has promised to tell."""
    try:
        shown = poller.get("/metrics")[1]
    except OSError:
        return 0
    name = "stancewire_feeds_subscribed "
    found = [line.removeprefix(name) for line in shown.splitlines() if line.startswith(name)]
    return int(float(found[0])) if found else 0
