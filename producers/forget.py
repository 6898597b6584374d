"""Taking from feeds.v1 what is known of a feed."""

from __future__ import annotations

from collections.abc import Collection

from producers.states import read_states
from stancewire.kafka import topics
from stancewire.kafka.messages import Message
from stancewire.kafka.sender import Sender
from stancewire.settings import KafkaSettings


def forget(kafka: KafkaSettings, feed_ids: Collection[str]) -> list[str]:
    """Leaves nothing of these feeds on the topic; returns the ids that had something there.

    A feed that is still polled writes its state again. Raises BrokerError.
    """
    found = read_states(kafka, feed_ids).feeds
    sender = Sender(kafka)
    try:
        for feed_id, places in found.items():
            for number in places.by_partition:
                sender.send(Message(topics.FEEDS.name, feed_id.encode(), None, partition=number))
    finally:
        sender.close()
    return sorted(found)
