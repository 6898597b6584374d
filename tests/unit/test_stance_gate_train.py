"""The loss and the batches that the gate learns from."""

from __future__ import annotations

import random

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is for training only")

from models.stance.gate.train import (  # noqa: E402 (needs PyTorch)
    BATCH,
    OWN,
    Likely,
    batch_loss,
    batches,
)
from models.stance.pair import Pair  # noqa: E402


def loss(logits: list[list[float]], targets: list[str], sided: list[list[float]]) -> float:
    return float(batch_loss(torch.tensor(logits, dtype=torch.float32), targets, sided))


def test_the_loss_falls_as_the_own_sided_target_scores_higher() -> None:
    targets, sided = ["the dam", "the tax"], [[1.0], [1.0]]
    apart = loss([[4, -4], [-4, 4]], targets, sided)
    level = loss([[0, 0], [0, 0]], targets, sided)
    astray = loss([[-4, 4], [4, -4]], targets, sided)
    assert apart < level < astray
    # Two of four logits at one half, twice ln 2 for each quote; then ln 2 a row and a column.
    assert level == pytest.approx(2 * 0.6931 + 0.6931, abs=1e-3)


def test_an_own_target_without_a_side_shall_score_low() -> None:
    targets, sided = ["the dam", "the lake", "the tax"], [[1.0, 0.0], [1.0]]
    low = loss([[4, -4, -4], [-4, -4, 4]], targets, sided)
    high = loss([[4, 4, -4], [-4, -4, 4]], targets, sided)
    assert low < high


def test_what_another_quote_brings_of_its_own_targets_is_no_rival() -> None:
    targets, sided = ["the dam", "the dam"], [[1.0], [1.0]]
    assert loss([[4, 4], [4, 4]], targets, sided) == pytest.approx(
        loss([[4, -4], [-4, 4]], targets, sided)
    )


def test_a_quote_comes_once_an_epoch_with_up_to_so_many_of_its_targets() -> None:
    quotes = [
        [Likely(Pair(f"q{number}", f"t{target}"), float(target == 0)) for target in range(5)]
        for number in range(2 * BATCH + 3)
    ]
    found = list(batches(quotes, random.Random(1)))
    assert [len(batch) for batch in found] == [BATCH, BATCH]
    heads = [its[0].pair.quote for batch in found for its in batch]
    assert len(set(heads)) == len(heads)
    for batch in found:
        for its in batch:
            assert {likely.pair.quote for likely in its} == {its[0].pair.quote}
            assert len({likely.pair.target for likely in its}) == len(its) == OWN
    first_sided = sum(its[0].sided for batch in found for its in batch) / (2 * BATCH)
    assert 0.5 < first_sided < 0.9
