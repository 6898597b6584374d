"""Windows tile a text and hold whole paragraphs where these fit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.quotes.span.windows import LONGEST, STRIDE, cut

LENGTHS = st.lists(st.integers(min_value=1, max_value=3 * LONGEST), max_size=8)


def numbers(lengths: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(lengths)), lengths)


@given(LENGTHS)
def test_the_kept_parts_tile_the_text(lengths: list[int]) -> None:
    paragraph = numbers(lengths)
    position = 0
    for window in cut(paragraph):
        assert window.keep == position
        assert window.start <= window.keep < window.until <= window.end
        assert window.end - window.start <= LONGEST
        position = window.until
    assert position == len(paragraph)


@given(LENGTHS)
def test_pieces_inside_a_long_paragraph_are_read_with_what_stands_around_them(
    lengths: list[int],
) -> None:
    paragraph = numbers(lengths)
    edges = {0, len(paragraph), *(np.flatnonzero(np.diff(paragraph)) + 1).tolist()}
    margin = (LONGEST - STRIDE) // 2
    for window in cut(paragraph):
        assert window.start in edges or window.keep - window.start >= margin
        assert window.end in edges or window.end - window.until >= margin


@given(LENGTHS)
def test_a_paragraph_is_cut_only_if_it_fits_in_no_window(lengths: list[int]) -> None:
    paragraph = numbers(lengths)
    for window in cut(paragraph):
        for edge in (window.start, window.end):
            if 0 < edge < len(paragraph) and paragraph[edge - 1] == paragraph[edge]:
                assert lengths[paragraph[edge]] > LONGEST


@given(LENGTHS)
def test_neighbours_that_fit_in_one_window_share_one(lengths: list[int]) -> None:
    windows = cut(numbers(lengths))
    for one, other in pairwise(windows):
        first = numbers(lengths)[other.start]
        assert one.end > other.start or one.end - one.start + lengths[first] > LONGEST
