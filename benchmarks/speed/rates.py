"""From the batches that workers finished to a rate that holds while all of them are busy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

# A worker's batches begin with one record and double: after 1, 2, 4, 8 and 16 it is warm.
WARM_RECORDS = 31


@dataclass(frozen=True, slots=True)
class Done:
    """A batch: when its model was through (Unix time), its inputs and its outputs."""

    at: float
    records: int
    outputs: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A second."""

    records: float
    outputs: float

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.records + other.records, self.outputs + other.outputs)


def steady_rate(workers: Sequence[Sequence[Done]], warm: int = WARM_RECORDS) -> Rate:
    """The rates of all workers, each from batch end to batch end while all are warm and busy.

    From one end to another a worker has read, judged, sent and committed as often as it has
    finished batches, so nothing of a batch is left out. Raises ClickException if too few are left.
    """
    opened = max(warm_at(its, warm) for its in workers)
    closed = min(its[-1].at for its in workers)
    rates = [_between(its, opened, closed) for its in workers]
    return sum(rates[1:], rates[0])


def warm_at(batches: Sequence[Done], warm: int) -> float:
    """When so many records were done, in Unix time. Raises ClickException if there are fewer."""
    done = 0
    for batch in batches:
        done += batch.records
        if done >= warm:
            return batch.at
    raise click.ClickException(f"{done} records; too few, the first {warm} warm the worker up")


def _between(batches: Sequence[Done], opened: float, closed: float) -> Rate:
    counted = [batch for batch in batches if opened <= batch.at <= closed]
    if len(counted) < 2:
        raise click.ClickException("too few records: no whole batch while all workers were busy")
    seconds = counted[-1].at - counted[0].at
    return Rate(
        sum(batch.records for batch in counted[1:]) / seconds,
        sum(batch.outputs for batch in counted[1:]) / seconds,
    )
