"""The CRF's losses against sums over every sequence of tags."""

from __future__ import annotations

import itertools
import math

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is for training only")

from models.quotes.span.losses import (  # noqa: E402 (needs PyTorch)
    Outputs,
    crf_loss,
    marginals,
    taught_tags_loss,
)

TAGS, WORDS = 4, 3
LENGTHS = (3, 2)


def outputs(seed: int) -> Outputs:
    torch.manual_seed(seed)
    nothing = torch.zeros(len(LENGTHS), WORDS, 1)
    emissions, transitions = torch.randn(len(LENGTHS), WORDS, TAGS), torch.randn(TAGS, TAGS)
    return Outputs(emissions, nothing, nothing, transitions, torch.zeros(1))


def mask() -> object:
    return torch.tensor([[word < length for word in range(WORDS)] for length in LENGTHS])


def chances(model: Outputs, row: int) -> dict[tuple[int, ...], float]:
    """The log-probability of every sequence of one row."""
    scores = {}
    for tags in itertools.product(range(TAGS), repeat=LENGTHS[row]):
        score = sum(float(model.emissions[row, at, tag]) for at, tag in enumerate(tags))
        score += sum(float(model.transitions[pair]) for pair in itertools.pairwise(tags))
        scores[tags] = score
    total = math.log(sum(math.exp(score) for score in scores.values()))
    return {tags: score - total for tags, score in scores.items()}


def test_the_loss_is_the_likelihood_of_the_tags() -> None:
    model = outputs(1)
    gold = torch.tensor([[1, 2, 0], [3, 1, 0]])
    expected = -(chances(model, 0)[1, 2, 0] + chances(model, 1)[3, 1]) / sum(LENGTHS)
    assert float(crf_loss(model, gold, mask())) == pytest.approx(expected, abs=1e-5)


def test_marginals_are_sums_over_sequences() -> None:
    model = outputs(2)
    single, pair = marginals(model, mask())
    table = chances(model, 0)
    expected = sum(math.exp(value) for tags, value in table.items() if tags[1] == 2)
    assert float(single[0, 1, 2]) == pytest.approx(expected, abs=1e-5)
    expected = sum(math.exp(value) for tags, value in table.items() if tags[1:] == (0, 3))
    assert float(pair[0, 1, 0, 3]) == pytest.approx(expected, abs=1e-5)
    assert float(pair[1, 1].abs().sum()) == 0.0


def test_what_a_teacher_teaches_is_a_cross_entropy_over_sequences() -> None:
    teacher, student = outputs(3), outputs(4)
    expected = 0.0
    for row in range(len(LENGTHS)):
        wanted, given = chances(teacher, row), chances(student, row)
        expected -= sum(math.exp(wanted[tags]) * given[tags] for tags in wanted)
    loss = float(taught_tags_loss(student, teacher, mask()))
    assert loss == pytest.approx(expected / sum(LENGTHS), abs=1e-5)
