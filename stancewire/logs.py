"""Log lines on stderr."""

from __future__ import annotations

import logging


def set_up(level: str) -> None:
    """One line an event; the Kafka client's own lines from warnings up."""
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("kafka").setLevel(max(logging.WARNING, logging.getLogger().level))
