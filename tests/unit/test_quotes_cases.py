"""The shipped extractor on every case that known systems get wrong; the texts are in data/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.said import Case, extract, read_cases

DATA = Path(__file__).parent / "data"
CASES = [
    case for name in ("quotes_shapes.txt", "quotes_sources.txt") for case in read_cases(DATA / name)
]


@pytest.mark.parametrize("case", CASES, ids=[case.section.replace(" ", "_") for case in CASES])
def test_all_statements_of_a_text_are_found(case: Case) -> None:
    assert extract(case.text) == case.expected


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "Mayor Alan Petrie denied that the bridge had been closed for a film.",
            "Alan Petrie",
            "the bridge had been closed",
        ),
        (
            "The company denied that it had dumped oil in the bay.",
            "The company",
            "it had dumped oil",
        ),
        (
            "The ministry denied reports that it had lost the files.",
            "The ministry",
            "it had lost the files",
        ),
        (
            "Oleg Brandt did not deny that he had met the dealer.",
            "Oleg Brandt",
            "he had met the dealer",
        ),
        (
            "Oleg Brandt never said that the paintings were his.",
            "Oleg Brandt",
            "the paintings were his",
        ),
        (
            "Banker Simone Weil-Katz declined to say whether she would resign.",
            "Simone Weil-Katz",
            "whether she would resign",
        ),
        (
            "A spokeswoman for the airline would not say how many seats had been sold.",
            "A spokeswoman for the airline",
            "how many seats had been sold",
        ),
        (
            "Tariq Nasser did not say why the ship had turned back.",
            "Tariq Nasser",
            "why the ship had turned back",
        ),
        (
            "Coach Ivo Maric refused to comment on the transfer.",
            "Ivo Maric",
            "the transfer",
        ),
    ],
)
def test_denials_and_refusals_have_their_source(text: str, speaker: str, words: str) -> None:
    """Whether "to say" is of the cue or of the content is not asserted."""
    (found,) = extract(text)
    assert (found.kind, found.speaker) == ("indirect", speaker)
    assert words in found.contents[-1]
