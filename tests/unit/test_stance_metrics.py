import pytest

from models.stance.datasets import Example
from models.stance.evaluate import agreement, curve, report, table
from models.stance.metrics import (
    abstention_curve,
    class_f1,
    confusion,
    expected_calibration_error,
    is_on_topic_neutral,
    macro_f1,
    on_topic_neutral_recall,
    reliability,
)
from models.stance.pair import Pair
from stancewire.records import Label, Scores

GOLD: list[Label] = ["favor", "favor", "against", "neutral"]
SURE = Scores(favor=0.9, against=0.05, neutral=0.05)


def neutral(quote: str, target: str, device: str | None = None) -> Example:
    return Example(Pair(quote, target), "neutral", "newsquotes", device)


def test_right_answers_score_one() -> None:
    assert macro_f1(GOLD, GOLD) == 1.0


def test_f1_counts_misses_and_false_alarms() -> None:
    predicted: list[Label] = ["favor", "against", "against", "favor"]
    assert class_f1(GOLD, predicted) == {
        "favor": 0.5,
        "against": pytest.approx(2 / 3),
        "neutral": 0,
    }
    assert macro_f1(GOLD, predicted) == pytest.approx((0.5 + 2 / 3) / 3)


def test_a_set_without_neutrals_is_averaged_over_its_two_labels() -> None:
    assert macro_f1(["favor", "against"], ["favor", "neutral"]) == pytest.approx(0.5)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    gold: list[Label] = [*GOLD[:1] * 9, "against"]
    assert expected_calibration_error(gold, [SURE] * 10) == pytest.approx(0)
    assert expected_calibration_error(["against", "against"], [SURE] * 2) == pytest.approx(0.9)


def test_confusion_has_gold_in_rows() -> None:
    predicted: list[Label] = ["favor", "against", "against", "against"]
    assert confusion(GOLD, predicted) == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]


def test_asking_for_a_higher_score_answers_less_and_better() -> None:
    unsure = Scores(favor=0.3, against=0.3, neutral=0.4)
    points = abstention_curve(["favor", "favor", "against"], [SURE, SURE, unsure], (0, 0.5, 0.95))
    assert [(point.threshold, round(point.coverage, 2)) for point in points] == [
        (0, 1),
        (0.5, 0.67),
    ]
    assert points[0].macro_f1 == pytest.approx(0.5)
    assert points[1].macro_f1 == 1


def test_a_score_at_the_threshold_counts() -> None:
    (point,) = abstention_curve(["favor"], [SURE], (0.9,))
    assert point.coverage == 1


def test_reliability_tells_confidence_accuracy_and_count() -> None:
    unsure = Scores(favor=0.3, against=0.3, neutral=0.4)
    bins = reliability(["favor", "favor", "against"], [unsure, SURE, SURE])
    assert [tuple(round(figure, 6) for figure in one) for one in bins] == [
        (0.4, 0, 1),
        (0.9, 0.5, 2),
    ]


def test_certain_answers_fall_into_the_last_bin() -> None:
    certain = Scores(favor=1.0, against=0.0, neutral=0.0)
    assert expected_calibration_error(["favor"], [certain]) == 0


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (neutral("The harbour opens in May.", "the harbour fee"), True),
        (neutral("The harbour opens in May.", "the railway"), False),
        (neutral("It is as it was in there.", "what is in it"), False),
        (neutral("We shall see.", "the railway", "noncommittal"), True),
        (neutral("The harbour opens.", "the railway", "unrelated"), False),
        (Example(Pair("I like the harbour.", "the harbour"), "favor", "newsquotes"), False),
    ],
)
def test_on_topic_neutrals_share_a_content_word_or_a_device(
    example: Example, expected: bool
) -> None:
    assert is_on_topic_neutral(example) is expected


def test_recall_of_on_topic_neutrals_leaves_the_others_out() -> None:
    examples = [
        neutral("The harbour opens.", "the harbour"),
        neutral("The harbour shuts.", "the harbour"),
        neutral("The harbour opens.", "cheese"),
    ]
    assert on_topic_neutral_recall(examples, ["neutral", "favor", "favor"]) == 0.5


def test_a_report_and_its_table_show_the_figures() -> None:
    examples = [Example(Pair("Yes.", "it"), "favor", "argkp")] * 4
    figures = report("argkp", examples, [SURE] * 4, seconds=2.0)
    assert (figures.macro_f1, figures.texts_per_second) == (1.0, 2.0)
    assert figures.on_topic_neutral_recall is None
    assert table([figures]).splitlines()[-1].startswith("| argkp | 4 | 1.000 | 1.000 |")
    assert curve(figures).splitlines()[-1] == "| 0.9 | 100.0% | 1.000 |"


def test_agreement_compares_labels_not_scores() -> None:
    unsure = Scores(favor=0.4, against=0.3, neutral=0.3)
    other = Scores(favor=0.1, against=0.8, neutral=0.1)
    assert agreement([SURE, SURE], [unsure, other]) == 0.5
