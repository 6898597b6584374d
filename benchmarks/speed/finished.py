"""What the workers left on a topic, as the batches that they finished."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

from benchmarks.speed.rates import Done
from stancewire.kafka import topics
from stancewire.kafka.reading import open_reader
from stancewire.settings import KafkaSettings

Sink = Literal["quotes.v1", "stances.v1"]


def finished(
    kafka: KafkaSettings, sink: Sink, *, since: datetime | None = None, apart: bool = False
) -> list[list[Done]]:
    """The batches by worker, in the order of their ends; `since` leaves out earlier runs.

    One worker has made them all or, `apart`, one each partition. A partition's key is the
    article's on every topic, so what is read from one partition is written to that partition.
    """
    with open_reader(kafka, sink) as reader:
        reader.seek(since or datetime.fromtimestamp(0).astimezone())
        raws = []
        while not reader.at_end:
            raws += reader.poll(0.5)
    by_worker: dict[int, list[Any]] = defaultdict(list)
    for raw in raws:
        by_worker[raw.partition if apart else 0].append(raw.value)
    read = _of_quote if sink == topics.QUOTES.name else _of_stance
    return [batches(values, read) for _, values in sorted(by_worker.items())]


def batches(values: Iterable[bytes], read: Callable[[Any], tuple[str, str]]) -> list[Done]:
    """A step looks at the clock once a batch, so equal times are one batch.

    `read` gives the time and the input's id of a decoded output.
    """
    inputs: dict[str, set[str]] = defaultdict(set)
    outputs: dict[str, int] = defaultdict(int)
    for value in values:
        at, of = read(json.loads(value))
        inputs[at].add(of)
        outputs[at] += 1
    found = [
        Done(datetime.fromisoformat(at).timestamp(), len(its), outputs[at])
        for at, its in inputs.items()
    ]
    return sorted(found, key=lambda batch: batch.at)


def _of_quote(value: Any) -> tuple[str, str]:
    return value["extracted_at"], value["article_id"]


def _of_stance(value: Any) -> tuple[str, str]:
    return value["timings"]["classified_at"], value["quote"]["id"]
