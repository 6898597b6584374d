"""Whether two runs left the same records."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from stancewire.settings import KafkaSettings
from tests.support.pipeline import CLOCKS, read_all, without_clocks

TOPICS = ("articles.v1", "quotes.v1", "stances.v1", "articles.v1.dlq", "quotes.v1.dlq")

# Each run fetches the articles itself.
ALL_CLOCKS = CLOCKS | {"fetched_at"}

Contents = dict[tuple[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Records of the first run that the second lacks, has twice, or has with other contents."""

    records: int
    lost: int
    duplicated: int
    changed: int

    @property
    def none(self) -> bool:
        return not (self.lost or self.duplicated or self.changed)


def contents(kafka: KafkaSettings) -> Contents:
    """Every committed record by topic and id, without the times at which it was made."""
    found: Contents = {}
    for topic in TOPICS:
        for raw in read_all(kafka, topic):
            value: dict[str, Any] = json.loads(raw.value)
            text = json.dumps([raw.key.decode(), without_clocks(value, ALL_CLOCKS)], sort_keys=True)
            found.setdefault((topic, value["id"]), []).append(text)
    return found


def compare(undisturbed: Contents, disturbed: Contents) -> Difference:
    expected = Counter({key: len(values) for key, values in undisturbed.items()})
    found = Counter({key: len(values) for key, values in disturbed.items()})
    return Difference(
        records=expected.total(),
        lost=(expected - found).total(),
        duplicated=(found - expected).total(),
        changed=sum(
            set(values) != set(undisturbed.get(key, values)) for key, values in disturbed.items()
        ),
    )
