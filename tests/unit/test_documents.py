from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.documents import article_from_json, decode, document_article, local_feed
from stancewire.errors import InputError
from stancewire.records import Article, Feed

NOW = datetime(2024, 11, 5, 12, tzinfo=UTC)
FEED = Feed(id="lines", url="file:lines.jsonl")


def document(data: bytes | str, name: str = "speech.txt") -> Article:
    raw = data.encode() if isinstance(data, str) else data
    return document_article(raw, name, feed=local_feed(name, raw), fetched_at=NOW)


def test_plain_text_with_a_head_line() -> None:
    article = document(
        "\n date 2024-11-04 This audio is created with AI assistance\r\n\r\n"
        'The mayor said: "No."\r\n\r\n  Two  spaces stay.\r\n'
    )
    assert article.text == 'The mayor said: "No."\n\n  Two  spaces stay.'
    assert article.published_at == datetime(2024, 11, 4, tzinfo=UTC)
    assert article.fetched_at == NOW


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1251"])
def test_charsets(encoding: str) -> None:
    text = "Министр сказал, что страна готова к переговорам. Он добавил: мы хотим мира."
    assert document(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("a.html", "<p>She said <b>no</b>.</p><p>He agreed.</p>"),
        ("a", "<html><body><p>She said <b>no</b>.</p><p>He agreed.</p></body></html>"),
        ("a.txt", "<!DOCTYPE html><title>t</title><p>She said no.<p>He agreed."),
    ],
)
def test_html(name: str, html: str) -> None:
    assert document(html, name).text == "She said no.\n\nHe agreed."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "has no text"),
        (b" \n\t", "has no text"),
        (b"\xef\xbb\xbf", "has no text"),
        (b"date 2024-11-05\n", "has no text"),
        (b"<html><body></body></html>", "has no text"),
        (b"%PDF-1.7\n\0\0\0", "zero bytes"),
        (b"x" * 6_000_001, "larger than 6,000,000 bytes"),
    ],
)
def test_unusable_documents_are_named(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        document(data, "bad.txt")
    assert caught.value.context == {"document": "bad.txt"}


def test_five_megabytes_go_through() -> None:
    text = "She said no. " * 400_000
    assert document(text).text == text


def test_ids_follow_name_and_content_not_folder() -> None:
    assert document("a").id == document("a").id
    assert len({document("a").id, document("b").id, document("a", "other.txt").id}) == 3
    assert local_feed("speech.txt", b"a").id.startswith("speech-txt-")


def test_undecodable_bytes_are_still_text() -> None:
    assert "caf" in decode(b"caf\xe9 \x81 \xff")


def test_line() -> None:
    article = article_from_json(
        {
            "id": "7",
            "text": "a\r\nb\0c\ud800",
            "title": "t",
            "url": "https://a.example/",
            "published_at": "2024-11-05",
            "language": "en",
            "authors": ["A"],
            "more": 1,
        },
        3,
        feed=FEED,
        fetched_at=NOW,
    )
    assert article.text == "a \nb c "
    assert (article.id, article.title, article.authors) == ("7", "t", ("A",))
    assert article.published_at == datetime(2024, 11, 5, tzinfo=UTC)


def test_line_without_an_id() -> None:
    def identify(**fields: str) -> str:
        return article_from_json(fields, 1, feed=FEED, fetched_at=NOW).id

    assert identify(text="a") == identify(text="a")
    assert len({identify(text="a"), identify(text="b"), identify(text="a", title="t")}) == 3


def test_a_number_may_be_an_id() -> None:
    assert article_from_json({"id": 5, "text": "a"}, 1, feed=FEED, fetched_at=NOW).id == "5"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({}, "'text': field required"),
        ({"text": ""}, "has no text"),
        ({"text": 5}, "'text': input should be a valid string"),
        ({"text": "a", "published_at": "soon"}, "'published_at'"),
        ({"text": "a", "authors": "A"}, "'authors'"),
        (["text"], "expected an object"),
        (None, "expected an object"),
    ],
)
def test_bad_lines_name_the_line(value: object, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        article_from_json(value, 9, feed=FEED, fetched_at=NOW)
    assert caught.value.context["line"] == 9


def test_the_first_real_article() -> None:
    shared = Path(os.environ.get("STANCEWIRE_SHARED", "../shared")) / "examples/kallas.txt"
    if not shared.exists():
        pytest.skip("the article is not here")
    data = shared.read_bytes()
    now = datetime(2025, 3, 1, tzinfo=UTC)
    feed = local_feed(shared.name, data)
    article = document_article(data, shared.name, feed=feed, fetched_at=now)
    assert article.published_at == datetime(2025, 2, 28, tzinfo=UTC)
    assert article.text.startswith("EU foreign policy chief Kaja Kallas")
    assert "audio" not in article.text
