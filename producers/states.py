"""The states of feeds, as the compacted topic has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stancewire.feed_records import FeedState
from stancewire.kafka import topics
from stancewire.kafka.reading import open_reader, readable, written_ends
from stancewire.settings import KafkaSettings

NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class Places:
    """The states that a feed has, by partition: more than one after it moved to another host."""

    by_partition: dict[int, FeedState] = field(default_factory=dict)

    @property
    def newest(self) -> FeedState:
        return max(self.by_partition.values(), key=lambda state: state.checked_at or NEVER)


@dataclass(frozen=True, slots=True)
class States:
    """By feed id, where its states are; by partition, the offset after all that was read."""

    feeds: dict[str, Places]
    ends: dict[int, int]


def read_states(
    kafka: KafkaSettings, wanted: Collection[str] | None = None, own: Collection[int] = ()
) -> States:
    """The last committed states of the wanted feeds or of all, wherever they are.

    Of its own partitions the caller gets all that others have written there: what is not decided
    yet is waited for. A state that cannot be read is logged and left out: its feed starts anew.
    Raises BrokerError.
    """
    found: dict[str, Places] = {}
    ends = written_ends(kafka, topics.FEEDS.name)
    with open_reader(kafka, topics.FEEDS.name) as reader:
        reader.go_on_to({number: end for number, end in ends.items() if number in own})
        for raw in reader.everything():
            key = (raw.key or b"").decode("utf-8", "replace")
            if wanted is None or key in wanted:
                _take(found.setdefault(key, Places()), raw)
    return States({key: places for key, places in found.items() if places.by_partition}, ends)


def _take(places: Places, raw: Any) -> None:
    if raw.value is None:
        places.by_partition.pop(raw.partition, None)
        return
    for state in readable(FeedState, [raw]):
        places.by_partition[raw.partition] = state
