"""How long the board takes to answer, with many statements.

python -m benchmarks.board [--statements 200000] [--rounds 9]

Fills a store with made-up statements of 500 speakers on 40 targets, five stances each, and asks
what the page asks, with every filter. Then a process serves the store, and the first page is
fetched from it: the document, scripts, style and what they ask for. Prints medians over rounds, and
the memory that was taken.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import re
import resource
import sqlite3
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import click

from consumers.board import people, queries
from consumers.board.live import Live
from consumers.board.queries import Filter
from consumers.board.server import STATIC, Board, serving
from consumers.board.store import Store
from stancewire.records import Label, Stance
from tests.support.apache_kafka import free_port
from tests.support.statements import START, article, quotes, stance

SPEAKERS, TARGETS, FEEDS = 500, 40, 50
A_STATEMENT, AN_ARTICLE = 5, 8
WORDS = (
    "wall", "tax", "harbour", "council", "money", "people", "school", "bridge", "winter", "plan",
    "vote", "law",
)  # fmt: skip
SIDES: tuple[Label, ...] = ("favor", "against", *(("neutral",) * 6))
DAY = 86_400.0


def batches(count: int, seed: int = 0) -> Iterator[list[Stance]]:
    """The stances of so many statements, an article's at a time."""
    rng = random.Random(seed)
    for number in range(count // AN_ARTICLE):
        said = []
        for _ in range(AN_ARTICLE):
            who = min(int(rng.paretovariate(0.8)), SPEAKERS)
            said.append(f"Ann Speaker{who}: {' '.join(rng.choices(WORDS, k=18))} {rng.random()}.")
        of = article(number, *said, feed=f"feed{rng.randrange(FEEDS)}")
        yield [
            stance(quote, f"target-{target}", rng.choice(SIDES))
            for quote in quotes(of)
            for target in rng.sample(range(TARGETS), A_STATEMENT)
        ]


def questions() -> dict[str, Callable[[sqlite3.Connection], Any]]:
    day = START.timestamp()
    filters = {
        "no filter": Filter(),
        "a common word": Filter(text="wall"),
        "three words": Filter(text="harbour winter vo"),
        "speaker": Filter(speaker="Ann Speaker1"),
        "rare speaker": Filter(speaker="Ann Speaker499"),
        "target": Filter(target="target-7"),
        "label": Filter(label="against"),
        "target and label": Filter(target="target-7", label="against"),
        "feed": Filter(feed="feed3"),
        "a day": Filter(since=day + 30 * DAY, until=day + 31 * DAY),
        "all of them": Filter(
            "wall", "Ann Speaker1", "target-7", "against", None, day, day + 900 * DAY
        ),
        "nothing fits": Filter(text="wall", speaker="Nobody"),
    }
    found: dict[str, Callable[[sqlite3.Connection], Any]] = {}
    for name, wanted in filters.items():
        found[f"statements: {name}"] = lambda db, w=wanted: queries.statements(db, w)  # type: ignore[misc]
    filters["common word, neutral"] = Filter(text="wall", label="neutral")
    for name, wanted in filters.items():
        found[f"matrix: {name}"] = lambda db, w=wanted: queries.matrix(db, w, 20, 12)  # type: ignore[misc]
    found["targets"] = people.targets
    found["a target"] = lambda db: people.target(db, "target-7")
    found["speakers"] = lambda db: people.speakers(db, None)
    found["speakers: search"] = lambda db: people.speakers(db, "speaker4")
    found["a speaker"] = lambda db: people.speaker(db, "Ann Speaker1")
    found["feeds"] = people.feeds
    return found


def serve(path: Path, port: int) -> None:
    async def forever() -> None:
        async with serving(Board(path, Live()), "127.0.0.1", port):
            await asyncio.Event().wait()

    asyncio.run(forever())


def first_page(address: str) -> float:
    """Seconds until all that the first page needs has come, one after the other."""
    files = [f"static/{file.name}" for file in STATIC.iterdir() if file.suffix in (".js", ".css")]
    at = time.perf_counter()
    for path in ("", *files, "api/targets", "api/feeds", "api/statements"):
        with urllib.request.urlopen(f"{address}{path}") as answer:
            answer.read()
    return time.perf_counter() - at


def served(path: Path, rounds: int) -> None:
    port = free_port()
    child = multiprocessing.get_context("spawn").Process(target=serve, args=(path, port))
    child.start()
    address = f"http://127.0.0.1:{port}/"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    first = first_page(address)
    times = [first_page(address) for _ in range(rounds)]
    for asked in ("api/matrix", "api/matrix?q=wall", "api/statements?q=wall", "api/speakers?q=ann"):
        urllib.request.urlopen(f"{address}{asked}").read()
    [peak] = re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{child.pid}/status").read_text())
    child.terminate()
    child.join()
    click.echo(
        f"\nfirst page over HTTP: {1000 * first:.0f} ms at once after the start, "
        f"median {1000 * median(times):.0f} ms; the server took at most {int(peak) / 1024:.0f} MB"
    )


@click.command(help=__doc__)
@click.option("--statements", type=click.IntRange(min=8), default=200_000, show_default=True)
@click.option("--rounds", type=click.IntRange(min=1), default=9, show_default=True)
def main(statements: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "board.sqlite"
        began = time.perf_counter()
        with Store(path) as store:
            for number, batch in enumerate(batches(statements)):
                store.add([], batch, {("stances.v1", 0): number})
            filled = time.perf_counter() - began
            click.echo(
                f"{statements:,} statements, {A_STATEMENT} stances each: {filled:.0f} s to write,"
                f" {path.stat().st_size / 2**20:,.0f} MB on disk\n"
            )
            db = sqlite3.connect(path)
            click.echo(f"{'question':<32} median ms   slowest")
            for name, ask in questions().items():
                times = []
                for _ in range(rounds):
                    at = time.perf_counter()
                    ask(db)
                    times.append(1000 * (time.perf_counter() - at))
                click.echo(f"{name:<32} {median(times):9.1f} {max(times):9.1f}")
            db.close()
            served(path, rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"\nto write and ask took at most {peak:.0f} MB")


if __name__ == "__main__":
    main()
