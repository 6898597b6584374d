"""`stancewire tail`."""

from __future__ import annotations

import shutil
import sys

import click

from stancewire.cli.options import kafka_options, log_options
from stancewire.records import Label, Stance
from stancewire.settings import KafkaSettings


@click.command()
@log_options("warning")
@kafka_options
@click.option("--target", "targets", multiple=True, help="Only this target, by id or name.")
@click.option(
    "--stance",
    "labels",
    multiple=True,
    type=click.Choice(["favor", "against", "neutral"]),
    help="Only this label; may repeat.",
)
@click.option("--speaker", help="Only speakers with this in their name.")
@click.option("--json", "as_json", is_flag=True, help="The records, one a line.")
@click.option("--from-start", is_flag=True, help="All that the topic still has, not only new ones.")
@click.option("--no-follow", is_flag=True, help="End at what is the end of the topic now.")
def tail(
    kafka: KafkaSettings,
    targets: tuple[str, ...],
    labels: tuple[Label, ...],
    speaker: str | None,
    as_json: bool,
    from_start: bool,
    no_follow: bool,
) -> None:
    """Subscribe to stances.v1 from a terminal."""
    from consumers.display import line
    from consumers.subscribe import stances
    from stancewire.kafka import topics
    from stancewire.lifecycle import Stop

    stop = Stop().listen()
    topics.wait_for(kafka, (topics.STANCES.name,))
    wanted_targets = {target.casefold() for target in targets}

    def wanted(stance: Stance) -> bool:
        ref, who = stance.target, stance.quote.speaker
        names = {ref.id.casefold(), ref.name.casefold()}
        return (
            (not wanted_targets or bool(wanted_targets & names))
            and (not labels or stance.label in labels)
            and (not speaker or (who is not None and speaker.casefold() in who.name.casefold()))
        )

    for stance in stances(
        kafka, from_start=from_start, follow=not no_follow, keep_on=lambda: not stop.requested
    ):
        if wanted(stance):
            width = shutil.get_terminal_size().columns
            click.echo(stance.model_dump_json() if as_json else line(stance, width))
            sys.stdout.flush()
