"""What holds for the statements of any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes import Document, load_extractor

EXTRACTOR = load_extractor("rules")
WORDS = st.sampled_from(
    [
        "Smith", "Dana Ruiz", "said", "says", "told", "adding", "according", "to", "that", "the",
        "officials", "she", "he", "who", "called", "it", "a", "plan", '"', "“", "”", "'", "’s",
        "«", "»", ",", ".", "?", ":", "—", "(", ")", "\n", "\n\n", "U.S.", "Gov.", "and", "but",
        "on", "Feb.", "18", "urged", "him", "was", "likened", "as", "%", "-", "…",
    ]
)  # fmt: skip
SENTENCES = st.lists(WORDS, max_size=80).map(" ".join)


def check(text: str) -> None:
    statements = EXTRACTOR.extract([Document(text)])[0]
    end = 0
    for statement in statements:
        assert statement.spans
        for start, stop in statement.spans:
            assert end <= start < stop <= len(text)
            assert text[start:stop].strip() == text[start:stop]
            end = stop
        if statement.cue is not None:
            first, last = statement.cue.span
            assert text[first:last] == statement.cue.text
        if statement.speaker is not None:
            first, last = statement.speaker.mention_span
            assert text[first:last] == statement.speaker.mention
            assert statement.speaker.name
        assert 0.0 <= statement.confidence <= 1.0


@settings(max_examples=300, deadline=None)
@given(SENTENCES)
def test_statements_of_news_words_are_sound(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_statements_of_any_unicode_are_sound(text: str) -> None:
    check(text)


def test_many_documents_are_answered_in_order() -> None:
    texts = ["Dana Ruiz said that it was over.", "", "Alan Beck said that it was not."]
    names = [
        [statement.speaker.name for statement in found if statement.speaker is not None]
        for found in EXTRACTOR.extract([Document(text) for text in texts])
    ]
    assert names == [["Dana Ruiz"], [], ["Alan Beck"]]


def test_the_same_text_gives_the_same_statements() -> None:
    text = 'Dana Ruiz said no. "Never in my life," she said.'
    assert EXTRACTOR.extract([Document(text)]) == EXTRACTOR.extract([Document(text)])


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "“",
        "' ",
        "‘a ’",
        "“abc\n\n",
        "Smith, ",
        "he who ",
        "said ",
        "he said, ",
        "according to Smith, ",
        "Smith and ",
        "Smith said and told Jones that ",
        '"Hello there you all," Smith said, ',
        '"Hello there you all," he said. The senator said so. ',
        ". ",
        "a'",
        "U.S.",
        "\u200f\U0001f600\u200b ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        document = Document((unit * (length // len(unit) + 1))[:length])
        started = time.process_time()
        EXTRACTOR.extract([document])
        return time.process_time() - started

    seconds(2_000)
    short, long = seconds(8_000), seconds(64_000)
    # Eight times the text; a quadratic step would take 64 times as long.
    assert long < 24 * short + 0.5
