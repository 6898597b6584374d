from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from stancewire import traceparent
from stancewire.errors import RecordError
from stancewire.kafka.deadletters import attempt, dead_letter
from stancewire.kafka.messages import decode, encode, header
from stancewire.records import Article
from tests.support.generated import article

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_record_survives_the_wire() -> None:
    message = encode(article(3), "articles.v1", source="test", traceparent=None)
    assert decode(Article, message.value, message.headers) == article(3)
    assert message.key == article(3).id.encode()


def test_headers_are_cloudevents_in_binary_mode() -> None:
    trace = traceparent.new()
    headers = dict(encode(article(3), "t", source="stancewire/test", traceparent=trace).headers)
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": f"{article(3).id}-1".encode(),
        "ce_type": b"stancewire.article.v1",
        "ce_source": b"stancewire/test",
        "ce_time": b"2026-03-01T12:00:00+00:00",
        "content-type": b"application/json",
        "traceparent": trace,
    }


def test_a_trace_begins_where_there_is_none() -> None:
    first, second = (
        header(encode(article(3), "t", source="s", traceparent=None).headers, "traceparent")
        for _ in range(2)
    )
    assert first != second
    assert re.fullmatch(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-01", first or b"")


@pytest.mark.parametrize(
    ("value", "ce_type", "reason", "words"),
    [
        (None, None, "empty", "no value"),
        (b"", None, "empty", "no value"),
        (b"<rss/>", None, "not_json", "not JSON"),
        (b"\xff\xfe{}", None, "not_json", "not JSON"),
        (b"[]", None, "invalid", "article"),
        (b'{"id": "a"}', None, "invalid", "text"),
        (b'{"id": 4}', None, "invalid", "id"),
        (b"{}", b"stancewire.article.v2", "unknown_version", "version 2"),
        (b"{}", b"stancewire.quote.v1", "wrong_type", "stancewire.quote.v1"),
        (b"{}", b"\xff", "wrong_type", "belongs"),
    ],
)
def test_what_is_no_record_is_named(
    value: bytes | None, ce_type: bytes | None, reason: str, words: str
) -> None:
    headers = [] if ce_type is None else [("ce_type", ce_type)]
    with pytest.raises(RecordError) as caught:
        decode(Article, value, headers)
    assert caught.value.reason == reason
    assert words in str(caught.value)


def test_plain_json_of_another_program_is_read() -> None:
    assert decode(Article, article(3).model_dump_json().encode(), []) == article(3)


def letter(headers: tuple[tuple[str, bytes], ...], error: Exception) -> dict[str, bytes]:
    message = dead_letter(
        topic="articles.v1",
        partition=2,
        offset=77,
        key=b"k",
        value=b"v",
        headers=headers,
        reason="failed",
        error=error,
        model="rules@1",
        now=NOW,
    )
    assert (message.topic, message.key, message.value) == ("articles.v1.dlq", b"k", b"v")
    assert len({name for name, _ in message.headers}) == len(message.headers)
    return dict(message.headers)


def test_a_dead_letter_says_why_and_where_and_keeps_the_original() -> None:
    headers = letter((("ce_id", b"x"),), ValueError("no"))
    assert headers == {
        "ce_id": b"x",
        "dlq_reason": b"failed",
        "dlq_error": b"ValueError: no",
        "dlq_topic": b"articles.v1",
        "dlq_partition": b"2",
        "dlq_offset": b"77",
        "dlq_attempt": b"1",
        "dlq_model": b"rules@1",
        "dlq_time": b"2026-03-01T00:00:00+00:00",
    }


def test_a_second_failure_counts_up_and_a_long_error_is_cut() -> None:
    first = tuple(letter((), ValueError("no")).items())
    second = letter(first, ValueError("x" * 100_000))
    assert second["dlq_attempt"] == b"2"
    assert len(second["dlq_error"]) == 2000
    assert attempt((("dlq_attempt", b"many"),)) == 0
