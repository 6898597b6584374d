"""Windows tile a text, and a paragraph's windows are its own."""

from __future__ import annotations

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
        assert len(set(paragraph[window.start : window.end].tolist())) == 1
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


@given(LENGTHS, LENGTHS)
def test_a_paragraph_is_cut_alike_wherever_it_stands(before: list[int], lengths: list[int]) -> None:
    shift = sum(before)
    alone = [
        (window.start, window.end, window.keep, window.until) for window in cut(numbers(lengths))
    ]
    moved = [
        (window.start - shift, window.end - shift, window.keep - shift, window.until - shift)
        for window in cut(numbers(before + lengths))
        if window.start >= shift
    ]
    assert moved == alone
