"""What is done to a running pipeline, drawn by a seed."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence

from tests.chaos.processes import SESSION_TIMEOUT_S, Processes

# Seconds between two faults.
PAUSES_S = (2.0, 5.0)

# How long a broker is away or silent: longer than the cluster needs to see it.
BROKER_AWAY_S = 8.0

Fault = Callable[[Processes, random.Random], None]


def kill_worker(processes: Processes, rng: random.Random) -> None:
    processes.kill(rng.choice([name for name in processes.names if "producer" not in name]))


def kill_producer(processes: Processes, rng: random.Random) -> None:
    processes.kill(rng.choice([name for name in processes.names if "producer" in name]))


def freeze_process(processes: Processes, rng: random.Random) -> None:
    processes.freeze(rng.choice(processes.names), SESSION_TIMEOUT_S + 2)


def kill_broker(processes: Processes, rng: random.Random) -> None:
    node = rng.choice(processes.cluster.nodes)
    node.stop(signal.SIGKILL)
    time.sleep(BROKER_AWAY_S)
    node.start()


def silence_broker(processes: Processes, rng: random.Random) -> None:
    """Connections stay open and nobody answers, as when a network is cut."""
    node = rng.choice(processes.cluster.nodes)
    node.send(signal.SIGSTOP)
    time.sleep(BROKER_AWAY_S)
    node.send(signal.SIGCONT)


# Processes die more often than brokers, as in production.
WEIGHTS: dict[Fault, int] = {
    kill_worker: 8,
    kill_producer: 3,
    freeze_process: 3,
    kill_broker: 2,
    silence_broker: 1,
}


# By the names that reports and options give them.
KINDS = {fault.__name__: fault for fault in WEIGHTS}


def inflict(
    processes: Processes, count: int, seed: int, kinds: Sequence[str] = tuple(KINDS)
) -> Counter[str]:
    """So many faults, one after another; how many of each kind.

    Each kind comes once before they are drawn by weight, as far as `count` goes.
    """
    rng = random.Random(seed)
    drawn = rng.choices(kinds, [WEIGHTS[KINDS[kind]] for kind in kinds], k=count)
    drawn = [*rng.sample(list(kinds), len(kinds)), *drawn][:count]
    done: Counter[str] = Counter()
    for fault in [KINDS[kind] for kind in drawn]:
        time.sleep(rng.uniform(*PAUSES_S))
        fault(processes, rng)
        processes.revive()
        done[fault.__name__] += 1
    return done
