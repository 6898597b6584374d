"""What a dashboard is made of, and the queries that panels share."""

from __future__ import annotations

from dataclasses import dataclass

# Filled in by Grafana: the window that suits the scrape interval and the zoom.
WINDOW = "$__rate_interval"


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL and the name of its lines."""

    expr: str
    legend: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`unit` is one of Grafana's; a stacked panel shows shares of a whole."""

    title: str
    meaning: str
    unit: str
    queries: tuple[Query, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: its rows of panels, by the row's heading."""

    id: str
    title: str
    rows: dict[str, tuple[Panel, ...]]

    @property
    def panels(self) -> list[Panel]:
        return [panel for panels in self.rows.values() for panel in panels]


def quantile(share: float, histogram: str, by: str = "le", only: str = "") -> str:
    """`only` is a selector in braces."""
    inner = f"sum by ({by}) (rate({histogram}_bucket{only}[{WINDOW}]))"
    return f"histogram_quantile({share}, {inner})"


def quantiles(histogram: str) -> tuple[Query, ...]:
    return tuple(Query(quantile(s, histogram), f"p{s * 100:g}") for s in (0.5, 0.95, 0.99))


def rate(counter: str, by: str) -> str:
    return f"sum by ({by}) (rate({counter}[{WINDOW}]))"


def per_minute(counter: str, by: str) -> str:
    return f"60 * {rate(counter, by)}"
