"""Writes the dashboards for Grafana: `python -m deploy.grafana.build DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import GraphDrawStyle, StackingMode
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from deploy.grafana.board import Board, Panel
from deploy.grafana.feeds import FEEDS
from deploy.grafana.model import MODEL
from deploy.grafana.pipeline import PIPELINE
from deploy.grafana.stance import STANCE

BOARDS = (PIPELINE, FEEDS, STANCE, MODEL)
# Grafana's grid is this wide.
GRID = 24
HEIGHT = 8
SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")


def _panel(panel: Panel, width: int) -> timeseries.Panel:
    made = (
        timeseries.Panel()
        .title(panel.title)
        .description(panel.meaning)
        .unit(panel.unit)
        .min(0)
        .height(HEIGHT)
        .span(width)
        .draw_style(GraphDrawStyle.LINE)
        .fill_opacity(25 if panel.stacked else 5)
        .datasource(SOURCE)
    )
    if panel.stacked:
        made = made.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for number, query in enumerate(panel.queries):
        made = made.with_target(
            prometheus.Dataquery()
            .expr(query.expr)
            .legend_format(query.legend)
            .ref_id(chr(ord("A") + number))
        )
    return made


def render(board: Board) -> str:
    """The dashboard as Grafana reads it; which Prometheus to ask is chosen there."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(board.id)
        .tags(["stancewire"])
        .time("now-6h", "now")
        .refresh("30s")
        .timezone("browser")
        .with_variable(
            dashboard.DatasourceVariable("source").label("Prometheus").type("prometheus")
        )
    )
    for heading, panels in board.rows.items():
        made = made.with_row(dashboard.Row(heading))
        for panel in panels:
            made = made.with_panel(_panel(panel, GRID // len(panels)))
    return JSONEncoder(sort_keys=True, indent=2).encode(made.build()) + "\n"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for board in BOARDS:
        (folder / f"{board.id}.json").write_text(render(board), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
