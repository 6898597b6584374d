"""Quotation marks of every style, paired into the outermost quotations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.quotes.marks import find_quotations


def quoted(text: str) -> list[list[str]]:
    return [
        [text[start:end] for start, end in quotation.pieces] for quotation in find_quotations(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "no" twice.', ['"no"']),
        ("She said “no” twice.", ["“no”"]),
        ("Elle a dit « non » hier.", ["« non »"]),
        ("Er sagte »nein« gestern.", ["»nein«"]),
        ("Er sagte „nein“ gestern.", ["„nein“"]),
        ("Hon sade ”nej” i går.", ["”nej”"]),
        ("''Never,'' he said.", ["''Never,''"]),
        ("``Never,'' he said.", ["``Never,''"]),
        ("‘I won’t go,’ she said.", ["‘I won’t go,’"]),
        ("'It isn't ours,' he said, 'or theirs.'", ["'It isn't ours,'", "'or theirs.'"]),
        ("彼は「いいえ」と言った。", ["「いいえ」"]),
    ],
)
def test_each_style_is_paired(text: str, expected: list[str]) -> None:
    assert quoted(text) == [[piece] for piece in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\"He told me, 'Leave now,' and I left,\" she said.", 1),
        ("“He told me, ‘Leave now,’ and I left,” she said.", 1),
        ("‘He said “no” to me,’ she said.", 1),
        ("«Il a dit “non” hier», dit-elle.", 1),
    ],
)
def test_nested_quotations_keep_the_outermost(text: str, expected: int) -> None:
    found = quoted(text)
    assert len(found) == expected
    assert found[0][0].startswith(text[0])
    assert found[0][0].endswith(text[0].translate(str.maketrans("“‘«", "”’»")))


@pytest.mark.parametrize(
    "text",
    [
        "The workers' union and the '90s band don't agree.",
        "The dogs’ owners’ club isn’t open ’til May.",
        'The shelf is 6" deep and 12" wide.',
        "Rock 'n' roll isn't dead.",
        'A stray mark " stands here.',
    ],
)
def test_apostrophes_inches_and_strays_quote_nothing(text: str) -> None:
    assert quoted(text) == []


def test_values_in_markup_are_no_quotations() -> None:
    assert quoted('<p class="lead wide" id="p 1">The mayor said "no" twice.') == [['"no"']]


def test_an_inch_sign_inside_does_not_close() -> None:
    text = '"The pipe was 6" wide and it burst," said the engineer.'
    assert quoted(text) == [['"The pipe was 6" wide and it burst,"']]


def test_reopened_marks_carry_one_quotation_over_paragraphs() -> None:
    text = "“First part.\n\n“Second part.\n\n“Third part,” she said."
    assert quoted(text) == [["“First part.", "“Second part.", "“Third part,”"]]


def test_an_unclosed_paragraph_ends_its_own_quotation() -> None:
    text = '"We never saw it coming.\n\nThe town is quiet now. "Yes," he said.'
    assert quoted(text) == [['"We never saw it coming.'], ['"Yes,"']]


@given(st.text(alphabet="\"'“”‘’«»„‚ ab.,\n6s", max_size=200))
def test_pieces_are_ordered_and_inside_one_paragraph(text: str) -> None:
    end = 0
    for quotation in find_quotations(text):
        for start, stop in quotation.pieces:
            assert end <= start < stop <= len(text)
            assert "\n" not in text[start:stop]
            end = stop


def test_a_straight_mark_without_a_partner_is_debris_among_curly_ones() -> None:
    text = (
        '"It was late when Ines Roth came home.\n\n“You are late,” her son said. “Very late.”\n\n'
        '"The kitchen was cold.\n\n“I am,” she said. “I know.”'
    )
    found = [text[quotation.start : quotation.end] for quotation in find_quotations(text)]
    assert found == ["“You are late,”", "“Very late.”", "“I am,”", "“I know.”"]
