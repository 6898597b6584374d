"""Every metric that a process shows: `python -m stancewire.catalogue` writes the page of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry

from stancewire.metrics import FeedMetrics, LoopMetrics, ModelMetrics, StanceMetrics
from stancewire.process import new_registry

HEAD = """\
# Metrics

Every process serves these on `/metrics`, counters and gauges from zero on. The page is written by
`make docs` from the code; the tests compare it with what running processes show.

| metric | type | unit | labels | of | meaning |
|---|---|---|---|---|---|
"""


def _producer(registry: CollectorRegistry) -> None:
    LoopMetrics(registry)
    FeedMetrics(registry)


def _quotes(registry: CollectorRegistry) -> None:
    LoopMetrics(registry)
    ModelMetrics(registry, "name", "revision")


def _stances(registry: CollectorRegistry) -> None:
    _quotes(registry)
    StanceMetrics(registry)


ROLES: dict[str, Callable[[CollectorRegistry], None]] = {
    "produce": _producer,
    "consume quotes": _quotes,
    "consume stances": _stances,
}


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` is what queries use: with `_total`, without `_bucket`."""

    name: str
    type: str
    labels: tuple[str, ...]
    meaning: str

    @property
    def unit(self) -> str:
        endings = {"_timestamp_seconds": "Unix time, s", "_seconds": "s", "_seconds_total": "s",
                   "_bytes": "bytes", "_info": "", "_score": "0 to 1"}  # fmt: skip
        return next((unit for end, unit in endings.items() if self.name.endswith(end)), "count")


def metrics(role: str) -> list[Metric]:
    """What a process of a role shows, by name."""
    registry = new_registry()
    ROLES[role](registry)
    found = []
    for family in registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        found.append(Metric(name, family.type, tuple(sorted(labels)), family.documentation))
    return sorted(found, key=lambda metric: metric.name)


def render() -> str:
    roles: dict[Metric, list[str]] = {}
    for role in ROLES:
        for metric in metrics(role):
            roles.setdefault(metric, []).append(role)
    rows = []
    for metric, shown in sorted(roles.items(), key=lambda row: row[0].name):
        of = "all" if len(shown) == len(ROLES) else ", ".join(f"`{role}`" for role in shown)
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        cells = (f"`{metric.name}`", metric.type, metric.unit, labels, of, metric.meaning)
        rows.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "docs/metrics.md").write_text(
        render(), encoding="utf-8"
    )
