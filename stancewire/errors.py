"""One root for every error that Stancewire raises on purpose, with where it happened."""

from __future__ import annotations

from stancewire.reasons import FeedReason


class StancewireError(Exception):
    """Something went wrong at a known place.

    `context` says where, in the words an operator would search for (feed, topic, partition,
    offset, file, line, ...); a cause, where there is one, is chained with `raise ... from`.
    """

    def __init__(self, message: str, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.context = {name: value for name, value in context.items() if value is not None}

    def __str__(self) -> str:
        where = ", ".join(f"{name} {value}" for name, value in self.context.items())
        return f"{self.message} ({where})" if where else self.message


class ConfigError(StancewireError):
    """A setting, a feeds file or a targets file cannot be used as it stands."""


class InputError(StancewireError):
    """An input document or line cannot be read."""


class RecordError(StancewireError):
    """A Kafka message is not a record that this version reads; `reason` is its dead letter's."""

    def __init__(self, message: str, *, reason: str, **context: object) -> None:
        super().__init__(message, **context)
        self.reason = reason


class FeedError(StancewireError):
    """A feed or an article page could not be fetched or read; `reason` is why, in a word."""

    def __init__(
        self, message: str, *, reason: FeedReason = "unparsable", **context: object
    ) -> None:
        super().__init__(message, **context)
        self.reason: FeedReason = reason


class ModelError(StancewireError):
    """A model directory cannot be loaded, or a model cannot answer."""


class BrokerError(StancewireError):
    """Kafka cannot be reached, or refuses what was asked."""


class TransactionError(BrokerError):
    """A transaction did not commit; none of its records may be taken as sent."""
