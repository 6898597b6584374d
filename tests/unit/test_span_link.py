"""Which marked spans make one attribution."""

from __future__ import annotations

import time

import numpy as np

from models.quotes.span.labels import CONTENT, CUE, PARTS, SOURCE
from models.quotes.span.link import link
from models.quotes.span.tagger import Marked

GAPS = 4
NO_BIAS = np.zeros((len(PARTS), len(PARTS), GAPS))


def mark(part: int, place: int, group: int, paragraph: int = 0) -> Marked:
    """A span whose vectors agree with those of its own group and with no others."""
    vector = np.full(8, -1.0)
    vector[group] = 3.0
    return Marked((place, place + 1), part, paragraph, vector, vector, 1.0)


def places(marked: list[Marked]) -> list[tuple[int | None, int | None, list[int]]]:
    return [
        (
            None if item.cue is None else item.cue.span[0],
            None if item.source is None else item.source.span[0],
            [content.span[0] for content in item.contents],
        )
        for item in link(marked, NO_BIAS)
    ]


def test_each_span_goes_with_its_own_cue() -> None:
    marked = [
        mark(CONTENT, 0, 1),
        mark(SOURCE, 1, 1),
        mark(CUE, 2, 1),
        mark(CONTENT, 3, 1),
        mark(SOURCE, 4, 2),
        mark(CUE, 5, 2),
        mark(CONTENT, 6, 2),
    ]
    assert places(marked) == [(2, 1, [0, 3]), (5, 4, [6])]


def test_a_cue_has_one_source() -> None:
    marked = [mark(SOURCE, 0, 1), mark(CUE, 1, 1), mark(SOURCE, 2, 1), mark(CONTENT, 3, 1)]
    ((cue, source, contents),) = places(marked)
    assert cue == 1
    assert source in (0, 2)
    assert contents == [3]


def test_a_content_that_no_cue_wants_stands_alone() -> None:
    marked = [mark(CUE, 0, 1), mark(CONTENT, 1, 1), mark(CONTENT, 2, 5)]
    assert places(marked) == [(0, None, [1]), (None, None, [2])]


def test_paragraphs_are_apart() -> None:
    marked = [mark(CUE, 0, 1), mark(CONTENT, 1, 1, paragraph=1)]
    assert places(marked) == [(0, None, []), (None, None, [1])]


def test_spans_far_apart_are_not_joined() -> None:
    between = [mark(CUE, place, 2) for place in range(1, GAPS + 2)]
    marked = [mark(CONTENT, 0, 1), *between, mark(CUE, 90, 1)]
    assert places(marked)[-1] == (None, None, [0])


def test_time_is_linear_in_the_spans() -> None:
    def seconds(count: int) -> float:
        marked = [mark(place % len(PARTS), place, place % 7) for place in range(count)]
        started = time.process_time()
        link(marked, NO_BIAS)
        return time.process_time() - started

    seconds(100)
    # Eight times the spans; a quadratic step would take 64 times as long.
    assert seconds(16_000) < 24 * seconds(2_000) + 0.5
