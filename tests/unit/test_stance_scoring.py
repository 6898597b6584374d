import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stance.scoring import softmax, to_scores

weights = st.tuples(*[st.floats(0, 1)] * 3).filter(lambda values: sum(values) > 1e-3)


def test_softmax_of_equal_logits_is_uniform() -> None:
    assert softmax([2.0, 2.0, 2.0]) == pytest.approx([1 / 3] * 3)


def test_softmax_takes_logits_too_large_for_exp() -> None:
    assert softmax([1000.0, 0.0, -1000.0]) == pytest.approx([1.0, 0.0, 0.0])


def test_a_higher_temperature_is_less_sure() -> None:
    assert max(softmax([3.0, 1.0, 0.0], 2.0)) < max(softmax([3.0, 1.0, 0.0], 1.0))


@given(weights)
def test_scores_sum_to_one_with_six_decimals(values: tuple[float, float, float]) -> None:
    total = sum(values)
    exact = [value / total for value in values]
    scores = to_scores(*exact)
    units = [round(score * 1e6) for score in (scores.favor, scores.against, scores.neutral)]
    assert sum(units) == 1_000_000
    assert [unit / 1e6 for unit in units] == [scores.favor, scores.against, scores.neutral]
    assert [unit / 1e6 for unit in units] == pytest.approx(exact, abs=1.1e-6)
