"""The figures of the model card as pictures; needs `stancewire[train]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from models.stance.metrics import LABELS

mpl.use("Agg")


def plot_confusion(counts: Sequence[Sequence[int]], title: str, path: Path) -> None:
    """A picture (PNG) of pairs by gold label, from above, and predicted label."""
    figure, axes = plt.subplots(figsize=(4, 4), layout="constrained")
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, (numbers, of_row) in enumerate(zip(counts, shares, strict=True)):
        for column, (number, share) in enumerate(zip(numbers, of_row, strict=True)):
            colour = "white" if share > 0.5 else "black"
            axes.text(column, row, f"{number}\n{share:.0%}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(LABELS)), LABELS)
    axes.set_yticks(range(len(LABELS)), LABELS)
    axes.set_xlabel("predicted")
    axes.set_ylabel("gold")
    axes.set_title(title)
    _save(figure, path)


def plot_reliability(bins: Sequence[tuple[float, float, int]], title: str, path: Path) -> None:
    """A picture (PNG) of accuracy over mean confidence, a point a bin, as large as the bin."""
    figure, axes = plt.subplots(figsize=(4, 4), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
    confidence, accuracy, count = zip(*bins, strict=True)
    largest = max(count)
    axes.plot(confidence, accuracy, color="tab:blue", linewidth=1)
    axes.scatter(confidence, accuracy, s=[10 + 190 * n / largest for n in count])
    axes.set(xlim=(0.3, 1), ylim=(0, 1), xlabel="mean score of the label", ylabel="accuracy")
    axes.set_title(title)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    # Without a date and a version the same figures make the same file.
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)
