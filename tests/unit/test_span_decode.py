"""Tags of words under the constraint, against every possible sequence, and the spans they mark."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes.span.decode import WordSpan, best_tags, marked_spans
from models.quotes.span.labels import CONTENT, CUE, SOURCE, TAGS, allowed, begin, inside

SIZE = len(TAGS)


def is_legal(tags: tuple[int, ...]) -> bool:
    table = allowed()
    if tags[0] in [inside(part) for part in (SOURCE, CUE, CONTENT)]:
        return False
    return all(table[one, other] for one, other in pairwise(tags))


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_the_best_legal_sequence_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    emissions = rng.normal(size=(1, 4, SIZE)).astype(np.float32)
    transitions = rng.normal(size=(SIZE, SIZE)).astype(np.float32)

    def score(tags: tuple[int, ...]) -> float:
        moves = sum(transitions[pair] for pair in pairwise(tags))
        return float(emissions[0, range(4), tags].sum() + moves)

    best = max(filter(is_legal, product(range(SIZE), repeat=4)), key=score)
    assert tuple(best_tags(emissions, transitions, np.array([4]))[0]) == best


def test_a_row_does_not_depend_on_those_beside_it() -> None:
    rng = np.random.default_rng(5)
    emissions = rng.normal(size=(3, 9, SIZE)).astype(np.float32)
    transitions = rng.normal(size=(SIZE, SIZE)).astype(np.float32)
    lengths = np.array([9, 1, 5])
    together = best_tags(emissions, transitions, lengths)
    for row, length in enumerate(lengths):
        alone = best_tags(emissions[row : row + 1, :length], transitions, lengths[row : row + 1])
        assert together[row, :length].tolist() == alone[0].tolist()


@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_nothing_to_decode(shape: tuple[int, int]) -> None:
    emissions = np.zeros((*shape, SIZE), dtype=np.float32)
    lengths = np.zeros(shape[0], dtype=np.int64)
    assert best_tags(emissions, np.zeros((SIZE, SIZE)), lengths).shape == shape


def test_spans_are_read_off_the_tags() -> None:
    content = begin(CONTENT)
    tags = np.array(
        [begin(SOURCE), inside(SOURCE), begin(CUE), content, inside(CONTENT), 0, content, content]
    )
    assert marked_spans(tags) == [
        WordSpan(0, 1, SOURCE),
        WordSpan(2, 2, CUE),
        WordSpan(3, 4, CONTENT),
        WordSpan(6, 6, CONTENT),
        WordSpan(7, 7, CONTENT),
    ]
