"""`stancewire classify` is the worker's own answer, as lines come."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, get_args

import pytest
from prometheus_client import CollectorRegistry

from consumers.classifying import ClassifierSettings, build
from consumers.stances import StancesStep, judge
from consumers.targets import Watched, watch
from models.stance.gate import Encoder
from stancewire.metrics import StanceMetrics
from stancewire.records import Polarity, Quote, Stance
from stancewire.schemas import file_name
from stancewire.watchlist import Target, Watchlist
from tests.contract import golden

COMMAND = [sys.executable, "-m", "stancewire", "classify"]
THRESHOLD = 0.9
WATCHLIST = Watchlist(
    (Target(id="wall", name="the new harbour wall"), Target(id="toll", name="a road toll"))
)


@pytest.fixture(scope="module")
def quotes() -> list[Quote]:
    """The golden quotes in each polarity."""
    golden_quotes = golden.records()[file_name(Quote)]
    return [
        quote.model_copy(update={"polarity": polarity})
        for quote in golden_quotes
        if isinstance(quote, Quote)
        for polarity in get_args(Polarity)
    ]


@pytest.fixture(scope="module")
def step() -> StancesStep:
    return StancesStep(
        build(ClassifierSettings(), Encoder()),
        Watched(WATCHLIST),
        lambda: golden.NOW,
        StanceMetrics(CollectorRegistry()),
        abstain_below=THRESHOLD,
    )


@pytest.fixture(scope="module")
def stances(step: StancesStep, quotes: list[Quote]) -> list[Stance]:
    """The worker's."""
    return [stance for found in step(quotes) for stance in found]


def line(number: int, stance: Stance) -> str:
    quote = stance.quote
    row: dict[str, Any] = {
        "id": number,
        "quote": quote.text,
        "target": stance.target.name,
        "polarity": quote.polarity,
        "context": quote.context,
    }
    if quote.speaker is not None:
        row["speaker"] = quote.speaker.name
    return json.dumps(row) + "\n"


def classify(lines: Sequence[str], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options], input="".join(lines), capture_output=True, text=True, check=False
    )


def test_answers_are_the_workers_in_order(stances: list[Stance]) -> None:
    lines = [line(number, stance) for number, stance in enumerate(stances)]
    done = classify(lines, "--abstain-below", str(THRESHOLD))
    assert done.returncode == 0, done.stderr
    expected = [
        {
            "id": number,
            "label": stance.label,
            "scores": stance.scores.model_dump(),
            "abstained": stance.abstained,
        }
        for number, stance in enumerate(stances)
    ]
    assert [json.loads(answer) for answer in done.stdout.splitlines()] == expected
    assert {stance.abstained for stance in stances} == {True, False}


def test_a_denied_statement_does_not_count_as_asserted(
    step: StancesStep, quotes: list[Quote]
) -> None:
    sides = {"favor": "against", "against": "favor", "neutral": "neutral"}
    # Of what is denied the words alone are judged.
    bare = [quote.model_copy(update={"context": None}) for quote in quotes]
    found = [stance for stances in step(bare) for stance in stances]
    asserted, denied, withheld = (
        [stance for stance in found if stance.quote.polarity == polarity]
        for polarity in ("asserted", "denied", "withheld")
    )
    assert [stance.label for stance in denied] == [sides[stance.label] for stance in asserted]
    assert {stance.label for stance in asserted} > {"neutral"}
    assert {stance.label for stance in withheld} == {"neutral"}


def test_a_line_is_answered_before_the_next_one_comes(stances: list[Stance]) -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number, stance in enumerate(stances[:3]):
            process.stdin.write(line(number, stance))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
    assert process.returncode == 0


def test_a_list_of_targets_is_told_by_its_length_and_their_aliases(quotes: list[Quote]) -> None:
    listed = (
        *WATCHLIST.targets,
        Target(id="sea", name="dykes", aliases=("sea walls",), hint="keeping the sea out"),
        *(Target(id=str(number), name=f"the reform of article {number}") for number in range(60)),
    )
    encoder = Encoder()
    watched = watch(Watchlist(listed), nearest=4, encoder=encoder)
    classifier = build(ClassifierSettings(), encoder)
    by_worker = [
        stance
        for found in judge(quotes, watched, classifier, lambda: golden.NOW)
        for stance in found
    ]
    phrases = {target.id: target.phrases for target in listed}
    lines = [
        json.dumps(
            json.loads(line(number, stance))
            | {"among": len(listed), "aliases": phrases[stance.target.id]}
        )
        for number, stance in enumerate(by_worker)
    ]
    done = classify([one + "\n" for one in lines])
    assert done.returncode == 0, done.stderr
    answers = [json.loads(answer)["scores"] for answer in done.stdout.splitlines()]
    assert answers == [stance.scores.model_dump() for stance in by_worker]
    alone = classify([line(number, stance) for number, stance in enumerate(by_worker)])
    assert [json.loads(answer)["scores"] for answer in alone.stdout.splitlines()] != answers


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("among", 0),
        ("among", 2.5),
        ("among", True),
        ("aliases", ""),
        ("aliases", "a levy"),
        ("aliases", [1]),
    ],
)
def test_a_list_that_is_none_is_named(stances: list[Stance], field: str, value: Any) -> None:
    row = json.loads(line(0, stances[0])) | {field: value}
    done = classify([json.dumps(row)])
    assert done.returncode != 0
    assert f'"{field}" must be' in done.stderr
    assert "line 1" in done.stderr


def test_an_unknown_polarity_is_named(stances: list[Stance]) -> None:
    row = json.loads(line(0, stances[0])) | {"polarity": "negative"}
    done = classify([json.dumps(row)])
    assert done.returncode != 0
    assert "polarity" in done.stderr
    assert "negative" in done.stderr
    assert "line 1" in done.stderr
