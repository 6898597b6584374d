"""The shipped span model on texts of any kind, length and company."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes import Document, Statement, load_extractor
from models.quotes.span.extractor import MAX_READ, load_span_extractor, readable
from models.quotes.span.windows import LONGEST
from stancewire.errors import ModelError

EXTRACTOR = load_extractor("span")
WORDS = st.sampled_from(
    [
        "Smith", "Dana Ruiz", "said", "told", "that", "the", "officials", "she", "who", "plan",
        "and", "on", "U.S.", "’s", '"', "“", "”", "'", "«", "»", ",", ".", ":", "—", "(", ")", "\n",
    ]
)  # fmt: skip
OPENING = "The board met on Monday behind closed doors."
SENTENCE = '"We will not sell the harbour to anyone," Dana Ruiz said.'
FILLER = "The tide came in as it does every day, and the boats lay still at the old quay."


def extract(text: str) -> list[Statement]:
    return EXTRACTOR.extract([Document(text)])[0]


def check(text: str) -> None:
    end = 0
    for statement in extract(text):
        assert statement.spans
        for start, stop in statement.spans:
            assert end <= start < stop <= len(text)
            end = stop
        if statement.cue is not None:
            first, last = statement.cue.span
            assert text[first:last] == statement.cue.text
        if statement.speaker is not None:
            first, last = statement.speaker.mention_span
            assert text[first:last] == statement.speaker.mention
            assert statement.speaker.name
        assert 0.0 <= statement.confidence <= 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_statements_of_news_words_are_sound(text: str) -> None:
    check(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_statements_of_any_unicode_are_sound(text: str) -> None:
    check(text)


@pytest.mark.parametrize("before", range(0, 12, 2))
def test_a_paragraph_gives_the_same_spans_wherever_it_stands(before: int) -> None:
    opening = f"{OPENING}\n\n" * before
    shift = len(opening)
    moved = [
        [(start - shift, end - shift) for start, end in statement.spans]
        for statement in extract(opening + SENTENCE)
    ]
    assert moved == [list(statement.spans) for statement in extract(SENTENCE)] != []


def test_windows_of_a_long_paragraph_leave_no_seams() -> None:
    """A statement is found alike while the borders of the windows move over it."""
    most = 3 * LONGEST // len(FILLER.split())
    for before in range(most):
        opening = f"{FILLER} " * before
        text = f"{opening}{SENTENCE} {FILLER} {FILLER}"
        found = [[text[start:end] for start, end in item.spans] for item in extract(text)]
        assert found == [['"We will not sell the harbour to anyone,"']], before


def test_a_document_does_not_depend_on_those_beside_it() -> None:
    texts = [SENTENCE, "", f"{FILLER}\n\n{SENTENCE}", "Alan Beck denied that the board had met."]
    documents = [Document(text) for text in texts]
    assert EXTRACTOR.extract(documents) == [extract(text) for text in texts]
    assert load_span_extractor(threads=1).extract(documents) == EXTRACTOR.extract(documents)


@pytest.mark.parametrize(
    "unit", ['"', "he said, ", "“abc\n\n", "said\n", "\u200f\U0001f600\u200b "]
)
def test_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        extract(text)
        return time.process_time() - started

    seconds(500)
    # Eight times the text; a quadratic step would take 64 times as long.
    assert seconds(12_000) < 24 * seconds(1_500) + 1.0


def test_missing_weights_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_span_extractor(tmp_path)


def test_of_an_endless_text_the_model_reads_whole_paragraphs() -> None:
    assert readable(SENTENCE) == SENTENCE
    text = f"{FILLER}\n" * (2 * MAX_READ // len(FILLER))
    assert len(text) > MAX_READ > len(readable(text)) > MAX_READ - 2 * len(FILLER)
    assert readable(text).endswith(FILLER)
    assert len(readable("a" * 2 * MAX_READ)) == MAX_READ
