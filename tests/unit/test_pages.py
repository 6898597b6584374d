from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from producers.pages import MAX_PAGE_BYTES, read_page
from stancewire.errors import FeedError

SENTENCES = [
    f'Point {number} of the plan is <b>costly</b>, the mayor <a href="/m">told</a> the council.'
    for number in range(1, 9)
]
CHROME = """<nav><a href="/">Home</a> <a href="/world">World news</a></nav>"""
FOOTER = "<footer><p>Copyright 2024 The Post</p><a href='/terms'>Terms</a></footer>"


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Plan is costly</title>{head}</head>"
        f"<body>{CHROME}<article><h1>Plan is costly</h1>{body}</article>{FOOTER}</body></html>"
    )


@pytest.mark.parametrize("count", [1, 2, 8])
def test_text_without_the_page_around_it(count: int) -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:count])
    text = read_page(page(body), "https://post.example/1").text
    said = "Point 1 of the plan is costly, the mayor told the council."
    assert said in text.split("\n\n")
    assert len([part for part in text.split("\n\n") if part.startswith("Point")]) == count
    assert "World news" not in text
    assert "Copyright" not in text


def test_metadata() -> None:
    head = (
        '<meta name="author" content="Ann Lee">'
        '<meta property="article:published_time" content="2024-11-05T10:00:00Z">'
    )
    found = read_page(page("".join(f"<p>{sentence}</p>" for sentence in SENTENCES), head))
    assert found.title == "Plan is costly"
    assert found.language == "en"
    assert found.authors == ("Ann Lee",)
    assert found.published_at == datetime(2024, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize("html", ["", "<html></html>", "<html><body><script>x()</script>", "\0"])
def test_a_page_without_text_is_empty(html: str) -> None:
    assert read_page(html).text == ""


def test_large_pages_are_refused() -> None:
    with pytest.raises(FeedError, match="larger than 5,000,000 bytes"):
        read_page(b"<html>" + b" " * MAX_PAGE_BYTES)


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<table><tr><td>", "<ul><li>x", "<p>"])
def test_deep_pages_end(piece: str) -> None:
    with suppress(FeedError):  # either is fine, as long as it comes to an end
        assert len(read_page("<html><body>" + piece * 20_000 + "She said no.").text) < 200_000
