"""`stancewire topics`."""

from __future__ import annotations

import click

from stancewire.cli.options import kafka_options, log_options
from stancewire.settings import KafkaSettings


@click.command()
@log_options("info")
@kafka_options
@click.option(
    "--partitions",
    envvar="STANCEWIRE_PARTITIONS",
    type=click.IntRange(min=1),
    default=6,
    show_default=True,
    help="Of each new topic: the most replicas of a worker that can share the work.",
)
@click.option(
    "--replication-factor",
    envvar="STANCEWIRE_REPLICATION_FACTOR",
    type=click.IntRange(min=-1),
    default=-1,
    show_default=True,
    help="Of each new topic; -1 takes the broker's default.",
)
def topics(
    kafka: KafkaSettings,
    partitions: int,
    replication_factor: int,
) -> None:
    """Create the topics that are missing; show where those that exist differ."""
    from stancewire.kafka.topics import create, wait_for

    wait_for(kafka, ())
    result = create(kafka, partitions=partitions, replication_factor=replication_factor)
    for name, remarks in result.items():
        click.echo(f"{name}: {'; '.join(remarks) or 'ok'}")
