import pytest

from models.stance.pair import Pair
from models.stance.text import encode_text, plain


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
