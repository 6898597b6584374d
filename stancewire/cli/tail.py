"""`stancewire tail`."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime

import click

from stancewire.cli.moments import MOMENT
from stancewire.cli.options import kafka_options, log_options
from stancewire.records import Label, Stance
from stancewire.settings import KafkaSettings

# 1 and 2 are for what fails and for wrong options.
NOTHING_SHOWN = 3


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
@click.option(
    "--json/--text",
    "as_json",
    default=None,
    help="The records, one a line, or lines for reading; by default text on a terminal only.",
)
@click.option("--since", type=MOMENT, help="From a time, in UTC if no zone is given, or 6h ago.")
@click.option("--from-start", is_flag=True, help="All that the topic still has, not only new ones.")
@click.option("--no-follow", is_flag=True, help="End at what is the end of the topic now.")
def tail(
    kafka: KafkaSettings,
    targets: tuple[str, ...],
    labels: tuple[Label, ...],
    speaker: str | None,
    as_json: bool | None,
    since: datetime | None,
    from_start: bool,
    no_follow: bool,
) -> None:
    """Subscribe to stances.v1 from a terminal or a script.

    With --no-follow it ends with status 3 if nothing was there to show; with 1 if it failed.
    """
    from consumers.display import line
    from consumers.subscribe import FROM_START, stances
    from stancewire.kafka import topics
    from stancewire.lifecycle import Stop

    if since is not None and from_start:
        raise click.UsageError("--since and --from-start say different things")
    as_json = not sys.stdout.isatty() if as_json is None else as_json
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

    shown = 0
    for stance in stances(
        kafka,
        since=FROM_START if from_start else since,
        follow=not no_follow,
        keep_on=lambda: not stop.requested,
    ):
        if wanted(stance):
            shown += 1
            width = shutil.get_terminal_size().columns
            click.echo(stance.model_dump_json() if as_json else line(stance, width))
            sys.stdout.flush()
    if no_follow and not shown:
        sys.exit(NOTHING_SHOWN)
