"""The articles that all pollers publish, as they come."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from stancewire.kafka.reading import TopicReader, readable
from stancewire.records import Article


class Published:
    """Reads articles.v1 from a time on, the newest `limit` at the most.

    Raises BrokerError.
    """

    def __init__(self, reader: TopicReader, since: datetime, limit: int) -> None:
        self._reader = reader
        from_then = int(since.timestamp() * 1000)
        starts = reader.consumer.offsets_for_times(dict.fromkeys(reader.partitions, from_then))
        for where in reader.partitions:
            end = reader.ends[where]
            at = starts[where].offset if starts.get(where) else end
            reader.consumer.seek(where, max(at, end - limit // len(reader.partitions)))

    @property
    def caught_up(self) -> bool:
        """Whether all that was there at first is read."""
        return self._reader.at_end

    def poll(self, wait: timedelta = timedelta(0)) -> list[Article]:
        """What has come, some hundred at a time. What is no article is passed over."""
        return list(readable(Article, self._reader.poll(wait.total_seconds()), logging.DEBUG))
