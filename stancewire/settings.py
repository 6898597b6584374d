"""How to reach Kafka and how a worker behaves; filled from the command line and environment."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

from stancewire.security import Security

# An article of 5 MB must pass; Kafka's default of 1 MB is too small for it.
MAX_RECORD_BYTES = 8 * 1024 * 1024

# A dead letter is the record it holds plus the headers that say why.
MAX_DEAD_LETTER_BYTES = MAX_RECORD_BYTES + 64 * 1024

# A person clicks no faster; a host that serves hundreds of feeds sees one request a second.
HOST_PAUSE_S = 1.0

# Papers print a wire story within hours; some hold it back a day.
COPIES_WINDOW_H = 48.0


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Which cluster, how to log in there, and how long to wait for it at start."""

    bootstrap_servers: str = "localhost:9092"
    start_timeout_s: float = 60.0
    security: Security = field(default_factory=Security)

    def client(self) -> dict[str, Any]:
        """The options that every Kafka client here takes, a password among them.

        Raises:
            ConfigError: as `Security.client`.
        """
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "client_id": "stancewire",
            **self.security.client(),
        }


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """One replica of a consumer group."""

    group_id: str
    # Two live replicas of one name fence each other, so the default is what tells hosts apart.
    replica: str = field(default_factory=socket.gethostname)
    batch_records: int = 64
    batch_wait_s: float = 0.2
    # A replica that died is replaced after this long; brokers accept 6 s and more by default.
    session_timeout_s: float = 10.0
    # Batches are made to take a sixth of it; a single article of 5 MB may take minutes.
    max_poll_interval_s: float = 900.0
    # More dead letters in a row mean that something else is broken than the records.
    dead_letter_run: int = 100

    @property
    def transactional_id(self) -> str:
        return f"{self.group_id}-{self.replica}"


# The more, the fewer wrong sides on other subjects, and the fewer right ones that are only implied;
# so much takes a sixth of the former and next to none of the latter.
PRIOR_WEIGHT = 0.2

# On news seven of ten pairs on different subjects are less likely by the gate; the labels of a
# classifier change in fewer than one pair of 200.
OFF_TOPIC_BELOW = 0.001

# For `small`, which has more wrong sides than right ones there: it is asked half as often, and its
# macro-F1 is the same on newsquotes dev, and higher on VAST's.
OFF_TOPIC_BELOW_SMALL = 0.003

# Half a day of statements against five targets; 40 MB.
REMEMBERED_PAIRS = 100_000
