"""Reading `stances.v1` as any subscriber would: committed records only, no group, no offsets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from stancewire.kafka import topics
from stancewire.kafka.reading import open_reader, readable
from stancewire.records import Stance
from stancewire.settings import KafkaSettings

POLL_S = 0.5
# No record is older.
FROM_START = datetime.fromtimestamp(0, UTC)


def stances(
    kafka: KafkaSettings,
    *,
    since: datetime | None,
    follow: bool,
    keep_on: Callable[[], bool],
    on_idle: Callable[[], None] = lambda: None,
) -> Iterator[Stance]:
    """The stances in each partition's order, written since then or, without, from now on.

    Ends when `keep_on()` turns false or, without `follow`, at what was the end at the start.
    `on_idle` is called whenever half a second brought nothing. Records that are not stances are
    logged and passed over. Raises BrokerError.
    """
    with open_reader(kafka, topics.STANCES.name) as reader:
        reader.seek(since)
        while keep_on() and (follow or not reader.at_end):
            found = reader.poll(POLL_S)
            yield from readable(Stance, found)
            if not found:
                on_idle()
