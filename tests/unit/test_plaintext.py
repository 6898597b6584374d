from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.plaintext import clean, clean_in_place, html_to_text, one_line


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<p>One.<p>Two.", "One.\n\nTwo."),
        ("One.<br>Two.<br/><br/>Three.", "One.\nTwo.\n\nThree."),
        ("a<b>b</b>c <i> d </i>e", "abc d e"),
        ("<div><div>a</div>b</div>c", "a\n\nb\n\nc"),
        ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\n\nc"),
        ("AT&amp;T &lt;b&gt; &eacute; &#8220;q&#8221; a&nbsp;b", "AT&T <b> é “q” a b"),
        ("x<script>y</script><style>z</style><noscript>n</noscript>", "x"),
        ("x <iframe src='a'/> y <script src='b'/> z", "x y z"),
        ("<!-- c -->", ""),
        ("", ""),
        ("<", "<"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("<pre>a\n  b\n\nc</pre>d", "a\nb\n\nc\n\nd"),
        ("<html><head><title>t</title></head><body>b</body></html>", "b"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("a\0b\x01c\ud800d", "abcd"),
        ("<p>one\ntwo\r\nthree</p>", "one two three"),
        ("<custom-tag>a <other>b</other></custom-tag>", "a b"),
        ("<p>open <b>bold <i>both", "open bold both"),
    ],
)
def test_html_to_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.text())
def test_what_is_left_is_plain(text: str) -> None:
    for cleaned in (clean(text), html_to_text(text)):
        assert not {c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
        cleaned.encode("utf-8")


@given(st.text())
def test_cleaning_in_place_keeps_offsets(text: str) -> None:
    cleaned = clean_in_place(text)
    assert len(cleaned) == len(text)
    assert all(new in (old, " ") for new, old in zip(cleaned, text, strict=True))


def test_one_line() -> None:
    assert one_line(" a\r\n b\u2028c\ufeff\t d ") == "a b c d"


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<p>x ", "&lt;", "<", "<a href='", "<br>"])
def test_time_grows_with_length_only(piece: str) -> None:
    began = time.monotonic()
    html_to_text(piece * 100_000)
    assert time.monotonic() - began < 10
