"""The real `stancewire consume` processes, as the benchmarks start and watch them."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Literal

import click

from benchmarks.speed.broker import Broker
from stancewire.settings import KafkaSettings
from tests.support.pipeline import Program

Kind = Literal["quotes", "stances"]

CONSUMED = "stancewire_records_consumed_total"
PRODUCED = "stancewire_records_produced_total"
LAST_COMMIT = "stancewire_last_commit_timestamp_seconds"

# Looking at a worker's metrics takes it a few milliseconds.
LOOK_S = 0.5
# A batch of the slowest model on a busy machine takes less.
STALLED_S = 300.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which worker, its further options, and the core that it is pinned to with one thread."""

    kind: Kind
    options: tuple[str, ...] = ()
    core: int | None = None


def plans(kind: Kind, count: int, options: Sequence[str], pin: bool, first: int = 0) -> list[Plan]:
    """So many workers of a kind; with `pin` each has a core, from the `first` one in turn."""
    cores = sorted(os.sched_getaffinity(0))
    return [
        Plan(kind, tuple(options), cores[(first + number) % len(cores)] if pin else None)
        for number in range(count)
    ]


def arguments(plan: Plan, kafka: KafkaSettings, replica: str, group: str | None) -> list[str]:
    """The command line after `stancewire`."""
    line = ["consume", plan.kind, "--bootstrap-servers", kafka.bootstrap_servers]
    line += ["--replica", replica, "--log-level", "warning"]
    line += ["--group", group] if group else []
    line += ["--threads", "1"] if plan.core is not None else []
    return [*line, *plan.options]


class Worker(Program):
    """One process; `kind` says which."""

    def __init__(self, plan: Plan, on: Broker, replica: str, group: str | None) -> None:
        self.kind = plan.kind
        line = arguments(plan, on.kafka, replica, group)
        super().__init__(*line, log=on.folder / f"{plan.kind}-{replica}.log")
        # It has no other threads yet, and those to come are pinned with it.
        if plan.core is not None:
            os.sched_setaffinity(self.process.pid, {plan.core})

    def read(self, metric: str) -> float:
        """A metric without labels. Raises ClickException when the process has ended."""
        if self.process.poll() is not None:
            raise click.ClickException(f"a worker ended:\n{self.log.read_text()[-3000:]}")
        return reading(self.get("/metrics")[1], metric)


def reading(metrics: str, name: str) -> float:
    """The value of a metric without labels in Prometheus' text format."""
    match = re.search(rf"^{name} (\S+)$", metrics, re.MULTILINE)
    return float(match[1]) if match else 0.0


@contextmanager
def running(
    on: Broker, planned: Sequence[Plan], group: str | None = None
) -> Iterator[list[Worker]]:
    """Starts all, waits until all are ready, and ends them."""
    with ExitStack() as stack:
        started = []
        for number, plan in enumerate(planned):
            worker = Worker(plan, on, f"{group or 'speed'}-{plan.kind}-{number}", group)
            stack.callback(worker.end)
            started.append(worker)
        for worker in started:
            worker.wait_ready()
        yield started


def total(workers: Sequence[Worker], metric: str) -> int:
    return int(sum(worker.read(metric) for worker in workers))


def wait_consumed(workers: Sequence[Worker], records: Callable[[], int] | int) -> None:
    """Until the workers have committed so many records. Raises ClickException if they stall."""
    done, changed = -1, time.monotonic()
    while done < (records if isinstance(records, int) else records()):
        if time.monotonic() - changed > STALLED_S:
            raise click.ClickException(f"no record in {STALLED_S:g} s, after {done}")
        time.sleep(LOOK_S)
        now = total(workers, CONSUMED)
        if now != done:
            done, changed = now, time.monotonic()
