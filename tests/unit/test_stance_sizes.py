"""The shipped sizes: which network answers what, and what a record says of it."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.stance import Pair, load_classifier
from models.stance.cascade import SHARE, Cascade
from models.stance.load import LARGE, SIZES, SMALL, off_topic_below
from stancewire.errors import ModelError
from stancewire.records import ModelInfo, Scores
from stancewire.settings import OFF_TOPIC_BELOW, OFF_TOPIC_BELOW_SMALL

PAIRS = [
    Pair("This dam will drown three villages, and for what?", "the dam", "Mayor Lund"),
    Pair("The dam is the best thing that ever happened to this valley.", "the dam", "Ana Ruiz"),
    Pair("The council meets on Tuesday at nine.", "the dam", "a clerk"),
    Pair("It is what it is.", "the dam", "a fisherman"),
    Pair("You would have to be mad to think of it.", "the tunnel", "Zoé"),
]


class Fixed:
    """Gives the scores that it was told, and keeps what it was asked."""

    def __init__(self, name: str, scores: dict[str, Scores]) -> None:
        self.info = ModelInfo(name=name, revision=f"{name}-1")
        self.asked: list[str] = []
        self._scores = scores

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        self.asked += [pair.target for pair in pairs]
        return [self._scores[pair.target] for pair in pairs]


SURE = Scores(favor=0.9, against=0.05, neutral=0.05)
EDGE = Scores(favor=0.1, against=0.8, neutral=0.1)
UNSURE = Scores(favor=0.1, against=0.15, neutral=0.75)
OTHER = Scores(favor=0.0, against=1.0, neutral=0.0)


def networks() -> tuple[Fixed, Fixed]:
    small = Fixed("small", {"sure": SURE, "edge": EDGE, "unsure": UNSURE})
    return small, Fixed("large", {"sure": OTHER, "edge": OTHER, "unsure": OTHER})


def ask(sure_from: float) -> tuple[list[Scores], Fixed]:
    small, large = networks()
    cascade = Cascade("both", small, large, sure_from)
    return cascade.classify([Pair("q", name) for name in ("unsure", "sure", "edge")]), large


def test_the_large_network_reads_only_what_the_small_one_is_unsure_of() -> None:
    (unsure, sure, edge), large = ask(0.8)
    assert large.asked == ["unsure"]
    assert (sure, edge) == (SURE, EDGE)
    assert unsure.label == "against"
    assert unsure.favor == pytest.approx(SHARE * UNSURE.favor)
    assert unsure.neutral == pytest.approx(SHARE * UNSURE.neutral)


def test_above_one_both_networks_read_every_pair() -> None:
    scores, large = ask(math.inf)
    assert large.asked == ["unsure", "sure", "edge"]
    assert [each.label for each in scores] == ["against"] * 3


def test_nothing_in_nothing_out() -> None:
    assert Cascade("both", *networks(), 0.8).classify([]) == []


def test_both_networks_are_in_the_revision() -> None:
    info = Cascade("both", *networks(), 0.8).info
    assert (info.name, info.revision) == ("both", "small-1+large-1")


@pytest.fixture(scope="module")
def alone() -> list[list[Scores]]:
    return [load_classifier(directory).classify(PAIRS) for directory in (SMALL, LARGE)]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_says_what_its_networks_say(size: str, alone: list[list[Scores]]) -> None:
    found = load_classifier(Path(size)).classify(PAIRS)
    for scores, small, large in zip(found, *alone, strict=True):
        if small.best >= SIZES[size]:
            assert scores == small
        else:
            mean = SHARE * small.against + (1 - SHARE) * large.against
            assert scores.against == pytest.approx(mean, abs=1e-5)


def test_the_examples_reach_both_sides_of_the_cascade(alone: list[list[Scores]]) -> None:
    sure = [small.best >= SIZES["fast"] for small in alone[0]]
    assert 0 < sum(sure) < len(sure)


@pytest.mark.parametrize("size", SIZES)
def test_a_pair_has_the_same_scores_in_any_company_and_order(size: str) -> None:
    classifier = load_classifier(Path(size))
    together = classifier.classify(PAIRS)
    assert [classifier.classify([pair])[0] for pair in PAIRS] == together
    assert classifier.classify(PAIRS[::-1])[::-1] == together


def test_a_record_tells_the_sizes_apart() -> None:
    infos = {size: load_classifier(Path(size)).info for size in SIZES}
    assert len({info.name for info in infos.values()}) == len(SIZES)
    assert load_classifier().info == infos["accurate"]
    assert infos["accurate"].name == "accurate"
    assert infos["small"].revision in infos["fast"].revision
    assert infos["fast"].revision == infos["accurate"].revision


def test_shipped_sizes_are_not_for_pytorch() -> None:
    with pytest.raises(ModelError, match=r"for ONNX Runtime.*fast"):
        load_classifier(Path("fast"), runtime="torch")


@pytest.mark.parametrize("model", [None, *map(Path, SIZES), Path("some/directory/small")])
def test_only_the_smallest_size_is_asked_less(model: Path | None) -> None:
    asked = off_topic_below(model)
    assert asked == (OFF_TOPIC_BELOW_SMALL if model == Path("small") else OFF_TOPIC_BELOW)
    assert 0 < OFF_TOPIC_BELOW < OFF_TOPIC_BELOW_SMALL
