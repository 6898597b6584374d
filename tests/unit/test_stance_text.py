import pytest

from models.stance.pair import Pair
from models.stance.text import encode_text, narration, plain, surroundings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It’s\n fine,”  she said", '"It\'s fine," she said'),
        ("«Oui» „ja“", '"Oui" "ja"'),
        ("``so'' it goes", '"so" it goes'),
        ("  \u00a0 ", ""),
        ("half \ud83d of it \U0001f642", "half ? of it \U0001f642"),
    ],
)
def test_plain_text_has_one_line_and_straight_marks(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_the_first_sequence_names_the_speaker() -> None:
    pair = Pair("Build it.", "the tram", speaker="Ana Ruiz")
    assert encode_text(pair) == ("Ana Ruiz: Build it.", "the tram")


@pytest.mark.parametrize("speaker", [None, "", "  "])
def test_without_a_speaker_it_is_the_quote_alone(speaker: str | None) -> None:
    assert encode_text(Pair("Build it.", "the tram", speaker=speaker))[0] == "Build it."


CONTEXT = (
    "On Monday Ana Ruiz criticised the “ring road” plan, saying it would split the town. Rain fell."
)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (
            'the "ring road" plan',
            "On Monday Ana Ruiz criticised … saying it would split the town. Rain fell",
        ),
        (
            "it would split the town",
            "On Monday Ana Ruiz criticised the plan, saying … Rain fell",
        ),
        ("On Monday Ana Ruiz criticised it would split the town", "… Rain fell"),
        ("it would join the town", ""),
        ("it would split the country", ""),
        ("...", ""),
        ("", ""),
        (plain(CONTEXT), ""),
    ],
)
def test_the_words_around_a_quote_are_found(quote: str, expected: str) -> None:
    assert surroundings(quote, plain(CONTEXT)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We must build it," Ruth Adeyemi said. "Now." Lund', "Ruth Adeyemi said. Lund"),
        ('and we must," Ruth Adeyemi said. "Now." Lund', "Ruth Adeyemi said. Lund"),
        ('Lund said it. "And what of the', 'Lund said it. "And what of the'),
        ("It's the mayors' wall, he said", "It's the mayors' wall, he said"),
        ('""', ""),
        ("", ""),
    ],
)
def test_narration_leaves_out_what_is_quoted(text: str, expected: str) -> None:
    assert narration(text) == expected


def test_what_another_speaker_says_beside_a_quote_is_not_read_as_the_speakers() -> None:
    context = (
        "“We must build it,” Ruth Adeyemi said. Tom Garrick called the plan “a waste.” "
        "“It is not,” said she."
    )
    pair = Pair("the plan “a waste.”", "the wall", "Tom Garrick", context)
    around = "Ruth Adeyemi said. Tom Garrick called … said she"
    assert encode_text(pair, with_context=True)[0] == f'Tom Garrick: the plan "a waste." [{around}]'


def test_few_words_are_taken_from_a_long_context() -> None:
    context = " ".join(["before"] * 90) + " we will not pay the toll " + " ".join(["after"] * 90)
    around = surroundings("we will not pay the toll", context).split()
    assert (around.count("before"), around.count("after")) == (24, 8)


def test_context_is_read_only_where_it_is_asked_for_and_the_words_are_asserted() -> None:
    pair = Pair("it would split the town", "the ring road", "Ana Ruiz", CONTEXT)
    denied = Pair("it would split the town", "the ring road", "Ana Ruiz", CONTEXT, "denied")
    bare = "Ana Ruiz: it would split the town"
    assert encode_text(pair)[0] == bare
    assert encode_text(denied, with_context=True)[0] == bare
    with_context = encode_text(pair, with_context=True)[0]
    assert with_context.startswith(f"{bare} [On Monday")
    assert with_context.endswith("… Rain fell]")
