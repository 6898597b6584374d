"""`stancewire dlq`: what failed, why, and another try."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from stancewire.cli.moments import MOMENT
from stancewire.cli.options import kafka_options, log_options, together
from stancewire.settings import KafkaSettings

if TYPE_CHECKING:
    from stancewire.kafka.letters import Letter, Wanted

# Longer errors would wrap a terminal's line more than once.
_ERROR_CHARS = 120

filters = together(
    click.option("--topic", "topic_names", multiple=True, help="Only letters of this topic."),
    click.option("--reason", "reasons", multiple=True, help="Only this reason; may repeat."),
    click.option("--since", type=MOMENT, help="Not older: a time, UTC without a zone, or 6h."),
    click.option("--until", type=MOMENT, help="Only older ones."),
)


@click.group()
def dlq() -> None:
    """Look at dead letters, and replay them."""


@dlq.command("list")
@log_options("warning")
@kafka_options
@filters
@click.option("--json", "as_json", is_flag=True, help="One JSON object a letter.")
def list_letters(kafka: KafkaSettings, as_json: bool, **narrowed: Any) -> None:
    """List dead letters: place, time, reason, attempt, origin, error."""
    from stancewire.kafka.letters import letters

    wanted = _ready(kafka, narrowed)
    counts: Counter[str] = Counter()
    for letter in letters(kafka, wanted):
        counts[letter.reason or "unknown"] += 1
        click.echo(json.dumps(_row(letter), ensure_ascii=False) if as_json else _line(letter))
    found = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
    click.echo(f"{counts.total()} dead letters" + (f": {found}" if found else ""), err=True)


@dlq.command()
@log_options("warning")
@kafka_options
@click.argument("place")
@click.option("--value", is_flag=True, help="The record's bytes alone, as they are.")
def show(kafka: KafkaSettings, place: str, value: bool) -> None:
    """Show the letter at PLACE (articles.v1.dlq-0@12, as `list` prints it), with its record."""
    from stancewire.kafka.letters import Place, find

    letter = find(kafka, Place.parse(place))
    if value:
        click.echo(letter.value or b"", nl=False)
        return
    for name, text in _row(letter).items():
        click.echo(f"{name:<10}{text}")
    click.echo("headers")
    for name, content in letter.headers:
        click.echo(f"  {name}: {content.decode('utf-8', 'backslashreplace')}")
    click.echo("value")
    click.echo((letter.value or b"").decode("utf-8", "backslashreplace"))


@dlq.command()
@log_options("warning")
@kafka_options
@filters
@click.option(
    "--max-attempt",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Leave letters that failed more often: they would come back.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be replayed.")
def replay(
    kafka: KafkaSettings,
    max_attempt: int,
    dry_run: bool,
    **narrowed: Any,
) -> None:
    """Send dead letters back to the topics that they came from, each once."""
    from prometheus_client import CollectorRegistry

    from stancewire.kafka.letters import letters
    from stancewire.kafka.replay import Replayed, fresh, replayed
    from stancewire.kafka.replay import replay as send_again
    from stancewire.metrics import LoopMetrics

    wanted = _ready(kafka, narrowed | {"max_attempt": max_attempt})
    if dry_run:
        result = Replayed()
        sent = sum(1 for _ in fresh(letters(kafka, wanted), set(replayed(kafka)), result))
        click.echo(f"{sent} would be replayed, {result.foreign} have no topic to go back to")
        return
    result = send_again(kafka, letters(kafka, wanted), LoopMetrics(CollectorRegistry()))
    click.echo(
        f"{result.sent} replayed, {result.before} had been before, "
        f"{result.foreign} have no topic to go back to"
    )


def _ready(kafka: KafkaSettings, narrowed: dict[str, Any]) -> Wanted:
    from stancewire.kafka import topics
    from stancewire.kafka.letters import Wanted

    wanted = Wanted(
        topics=narrowed["topic_names"],
        reasons=narrowed["reasons"],
        since=narrowed["since"],
        until=narrowed["until"],
        max_attempt=narrowed.get("max_attempt"),
    )
    topics.wait_for(kafka, (*wanted.dead_letter_topics, topics.REPLAYS.name))
    return wanted


def _row(letter: Letter) -> dict[str, Any]:
    return {
        "place": str(letter.place),
        "time": letter.time.isoformat(),
        "reason": letter.reason,
        "attempt": letter.attempt,
        "origin": str(letter.origin) if letter.origin else None,
        "key": letter.key.decode("utf-8", "backslashreplace") if letter.key else None,
        "bytes": len(letter.value or b""),
        "model": letter.model,
        "error": letter.error,
    }


def _line(letter: Letter) -> str:
    error = " ".join(letter.error.split())
    return "  ".join(
        (
            f"{letter.place}",
            f"{letter.time:%Y-%m-%d %H:%M:%S}",
            f"{letter.reason or 'unknown':<15}",
            f"attempt {letter.attempt}",
            f"from {letter.origin or 'elsewhere'}",
            error if len(error) <= _ERROR_CHARS else error[: _ERROR_CHARS - 1] + "…",
        )
    )
