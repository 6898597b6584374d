"""Precision, recall and F1 of spans."""

from __future__ import annotations

import pytest

from models.quotes.scoring import Score, best_jaccard, exact, merge, overlap


def test_spans_that_only_white_space_parts_are_one() -> None:
    text = "one. two, three"
    assert merge([(5, 9), (0, 4)], text) == ((0, 9),)
    assert merge([(0, 4), (10, 15)], text) == ((0, 4), (10, 15))


def test_exact_wants_all_spans_of_an_item() -> None:
    gold = [((0, 4), (6, 9)), ((20, 30),)]
    found = [((0, 4),), ((20, 30),), ((40, 50),)]
    result = exact(found, gold)
    assert result.precision == pytest.approx(1 / 3)
    assert result.recall == pytest.approx(1 / 2)
    assert result.f1 == pytest.approx(0.4)


def test_overlap_wants_one_common_character() -> None:
    gold = [((0, 4), (6, 9)), ((20, 30),)]
    found = [((8, 12),), ((30, 35),)]
    result = overlap(found, gold)
    assert (result.precision, result.recall) == (0.5, 0.5)


def test_nothing_found_scores_nothing() -> None:
    result = exact([], [((0, 1),)])
    assert (result.precision, result.recall, result.f1) == (0.0, 0.0, 0.0)


def test_scores_of_articles_add_up() -> None:
    total = Score()
    total.add(exact([((0, 1),)], [((0, 1),)]))
    total.add(exact([((0, 1),)], [((5, 6),)]))
    assert (total.precision, total.recall) == (0.5, 0.5)


def test_jaccard_is_of_the_best_match() -> None:
    assert best_jaccard(((0, 10),), [((0, 5),), ((0, 8),)]) == pytest.approx(0.8)
    assert best_jaccard(((0, 10),), []) == 0.0
