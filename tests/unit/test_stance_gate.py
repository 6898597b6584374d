"""Which targets of a long list a quote is judged against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stance.gate.gate import Gate
from models.stance.gate.index import Embedding, TargetIndex, Weights
from models.stance.pair import Pair

WEIGHTS = Weights(whole=2.0, words=3.0, bias=-1.0)


def unit(vectors: np.ndarray) -> np.ndarray:
    scaled: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled.astype(np.float32)


def embedding(rng: np.random.Generator, words: int) -> Embedding:
    return Embedding(unit(rng.normal(size=8)), unit(rng.normal(size=(words, 4))))


def plainly(quote: Embedding, phrase: Embedding) -> float:
    best = [max(float(word @ other) for other in quote.words) for word in phrase.words]
    near = float(quote.whole @ phrase.whole)
    return WEIGHTS.whole * near + WEIGHTS.words * sum(best) / len(best) + WEIGHTS.bias


@given(
    seed=st.integers(0, 2**32 - 1),
    targets=st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=3), max_size=6),
    words=st.integers(1, 9),
)
def test_stacked_scores_are_those_of_each_phrase_by_itself(
    seed: int, targets: list[list[int]], words: int
) -> None:
    rng = np.random.default_rng(seed)
    embedded = [[embedding(rng, length) for length in lengths] for lengths in targets]
    quote = embedding(rng, words)
    expected = [max(plainly(quote, phrase) for phrase in phrases) for phrases in embedded]
    scores = TargetIndex(embedded, WEIGHTS).scores(quote)
    assert scores.tolist() == pytest.approx(expected, abs=1e-5)


class Alphabet:
    """A text means its first letter: equal letters are near, all others far."""

    weights = Weights(whole=1.0, words=1.0, bias=0.0)

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        places = [ord(text[0].lower()) % 32 for text in texts]
        letters = np.eye(32, dtype=np.float32)
        return [Embedding(letters[place], letters[[place]]) for place in places]


def chosen(
    quote: str, *targets: Sequence[str], nearest: int = 1, context: str | None = None
) -> list[int]:
    gate = Gate(Alphabet(), targets, nearest)
    return gate.choose([Pair(quote, "", context=context)])[0]


def test_what_is_nearest_in_meaning_is_chosen() -> None:
    assert chosen("dams drown valleys", ["the wall"], ["Dutch dykes"], ["a toll"]) == [1]


def test_one_near_phrase_of_a_target_is_enough() -> None:
    assert chosen("dams drown valleys", ["the wall"], ["a toll", "defences"], ["rain"]) == [1]


@pytest.mark.parametrize("text", ["We need the WALL.", "“Walls? No: the wall!”"])
def test_what_is_named_comes_before_what_is_near(text: str) -> None:
    assert chosen(text, ["water"], ["the Wall"]) == [1]
    assert chosen(text, ["water"], ["the Wall"], nearest=2) == [0, 1]


def test_an_alias_names_a_target_and_a_part_of_a_name_does_not() -> None:
    quote = "we never saw the harbour"
    assert chosen(quote, ["the harbour wall", "a quay"], ["a basin", "the harbour"]) == [1]


def test_a_name_in_the_words_around_the_quote_counts() -> None:
    context = "Of the toll Lund said: nobody wants to pay it, and we will not."
    targets = (["notes"], ["the toll"])
    assert chosen("nobody wants to pay it", *targets, context=context) == [1]
    assert chosen("nobody wants to pay it", *targets) == [0]


def test_all_that_are_named_are_chosen_however_many() -> None:
    assert chosen("a dam, a wall, a toll", ["dunes"], ["the dam"], ["walls", "the wall"]) == [1, 2]


def test_equally_near_targets_are_taken_in_their_order() -> None:
    assert chosen("quiet", *[[name] for name in ("a", "b", "c", "d")], nearest=2) == [0, 1]


@given(st.lists(st.sampled_from(["dune", "wall", "toll", "rain", "dust"]), max_size=12))
def test_so_many_are_chosen_as_asked_for_in_ascending_order(names: list[str]) -> None:
    places = chosen("said nothing", *[[name] for name in names], nearest=4)
    assert places == sorted(set(places))
    assert len(places) == min(4, len(names))


def test_without_quotes_or_targets_nothing_is_chosen() -> None:
    assert Gate(Alphabet(), [["a"]], 1).choose([]) == []
    assert chosen("dust", *[]) == []
