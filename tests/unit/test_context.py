from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consumers.quotes import CONTEXT_CHARS, context_of, extract_quotes
from models.quotes import load_extractor
from tests.support.generated import article

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.text(max_size=3000), st.integers(0, 3000), st.integers(0, 200))
def test_context_holds_the_statement_and_is_bounded(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    context = context_of(text, start, end)
    assert text[start:end].strip() in context
    assert context in text
    assert len(context) <= end - start + 2 * CONTEXT_CHARS


def test_context_is_cut_at_paragraphs() -> None:
    far = "Far away. " * 60
    text = f"{far}\n\nNear before.\n\nThe statement.\n\nNear after.\n\n{far}"
    start = text.index("The statement.")
    assert context_of(text, start, start + 14) == "Near before.\n\nThe statement.\n\nNear after."


def test_an_article_in_company_gives_the_quotes_that_it_gives_alone() -> None:
    articles = [article(number) for number in range(6)]
    together = extract_quotes(articles, load_extractor(), NOW)
    alone = [extract_quotes([one], load_extractor(), NOW)[0] for one in articles]
    assert together == alone
    assert all(together)
