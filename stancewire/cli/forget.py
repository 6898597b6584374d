"""`stancewire feeds forget`: nothing is known of a feed any more."""

from __future__ import annotations

import sys

import click

from stancewire.cli.options import kafka_options, log_options
from stancewire.settings import KafkaSettings


@click.command()
@click.argument("feed_ids", metavar="ID...", nargs=-1, required=True)
@log_options("warning")
@kafka_options
def forget(feed_ids: tuple[str, ...], kafka: KafkaSettings) -> None:
    """Remove what feeds.v1 knows of feeds, by their ids.

    Take them off the list before: a feed that is still polled begins anew. Ends with status 1 if
    nothing was known of one.
    """
    from producers.forget import forget as forget_feeds
    from stancewire.kafka import topics

    topics.wait_for(kafka, (topics.FEEDS.name,))
    gone = forget_feeds(kafka, set(feed_ids))
    for feed_id in feed_ids:
        click.echo(f"{feed_id}  {'forgotten' if feed_id in gone else 'nothing is known of it'}")
    sys.exit(0 if set(gone) == set(feed_ids) else 1)
