"""What every long-running command sets up around its loop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import (
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from stancewire.health import Health, HealthServer
from stancewire.lifecycle import Stop


@dataclass(frozen=True, slots=True)
class Process:
    """The parts that a loop is given; `registry` is what /metrics shows."""

    registry: CollectorRegistry
    health: Health
    stop: Stop


def new_registry() -> CollectorRegistry:
    """Shows the process itself: memory, CPU, open files, Python."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # they only double the series
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


@contextmanager
def running(host: str, port: int, *, silence_limit_s: float) -> Iterator[Process]:
    """Serves /metrics, /healthz and /readyz while the block runs, and listens for signals.

    `silence_limit_s`: how long the loop may go without a beat and still count as alive.
    """
    registry = new_registry()
    process = Process(registry, Health(silence_limit_s), Stop().listen())
    with HealthServer(process.health, registry, host, port):
        yield process


def utc_now() -> datetime:
    return datetime.now(UTC)
