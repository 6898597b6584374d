from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from producers.copies import MIN_WORDS, Copies
from stancewire.records import Article, Feed
from tests.support.generated import article as generated

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = [f"word{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{n // 100}" for n in range(700)]


def story(seed: int, paragraphs: int = 10) -> str:
    """A text of its own wording, with names and figures."""
    rng = random.Random(seed)

    def sentence() -> str:
        words = [word.strip("0123456789") + rng.choice("aeiou") for word in rng.choices(WORDS, k=9)]
        return f"{rng.choice('ABCDEFG')}{words[0]} {' '.join(words)} {rng.randrange(1000)} euros."

    return "\n\n".join(" ".join(sentence() for _ in range(3)) for _ in range(paragraphs))


def article(name: str, text: str, minutes: int = 0, **more: Any) -> Article:
    return Article(
        id=name,
        text=text,
        fetched_at=NOW + timedelta(minutes=minutes),
        feed=Feed(id=name, url="http://a.example/"),
        content_hash="x",
        **more,
    )


def copies(window_hours: float = 48, limit: int = 1000) -> Copies:
    return Copies(timedelta(hours=window_hours), limit)


@pytest.mark.parametrize("seed", range(5))
def test_copies_are_found_though_they_were_headed_and_cut(seed: int) -> None:
    known, text = copies(), story(seed)
    assert known.add(article("first", text)) is None
    headed = f"By A REPORTER | Updated 12:30\n\n{text}\n\nFollow us. All rights reserved."
    cut = "\n\n".join(text.split("\n\n")[:9])
    assert known.add(article("same", text)) == "first"
    assert known.add(article("headed", headed)) == "first"
    assert known.add(article("cut", cut)) == "first"


def test_a_copy_of_a_copy_names_the_first() -> None:
    known, text = copies(), story(1)
    known.add(article("a", text))
    known.add(article("b", text, duplicate_of="elsewhere"))
    assert known.add(article("c", f"Updated.\n\n{text}")) in ("a", "elsewhere")
    other = copies()
    other.add(article("b", text, duplicate_of="elsewhere"))
    assert other.add(article("c", text)) == "elsewhere"


def test_other_stories_and_filled_in_forms_are_no_copies() -> None:
    known = copies(limit=3000)
    assert [known.add(article(str(seed), story(seed))) for seed in range(300)] == [None] * 300
    assert [known.add(generated(number)) for number in range(1000)] == [None] * 1000
    form = (
        "{name} reported on Monday that its profit had risen to {figure} million euros in the"
        " quarter to March, from {before} million a year earlier. Shares of {name} rose by {rise}"
        " percent after the figures were published before the market opened. The board said that it"
        " expects the growth to go on for the rest of the year, and that it will propose a dividend"
        " of {cents} cents a share to the meeting in the summer, as it had done the year before."
    )
    filled = [
        form.format(name=name, figure=n + 10, before=n + 700, rise=n / 7 + 1, cents=n + 3000)
        for n, name in enumerate(("Acme", "Borealis", "Cirrus", "Delphi"))
    ]
    assert [known.add(article(text[:4], text)) for text in filled] == [None] * 4


def test_a_revision_is_no_copy_and_takes_its_place() -> None:
    known, text = copies(), story(2)
    assert known.add(article("a", text)) is None
    assert known.add(article("a", text + "\n\nCorrected.", revision=2)) is None
    assert len(known) == 1
    assert known.add(article("b", text)) == "a"
    assert known.add(article("b", text)) == "a"
    assert known.add(article("a", text)) is None


def test_the_window_and_the_limit_forget_the_oldest() -> None:
    known, text = copies(window_hours=1), story(3)
    known.add(article("a", text))
    assert known.add(article("b", text, minutes=59)) == "a"
    assert known.add(article("other", story(4), minutes=125)) is None
    assert len(known) == 1
    assert known.add(article("c", text, minutes=126)) is None
    few = copies(limit=10)
    for number in range(50):
        few.add(article(str(number), story(number), minutes=number))
    assert len(few) == 10
    assert few.add(article("old", story(39), minutes=50)) is None
    assert few.add(article("new", story(45), minutes=51)) == "45"


def test_short_texts_are_left_alone() -> None:
    known = copies()
    text = " ".join(WORDS[: MIN_WORDS - 1])
    assert known.add(article("a", text)) is None
    assert known.add(article("b", text)) is None
