"""What becomes of a poll on the topics."""

from __future__ import annotations

import logging

from producers.harvest import Polled
from producers.share import SOURCE, Holding
from stancewire.kafka import topics
from stancewire.kafka.messages import Message, encode
from stancewire.settings import MAX_RECORD_BYTES

log = logging.getLogger(__name__)


def outgoing(holding: Holding, polled: Polled, traceparent: bytes | None) -> list[Message]:
    """The articles, which carry the trace context, and the feed's state where it is news."""
    messages = []
    for article in polled.articles:
        message = encode(article, topics.ARTICLES.name, source=SOURCE, traceparent=traceparent)
        if message.size <= MAX_RECORD_BYTES:
            messages.append(message)
        else:
            log.error(
                "feed %s: %s is too large for the topic (%d bytes) and was left out",
                polled.state.id, article.url or article.id, message.size,
                extra={"feed": polled.state.id},
            )  # fmt: skip
    return messages + holding.messages(polled.state)
