"""The day of a statement, from the words around its cue."""

from __future__ import annotations

from datetime import date

import pytest

from models.quotes.dates import said_on

PUBLISHED = date(2025, 2, 28)  # a Friday


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("On Feb. 18 she said", date(2025, 2, 18)),
        ("he said on 3 February", date(2025, 2, 3)),
        ("he wrote on December 30", date(2024, 12, 30)),
        ("he wrote on Jan. 5, 2019", date(2019, 1, 5)),
        ("she said on Tuesday", date(2025, 2, 25)),
        ("she said Friday", date(2025, 2, 28)),
        ("she said last Friday", date(2025, 2, 21)),
        ("she said yesterday", date(2025, 2, 27)),
        ("she may say so", None),
        ("she said on Feb. 31", None),
        ("she said", None),
    ],
)
def test_a_clause_dates_its_statement(clause: str, expected: date | None) -> None:
    assert said_on(clause, (0, len(clause)), PUBLISHED) == expected


def test_without_the_articles_date_only_a_full_date_counts() -> None:
    assert said_on("on Feb. 18 she said", (0, 19), None) is None
    clause = "on Feb. 18, 2020, she said"
    assert said_on(clause, (0, len(clause)), None) == date(2020, 2, 18)


def test_only_the_clause_is_read() -> None:
    text = "On Feb. 18 she said it would end on March 3"
    assert said_on(text, (0, 19), PUBLISHED) == date(2025, 2, 18)
    assert said_on(text, (11, 19), PUBLISHED) is None
