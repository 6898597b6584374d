"""Dead letters back to the topics that they came from, each once, however often one tries.

A letter and the note that it was replayed are committed in one transaction; the notes lie on
`replays.v1`, keyed by the letter's place. Who replays fences who replayed before, and only then
reads the notes: a run that was killed is gone on with, and two cannot both replay a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stancewire.kafka import topics
from stancewire.kafka.letters import Letter
from stancewire.kafka.messages import Message
from stancewire.kafka.reading import open_reader
from stancewire.kafka.transaction import TransactionalProducer
from stancewire.metrics import LoopMetrics
from stancewire.settings import KafkaSettings

TRANSACTIONAL_ID = "stancewire-replay"

# Few enough that a kill repeats little work, enough that commits take little of the time.
BATCH = 200


@dataclass(slots=True)
class Replayed:
    """What became of the letters."""

    sent: int = 0
    before: int = 0
    """Replayed by an earlier run."""
    foreign: int = 0
    """Without a header that names a topic to go back to."""


def replay(kafka: KafkaSettings, letters: Iterable[Letter], metrics: LoopMetrics) -> Replayed:
    """Sends the letters that were not replayed yet.

    Raises:
        TransactionError: Kafka refused, or another replay took over; what was committed stays so.
        BrokerError: a topic does not exist or cannot be read.
    """
    result = Replayed()
    producer = TransactionalProducer(kafka, TRANSACTIONAL_ID, metrics)
    try:
        batch: list[Message] = []
        for message, note in fresh(letters, set(replayed(kafka)), result):
            batch += [message, note]
            if len(batch) >= 2 * BATCH:
                result.sent += _commit(producer, batch)
        result.sent += _commit(producer, batch)
    finally:
        producer.close()
    return result


def replayed(kafka: KafkaSettings) -> Iterator[str]:
    """The places of the letters that were replayed."""
    with open_reader(kafka, topics.REPLAYS.name) as reader:
        for raw in reader.everything():
            yield raw.key.decode()


def fresh(
    letters: Iterable[Letter], done: set[str], result: Replayed
) -> Iterator[tuple[Message, Message]]:
    """Records with their notes; counts in `result` the letters that are left out."""
    for letter in letters:
        place, message = str(letter.place), letter.again()
        if place in done:
            result.before += 1
        elif message is None:
            result.foreign += 1
        else:
            yield message, Message(topics.REPLAYS.name, place.encode(), str(letter.origin).encode())


def _commit(producer: TransactionalProducer, batch: list[Message]) -> int:
    """Commits and empties the batch; how many letters it held."""
    if batch:
        producer.commit(batch)
    letters = len(batch) // 2
    batch.clear()
    return letters
