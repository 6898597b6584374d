"""`stancewire board`: what was said, on a live page."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stancewire.cli.options import kafka_options, log_options
from stancewire.settings import KafkaSettings

if TYPE_CHECKING:
    from consumers.board.store import Store
    from stancewire.lifecycle import Stop

log = logging.getLogger(__name__)

# How soon a stop request is heard.
WAKE_S = 0.2


@click.command()
@log_options("info")
@kafka_options
@click.option(
    "--store",
    "file",
    envvar="STANCEWIRE_BOARD_STORE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A SQLite file that keeps what was read; without it, all is read again at each start.",
)
@click.option(
    "--host",
    envvar="STANCEWIRE_BOARD_HOST",
    default="127.0.0.1",
    show_default=True,
    help="Address to serve on; there is no login, so put a proxy before a public one.",
)
@click.option(
    "--port",
    envvar="STANCEWIRE_BOARD_PORT",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="0 takes a free one.",
)
def board(kafka: KafkaSettings, file: Path | None, host: str, port: int) -> None:
    """Serve a page that shows statements and stances as they come, with search and an API."""
    from consumers.board.store import Store
    from stancewire.kafka import topics
    from stancewire.lifecycle import Stop

    stop = Stop().listen()
    with ExitStack() as stack:
        if file is None:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="stancewire-"))
            file = Path(scratch) / "board.sqlite"
        store = stack.enter_context(Store(file))
        if topics.wait_for(kafka, (topics.ARTICLES.name, topics.STANCES.name), stop.wait):
            asyncio.run(_serve(kafka, store, host, port, stop))


async def _serve(kafka: KafkaSettings, store: Store, host: str, port: int, stop: Stop) -> None:
    from consumers.board.ingest import Ingest
    from consumers.board.live import Live
    from consumers.board.server import Board, serving
    from stancewire.errors import ConfigError

    live = Live()
    ingest = Ingest(kafka, store, live.arrived)
    try:
        async with serving(Board(store.path, live), host, port) as taken:
            ingest.start()
            log.info("the board is on http://%s:%d", host, taken)
            while not stop.requested:
                await asyncio.sleep(WAKE_S)
            live.end()
            await asyncio.to_thread(ingest.stop)
    except OSError as error:
        raise ConfigError(
            f"the port cannot be opened: {error.strerror}", host=host, port=port
        ) from error
