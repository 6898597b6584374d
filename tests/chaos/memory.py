"""A picture of the workers' memory from what `tests.chaos.million` measured; needs matplotlib.

python -m tests.chaos.memory build/million/memory.csv docs/memory.png
"""

from __future__ import annotations

import csv
from pathlib import Path

import click
import matplotlib as mpl
import matplotlib.pyplot as plt

mpl.use("Agg")


@click.command(help=__doc__)
@click.argument("table", type=click.Path(exists=True, path_type=Path))
@click.argument("picture", type=click.Path(path_type=Path))
def main(table: Path, picture: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
    for worker in sorted({row["worker"] for row in rows}):
        own = [row for row in rows if row["worker"] == worker]
        minutes = [float(row["seconds"]) / 60 for row in own]
        axes.plot(minutes, [float(row["resident_mb"]) for row in own], label=worker)
    axes.set_xlabel("minutes")
    axes.set_ylabel("resident memory, MB")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main()
