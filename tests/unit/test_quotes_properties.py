"""What holds for the statements of any text at all."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes import Document, load_extractor
from models.quotes.load import EXTRACTORS, ExtractorKind

EXTRACTOR = load_extractor("rules")
ALL = {kind: load_extractor(kind) for kind in EXTRACTORS}
MEGABYTE = 1_000_000
# Words of news, so that the rules and the model find something to get wrong.
NEWS = (
    "Smith", "Dana Ruiz", "said", "says", "told", "adding", "according", "to", "that", "the",
    "officials", "she", "he", "who", "called", "it", "a", "plan", '"', "“", "”", "'", "’s",
    "«", "»", ",", ".", "?", ":", "—", "(", ")", "\n", "\n\n", "U.S.", "Gov.", "and", "but",
    "on", "Feb.", "18", "urged", "him", "was", "likened", "as", "%", "-", "…",
)  # fmt: skip
# Right to left with its marks, emoji joined and coloured, zero width, combining, full width.
FOREIGN = (
    "אמר", "„שלום”", "״", "قال", "«لا»", "؟", "\u200f", "\u202e", "\u2067", "\u2069", "\u200e",
    "😀", "👩🏽‍🚀", "🇪🇺", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "e\u0301", "\u0301",
    "ก็", "İ", "ß", "ﬁ", "𝔘", "＂", "「", "」", "《", "\u00a0", "\u2028", "\u2029", "\x85", "\x00",
    "\x1c", "\t", "\r", "\r\n", "\r\n\r\n",
)  # fmt: skip
MARKS = "\"“”„‟＂'‘’‚‛`«»‹›「」『』\n "

TEXTS = st.one_of(
    st.lists(st.sampled_from(NEWS), max_size=80).map(" ".join),
    st.lists(st.sampled_from(NEWS + FOREIGN), max_size=60).map(" ".join),
    st.lists(st.sampled_from(NEWS + FOREIGN), max_size=60).map("".join),
    st.lists(st.sampled_from((*NEWS, "\r\n", "\r\n\r\n")), max_size=60).map("\r\n".join),
    st.text(alphabet=MARKS, max_size=120),
    st.text(max_size=300),
)


def check(text: str, kind: ExtractorKind) -> None:
    statements = ALL[kind].extract([Document(text)])[0]
    end = 0
    for statement in statements:
        assert statement.spans
        for start, stop in statement.spans:
            # In order, and beyond the statement before: nothing overlaps.
            assert end <= start < stop <= len(text)
            assert text[start:stop].strip() == text[start:stop]
            end = stop
        if statement.cue is not None:
            first, last = statement.cue.span
            assert 0 <= first < last <= len(text)
            assert text[first:last] == statement.cue.text
        if statement.speaker is not None:
            first, last = statement.speaker.mention_span
            assert 0 <= first < last <= len(text)
            assert text[first:last] == statement.speaker.mention
            assert statement.speaker.name.strip()
        assert 0.0 <= statement.confidence <= 1.0


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_statements_of_the_rules_are_sound(text: str) -> None:
    check(text, "rules")


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_statements_of_the_shipped_extractor_are_sound(text: str) -> None:
    check(text, "span")


@pytest.mark.parametrize("kind", EXTRACTORS)
@pytest.mark.parametrize(
    "before", ["", "😀", "e\u0301\u0301", "\u200f\u202e", "👩🏽‍🚀👩🏽‍🚀", "𝔘𝔘."]
)
def test_offsets_count_code_points(before: str, kind: ExtractorKind) -> None:
    text = f"{before}\n\n“We stay,” Dana Ruiz said. 😀"
    found = [
        [text[start:end] for start, end in statement.spans]
        for statement in ALL[kind].extract([Document(text)])[0]
    ]
    assert ["“We stay,”"] in found


@pytest.mark.parametrize("kind", EXTRACTORS)
def test_line_ends_of_windows_part_paragraphs_too(kind: ExtractorKind) -> None:
    text = "“We stay.\n\n“We always have,” Dana Ruiz said.\n\nThe board met.\n"
    (unix,) = ALL[kind].extract([Document(text)])[0]
    windows = text.replace("\n", "\r\n")
    (found,) = ALL[kind].extract([Document(windows)])[0]
    assert [windows[start:end] for start, end in found.spans] == [
        text[start:end] for start, end in unix.spans
    ]


def test_many_documents_are_answered_in_order() -> None:
    texts = ["Dana Ruiz said that it was over.", "", "Alan Beck said that it was not."]
    names = [
        [statement.speaker.name for statement in found if statement.speaker is not None]
        for found in EXTRACTOR.extract([Document(text) for text in texts])
    ]
    assert names == [["Dana Ruiz"], [], ["Alan Beck"]]


@pytest.mark.parametrize("kind", EXTRACTORS)
def test_the_same_text_gives_the_same_statements(kind: ExtractorKind) -> None:
    text = 'Dana Ruiz said no. "Never in my life," she said.'
    extractor = ALL[kind]
    assert extractor.extract([Document(text)]) == extractor.extract([Document(text)])


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
        "“Hello there.”\n\n— Smith, a baker\n\n",
        "Smith had one answer:\n\n",
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


NASTY = {
    "straight marks": '"',
    "opening marks": "“",
    "single marks": "'",
    "alternating marks": "“”",
    "alternating families": "\"'«»",
    "newlines": "\n",
    "line ends of Windows": "\r\n",
    "one word": "a",
    "one name": "A",
    "emoji": "😀",
    "zero width": "\u200b",
    "combining": "e\u0301",
}


def repeat(unit: str, size: int) -> Document:
    """A text of so many bytes in UTF-8."""
    return Document(unit * (size // len(unit.encode())))


@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY.keys())
def test_a_megabyte_takes_about_four_times_as_long_as_a_quarter_of_one(unit: str) -> None:
    def seconds(size: int) -> float:
        document = repeat(unit, size)
        gc.collect()
        # How long the collector takes depends on what else this process holds.
        gc.disable()
        try:
            started = time.process_time()
            EXTRACTOR.extract([document])
            return time.process_time() - started
        finally:
            gc.enable()

    short = long = float("inf")
    # The least of a few runs: others use the machine, too.
    for _ in range(4):
        short, long = min(short, seconds(MEGABYTE // 4)), min(long, seconds(MEGABYTE))
        # Sixteen times if it were quadratic; below 0.05 s the clock's grain is what is measured.
        if long < max(8 * short, 0.05):
            return
    pytest.fail(f"{long / short:.1f} times as long for four times the text")


@pytest.mark.parametrize("unit", ['"', "\n", "a", "😀", "“We stay,” Dana Ruiz said.\n\n"])
def test_the_shipped_extractor_survives_a_megabyte(unit: str) -> None:
    (found,) = ALL["span"].extract([repeat(unit, MEGABYTE)])
    statements = MEGABYTE // len(unit.encode()) if "said" in unit else 0
    assert len(found) == statements
