"""The states of all feeds, as the compacted topic has them."""

from __future__ import annotations

import logging
from typing import Any

from stancewire.errors import RecordError
from stancewire.kafka import topics
from stancewire.kafka.messages import decode
from stancewire.kafka.reading import open_reader
from stancewire.records import FeedState
from stancewire.settings import KafkaSettings

log = logging.getLogger(__name__)


def read_states(kafka: KafkaSettings) -> dict[str, FeedState]:
    """The last committed state of each feed, by feed id.

    A state that cannot be read is logged and left out: its feed starts anew. Raises BrokerError.
    """
    states: dict[str, FeedState] = {}
    with open_reader(kafka, topics.FEEDS.name) as reader:
        for raw in reader.everything():
            _take(states, raw)
    return states


def _take(states: dict[str, FeedState], raw: Any) -> None:
    if raw.value is None:
        states.pop((raw.key or b"").decode("utf-8", "replace"), None)
        return
    try:
        state = decode(FeedState, raw.value, raw.headers)
    except RecordError as error:
        log.warning("passed over a feed's state at offset %d: %s", raw.offset, error)
    else:
        states[state.id] = state
