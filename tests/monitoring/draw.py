"""Draws the dashboards from a real Prometheus that watches a real pipeline for some minutes.

python -m tests.monitoring.draw OUT [--seconds N]

Writes a PNG a board; needs matplotlib, which the train extra brings. In the last third a worker is
killed for half a minute, so that there is something to see.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import datetime
from pathlib import Path

import matplotlib
import matplotlib.dates
import matplotlib.pyplot as plt

from deploy.grafana.board import Board, Panel
from deploy.grafana.build import BOARDS
from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.chaos.site import GrowingSite
from tests.monitoring.pipeline import FEEDS, WINDOW_S, Pipeline, faster
from tests.support.apache_kafka import ApacheKafka, free_port
from tests.support.prometheus import Prometheus

# Long enough for the alert, on the faster clock.
DOWN_S = 30.0


def draw(board: Board, prometheus: Prometheus, seconds: float, path: Path) -> None:
    """All panels of a board over the last so many seconds."""
    columns = max(len(panels) for panels in board.rows.values())
    figure, axes = plt.subplots(
        len(board.rows), columns, figsize=(6 * columns, 3.4 * len(board.rows)), squeeze=False
    )
    for row, (heading, panels) in zip(axes, board.rows.items(), strict=True):
        for place in row[len(panels) :]:
            place.set_visible(False)
        for place, panel in zip(row, panels, strict=False):
            _draw(panel, prometheus, seconds, place)
        row[0].set_ylabel(heading, fontweight="bold")
    figure.suptitle(board.title)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)


def _draw(panel: Panel, prometheus: Prometheus, seconds: float, place: plt.Axes) -> None:
    place.set_title(f"{panel.title} ({panel.unit})", fontsize=10)
    for query in panel.queries:
        expr = faster(query.expr.replace("$__rate_interval", f"{WINDOW_S}s"))
        for series in prometheus.query_range(expr, seconds):
            name = query.legend
            for label, value in series["metric"].items():
                name = name.replace("{{" + label + "}}", value)
            times = [datetime.fromtimestamp(float(at)) for at, _ in series["values"]]
            place.plot(times, [float(value) for _, value in series["values"]], label=name)
    place.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%H:%M"))
    place.xaxis.set_major_locator(matplotlib.dates.MinuteLocator())
    place.set_ylim(bottom=0)
    place.legend(fontsize=7)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.monitoring.draw", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=240.0)
    arguments = parser.parse_args()
    matplotlib.use("Agg")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        broker = ApacheKafka(Path(scratch) / "kafka")
        broker.start()
        kafka = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
        topics.create(kafka, partitions=3, replication_factor=1)
        seconds = arguments.seconds
        with GrowingSite(free_port(), int(seconds), FEEDS, seconds, dated=True) as site:
            pipeline = Pipeline(kafka, site, Path(scratch))
            try:
                for program in pipeline.programs.values():
                    program.wait_ready()
                site.begin()
                time.sleep(seconds * 2 / 3)
                pipeline.kill("consume stances")
                time.sleep(DOWN_S)
                pipeline.restart("consume stances")
                time.sleep(max(0.0, seconds / 3 - DOWN_S))
                for board in BOARDS:
                    path = arguments.out / f"{board.id}.png"
                    draw(board, pipeline.prometheus, seconds, path)
            finally:
                pipeline.stop()
                broker.stop()


if __name__ == "__main__":
    main()
