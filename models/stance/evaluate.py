"""Judges a classifier on the dev parts of the stance sets, as a worker runs it.

python -m models.stance.evaluate --data DIR [--model DIR] [--prior WEIGHT] [--reference DIR]
    [--json FILE] [--plots DIR]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from models.stance.datasets import JUDGED, Example, load_split, mined_dev, swapped
from models.stance.gate import Encoder
from models.stance.load import DEFAULT, SIZES, load_classifier, off_topic_below
from models.stance.metrics import (
    LABELS,
    Abstention,
    abstention_curve,
    class_f1,
    confusion,
    expected_calibration_error,
    is_on_topic_neutral,
    macro_f1,
    on_topic_neutral_recall,
    recall,
    reliability,
)
from models.stance.pair import StanceClassifier
from models.stance.prior import Prior
from stancewire.errors import StancewireError
from stancewire.records import Label, Scores
from stancewire.settings import PRIOR_WEIGHT

# Quotes of newsquotes dev with targets of others: what most pairs of a watchlist are.
SWAPPED_PAIRS = 1000


@dataclass(frozen=True, slots=True)
class SetReport:
    """How a classifier does on one set; times are wall clock on this machine."""

    name: str
    pairs: int
    macro_f1: float
    f1: dict[Label, float]
    on_topic_neutral_recall: float | None
    neutral_recall: float | None
    calibration_error: float
    confusion: list[list[int]]
    abstention: list[Abstention]
    texts_per_second: float


def report(
    name: str, examples: Sequence[Example], answers: Sequence[Scores], seconds: float
) -> SetReport:
    """The figures of answers to examples, in the same order."""
    gold = [example.label for example in examples]
    predicted = [answer.label for answer in answers]
    has_neutral = "neutral" in gold
    has_on_topic = any(is_on_topic_neutral(example) for example in examples)
    return SetReport(
        name=name,
        pairs=len(examples),
        macro_f1=macro_f1(gold, predicted),
        f1=class_f1(gold, predicted),
        on_topic_neutral_recall=on_topic_neutral_recall(examples, predicted)
        if has_on_topic
        else None,
        neutral_recall=recall(gold, predicted, "neutral") if has_neutral else None,
        calibration_error=expected_calibration_error(gold, answers),
        confusion=confusion(gold, predicted),
        abstention=abstention_curve(gold, answers),
        texts_per_second=len(examples) / seconds,
    )


def agreement(answers: Sequence[Scores], others: Sequence[Scores]) -> float:
    """The share of pairs that two classifiers give the same label."""
    same = [one.label == other.label for one, other in zip(answers, others, strict=True)]
    return sum(same) / len(same)


def table(reports: Sequence[SetReport]) -> str:
    """The reports as a Markdown table."""
    header = ["set", "pairs", "macro-F1", *LABELS, "on-topic neutral recall"]
    header += ["neutral recall", "ECE", "texts/s"]
    rows = [header, ["---"] * len(header)]
    rows += [_row(one) for one in reports]
    return _markdown(rows)


def _row(one: SetReport) -> list[str]:
    recalls = (one.on_topic_neutral_recall, one.neutral_recall)
    return [
        one.name,
        str(one.pairs),
        f"{one.macro_f1:.3f}",
        *(f"{one.f1[label]:.3f}" for label in LABELS),
        *("" if share is None else f"{share:.3f}" for share in recalls),
        f"{one.calibration_error:.3f}",
        f"{one.texts_per_second:.0f}",
    ]


def curve(one: SetReport) -> str:
    """The abstention curve as a Markdown table."""
    rows = [["score at least", "answered", "macro-F1"], ["---"] * 3]
    rows += [
        [f"{point.threshold:.1f}", f"{point.coverage:.1%}", f"{point.macro_f1:.3f}"]
        for point in one.abstention
    ]
    return _markdown(rows)


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _plot(
    one: SetReport, examples: Sequence[Example], answers: Sequence[Scores], folder: Path
) -> None:
    # Drawing is for who trains; the figures need no matplotlib.
    from models.stance.plots import plot_confusion, plot_reliability

    folder.mkdir(parents=True, exist_ok=True)
    plot_confusion(one.confusion, f"{one.name} dev", folder / "confusion.png")
    bins = reliability([example.label for example in examples], answers)
    plot_reliability(bins, f"{one.name} dev", folder / "reliability.png")


def _timed(classifier: StanceClassifier, examples: Sequence[Example]) -> tuple[list[Scores], float]:
    started = time.perf_counter()
    answers = classifier.classify([example.pair for example in examples])
    return answers, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument(
        "--model", type=Path, help=f"{', '.join(SIZES)} or a directory (default: {DEFAULT})"
    )
    parser.add_argument(
        "--prior", type=float, default=PRIOR_WEIGHT, help="0: the classifier alone, without gate"
    )
    parser.add_argument("--reference", type=Path, help="a second model to measure agreement with")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--plots", type=Path, help="write confusion.png and reliability.png here")
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    try:
        figures = run(arguments)
    except StancewireError as error:
        sys.exit(f"evaluate: {error}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _as_run(model: Path | None, prior: float, threads: int | None) -> StanceClassifier:
    classifier = load_classifier(model, threads=threads)
    if not prior:
        return classifier
    return Prior(classifier, Encoder(threads=threads), prior, off_topic_below(model))


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Prints the table, and gives its figures."""
    classifier = _as_run(arguments.model, arguments.prior, arguments.threads)
    sets = {name: load_split(arguments.data, name, "dev") for name in JUDGED}
    rng = random.Random(0)
    sets["swapped"] = swapped(sets["newsquotes"], SWAPPED_PAIRS, rng)
    sets["mined"] = mined_dev(arguments.data)
    answers: dict[str, list[Scores]] = {}
    reports: list[SetReport] = []
    for name, examples in sets.items():
        answers[name], seconds = _timed(classifier, examples)
        reports.append(report(name, examples, answers[name], seconds))
        unseen = [row for row, example in enumerate(examples) if example.unseen]
        if unseen:
            chosen = [examples[row] for row in unseen]
            theirs = [answers[name][row] for row in unseen]
            share = seconds * len(unseen) / len(examples)
            reports.append(report(f"{name}, unseen topics", chosen, theirs, share))
    figures: dict[str, object] = {
        "model": classifier.info.model_dump(),
        "sets": [asdict(one) for one in reports],
    }
    sys.stdout.write(f"{classifier.info.name} {classifier.info.revision}\n{table(reports)}\n")
    sys.stdout.write(f"\nnewsquotes, answers by the score that is asked for\n{curve(reports[0])}\n")
    if arguments.plots:
        _plot(reports[0], sets["newsquotes"], answers["newsquotes"], arguments.plots)
    if arguments.reference:
        reference = _as_run(arguments.reference, arguments.prior, arguments.threads)
        others, _ = _timed(reference, sets["newsquotes"])
        share = agreement(answers["newsquotes"], others)
        figures["agreement"] = {"reference": reference.info.model_dump(), "newsquotes": share}
        sys.stdout.write(f"agrees with {reference.info.name} on {share:.1%} of newsquotes dev\n")
    return figures


if __name__ == "__main__":
    main()
