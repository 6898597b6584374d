import pytest

from models.stance.heads import NliHead, StanceHead, nli_texts, read_head
from models.stance.pair import Pair
from stancewire.errors import ModelError


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["favor", "against", "neutral"], StanceHead((0,), (1,), (2,))),
        (["AGAINST", "FAVOR", "NONE"], StanceHead((1,), (0,), (2,))),
        (["Con", "Neutral", "Pro"], StanceHead((2,), (0,), (1,))),
        (["support", "oppose"], StanceHead((0,), (1,), ())),
        (["in_favour_of", "against", "no stance"], StanceHead((0,), (1,), (2,))),
        (["agree", "disagree", "discuss", "unrelated"], StanceHead((0,), (1,), (2, 3))),
        (["entailment", "neutral", "contradiction"], NliHead(0)),
        (["CONTRADICTION", "NEUTRAL", "ENTAILMENT"], NliHead(2)),
        (["not_entailment", "entailment"], NliHead(1)),
    ],
)
def test_labels_are_read_in_any_order_case_and_wording(
    names: list[str], expected: StanceHead | NliHead
) -> None:
    assert read_head(dict(enumerate(names))) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["LABEL_0", "LABEL_1", "LABEL_2"],
        ["favor", "neutral"],
        ["favor", "against", "joy"],
        ["entailment", "sadness"],
        [],
    ],
)
def test_other_labels_are_refused_and_listed(names: list[str]) -> None:
    with pytest.raises(ModelError) as caught:
        read_head(dict(enumerate(names)))
    assert all(repr(name) in str(caught.value) for name in names)


def test_outputs_that_mean_the_same_stance_are_added() -> None:
    head = StanceHead(favor=(0,), against=(1,), neutral=(2, 3))
    assert head.combine([0.1, 0.2, 0.3, 0.4]) == pytest.approx((0.1, 0.2, 0.7))


def test_a_head_without_neutral_never_answers_it() -> None:
    assert StanceHead((1,), (0,), ()).combine([0.25, 0.75]) == (0.75, 0.25, 0)


@pytest.mark.parametrize(
    ("favors", "opposes", "expected"),
    [
        (1.0, 0.0, (1, 0, 0)),
        (0.0, 1.0, (0, 1, 0)),
        (0.0, 0.0, (0, 0, 1)),
        (1.0, 1.0, (0, 0, 1)),
        (0.8, 0.25, (0.6, 0.05, 0.35)),
    ],
)
def test_entailment_of_both_hypotheses_or_of_none_is_neutral(
    favors: float, opposes: float, expected: tuple[float, float, float]
) -> None:
    head = NliHead(entailment=1)
    combined = head.combine([1 - favors, favors], [1 - opposes, opposes])
    assert combined == pytest.approx(expected)


def test_hypotheses_name_the_speaker_and_the_target() -> None:
    pair = Pair("We need it “now”.", "the new  bridge", speaker="mayor Lund")
    assert nli_texts(pair) == (
        'Mayor Lund said: We need it "now".',
        "Mayor Lund is in favor of the new bridge.",
        "Mayor Lund is against the new bridge.",
    )


def test_a_pair_without_speaker_has_hypotheses_too() -> None:
    premise, favors, opposes = nli_texts(Pair("No.", "it"))
    assert premise == "The speaker said: No."
    assert (favors, opposes) == ("The speaker is in favor of it.", "The speaker is against it.")
