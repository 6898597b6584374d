"""The demo: an embedded broker, sample feeds, all processes, and what comes out."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from consumers.display import card
from consumers.subscribe import FROM_START, stances
from stancewire.demo.board_child import BoardChild
from stancewire.demo.children import Child
from stancewire.demo.site_server import SITE, SiteServer
from stancewire.embedded import EmbeddedBroker
from stancewire.kafka import topics
from stancewire.kafka.lag import drained
from stancewire.lifecycle import Stop
from stancewire.records import Stance
from stancewire.settings import KafkaSettings

PARTITIONS = 2
TARGETS = Path(__file__).with_name("targets.yaml")
LOCAL = ["--metrics-host", "127.0.0.1", "--metrics-port", "0"]
# How often the parts are looked at when nothing more comes.
WATCH_S = 1.0
QUOTES_GROUP, STANCES_GROUP = "demo-quotes", "demo-stances"


class Demo:
    """Prints statements with their stances to `out`, and what happens to `note`.

    `show` is given the board's address as soon as it answers. With `once`, it ends when every
    sample article is through; else the board stays until a stop.
    """

    def __init__(
        self,
        out: Callable[[str], None],
        note: Callable[[str], None],
        show: Callable[[str], None],
        stop: Stop,
        *,
        once: bool,
    ) -> None:
        self._out = out
        self._note = note
        self._show = show
        self._stop = stop
        self._once = once
        self._children: list[Child] = []
        self._done = False
        self._quiet = False
        self._labels: Counter[str] = Counter()
        self._statements = 0
        self._card: list[Stance] = []

    def run(self) -> None:
        """Raises StancewireError if a part cannot start or fails."""
        began = time.monotonic()
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stancewire-")))
            broker = EmbeddedBroker(folder / "broker")
            stack.callback(broker.stop)
            broker.start()
            kafka = KafkaSettings(broker.bootstrap_servers)
            topics.create(kafka, partitions=PARTITIONS, replication_factor=1)
            self._note(f"broker    {broker.bootstrap_servers}  (embedded: for trying out only)")
            site = stack.enter_context(SiteServer())
            self._note(f"feeds     http://{site.host}/")
            self._start_children(stack, kafka, site, folder)
            board = BoardChild.start(kafka, folder)
            stack.callback(board.child.stop)
            self._children.append(board.child)
            if board.wait(self._stop):
                self._note(f"board     {board.url}  (fills as statements come)")
                self._show(board.url)
            self._note("workers   loading the models ...")
            self._print(kafka)
            self._note(
                f"{self._statements} statements, {self._labels.total()} stances: "
                + ", ".join(f"{self._labels[label]} {label}" for label in ("favor", "against"))
                + f", {self._labels['neutral']} neutral; {time.monotonic() - began:.0f} s"
            )
            if not self._once and not self._stop.requested:
                for child in self._children:
                    if child is not board.child:
                        child.stop()  # they have nothing more to do
                self._note(f"the board stays on {board.url} until Ctrl-C")
                while not self._stop.wait(WATCH_S):
                    board.child.check()

    def _start_children(
        self, stack: ExitStack, kafka: KafkaSettings, site: SiteServer, folder: Path
    ) -> None:
        feeds = folder / "feeds.yaml"
        feeds.write_text(feeds_file(site.host), encoding="utf-8")
        broker = ["--bootstrap-servers", kafka.bootstrap_servers, *LOCAL]
        commands = (
            [
                *("produce", "--feeds", str(feeds), "--allow-host", site.host),
                *("--host-pause", "0", "--once", *broker),
            ],
            ["consume", "quotes", "--group", QUOTES_GROUP, *broker],
            ["consume", "stances", "--group", STANCES_GROUP, "--targets", str(TARGETS), *broker],
        )
        for command in commands:
            child = Child.start(command, folder)
            stack.callback(child.stop)
            self._children.append(child)

    def _print(self, kafka: KafkaSettings) -> None:
        live = stances(
            kafka,
            since=FROM_START,
            follow=True,
            keep_on=lambda: not (self._done or self._stop.requested),
            on_idle=lambda: self._on_idle(kafka),
        )
        for stance in live:
            if self._card and self._card[0].quote.id != stance.quote.id:
                self._print_card()
            self._card.append(stance)
        self._print_card()

    def _print_card(self) -> None:
        if self._card:
            self._statements += 1
            self._labels.update(stance.label for stance in self._card)
            self._out(card(self._card, shutil.get_terminal_size().columns) + "\n")
            self._card = []

    def _on_idle(self, kafka: KafkaSettings) -> None:
        self._print_card()
        if self._check():
            # The last stances may have come between the read that was idle and the look at lag.
            self._done = self._quiet
            self._quiet = drained(kafka, QUOTES_GROUP, topics.ARTICLES.name) and drained(
                kafka, STANCES_GROUP, topics.QUOTES.name
            )

    def _check(self) -> bool:
        """True once every article is published; StancewireError if a part has failed."""
        produced, *_ = [child.check() for child in self._children]
        return produced


def feeds_file(host: str) -> str:
    """A feeds.yaml of every sample feed; ids are given, since the port changes with each run."""
    feeds = sorted(path.name for path in SITE.glob("*.xml"))
    rows = [f"- id: {Path(name).stem}\n  url: http://{host}/{name}\n" for name in feeds]
    return "".join(rows)
