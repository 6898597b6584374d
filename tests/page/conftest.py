"""The board as readers have it: Apache Kafka, the real process, and a browser."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, sync_playwright

from stancewire.kafka import topics
from stancewire.records import Article, Stance
from stancewire.settings import KafkaSettings
from tests.page.records import everything
from tests.support.apache_kafka import ApacheKafka, free_port
from tests.support.pipeline import READY_LIMIT_S, Program, publish

# Debian's own; the package's download of a browser is not needed.
CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Board:
    """The process, its page, and the topics that it reads."""

    kafka: KafkaSettings
    program: Program

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.program.port}"

    def page(self, **asked: str) -> str:
        return f"{self.url}/?{urlencode(asked)}"

    def get(self, path: str, **asked: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/api/{path}?{urlencode(asked)}") as answer:
            return json.load(answer)

    def add(self, articles: list[Article], stances: list[Stance]) -> None:
        publish(self.kafka, topics.ARTICLES.name, articles)
        publish(self.kafka, topics.STANCES.name, stances)


def wait_for(what: Callable[[], bool], program: Program) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < deadline and program.process.poll() is None:
        try:
            if what():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not ready:\n{program.log.read_text()[-3000:]}")


@pytest.fixture(scope="package")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    broker = ApacheKafka(tmp_path_factory.mktemp("apache"))
    broker.start()
    folder = tmp_path_factory.mktemp("board")
    kafka = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
    topics.create(kafka, partitions=1, replication_factor=1)
    made = Board(kafka, start(kafka, folder))
    try:
        wait_for(lambda: made.program.get("/healthz")[0] == 200, made.program)
        articles, stances = everything()
        made.add(articles, stances)
        statements = len({stance.quote.id for stance in stances})
        wait_for(lambda: len(made.get("statements")["statements"]) == statements, made.program)
        yield made
    finally:
        made.program.end()
        broker.stop()


def start(kafka: KafkaSettings, folder: Path) -> Program:
    port = free_port()
    return Program(
        "board", "--bootstrap-servers", kafka.bootstrap_servers,
        "--store", str(folder / "board.sqlite"), "--host", "127.0.0.1", "--port", str(port),
        log=folder / "log", serves=False, port=port,
    )  # fmt: skip


# No longer than this package: a loop runs meanwhile, and other tests start loops of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # As root, as in CI, Chromium starts only without its sandbox.
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
class Visit:
    """A page whose dialogs, errors and requests to elsewhere are noted."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def settle(self) -> Page:
        self.page.locator("main [role=status].loading").wait_for(state="detached")
        return self.page


@pytest.fixture
def visit(board: Board, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens an address; fails in the end if anything was wrong on the way."""
    visits: list[Visit] = []

    def open_page(url: str, **context: Any) -> Visit:
        page = browser.new_context(**context).new_page()
        made = Visit(page)

        def dialog(shown: Dialog) -> None:
            made.faults.append(f"dialog: {shown.message}")
            shown.dismiss()

        def console(said: ConsoleMessage) -> None:
            if said.type == "error":
                made.faults.append(f"console: {said.text}")

        page.on("dialog", dialog)
        page.on("console", console)
        page.on("pageerror", lambda error: made.faults.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((f"{board.url}/", "data:"))
                else made.faults.append(f"request: {request.url}")
            ),
        )
        visits.append(made)
        page.goto(url)
        made.settle()
        return made

    yield open_page
    for made in visits:
        made.page.context.close()
    assert [made.faults for made in visits if made.faults] == []
