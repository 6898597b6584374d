"""The `stancewire` program."""

from __future__ import annotations

import logging
import sys

import click

from stancewire import __version__, logs
from stancewire.cli.board import board
from stancewire.cli.demo import demo
from stancewire.cli.dlq import dlq
from stancewire.cli.feeds import feeds
from stancewire.cli.forget import forget
from stancewire.cli.offline import annotate, classify, extract
from stancewire.cli.pipeline import consume, produce
from stancewire.cli.tail import tail
from stancewire.cli.topics import topics
from stancewire.errors import StancewireError

log = logging.getLogger(__name__)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Who said what, for or against what: live, from every news feed, on a Kafka topic."""


for command in (
    demo,
    produce,
    consume,
    board,
    tail,
    topics,
    feeds,
    dlq,
    annotate,
    extract,
    classify,
):
    cli.add_command(command)
feeds.add_command(forget)


def main() -> None:
    """Runs a command; what it cannot do ends in one line on stderr and status 1."""
    logs.take_over()
    try:
        cli()
    except StancewireError as error:
        if logs.are_json():
            log.critical("%s", error)
        else:
            click.echo(f"stancewire: {error}", err=True)
        sys.exit(1)
