"""Forms of cue verbs."""

from __future__ import annotations

import pytest

from models.quotes.lexicon import inflect, load_lexicon


@pytest.mark.parametrize(
    ("verb", "irregular", "forms"),
    [
        ("argue", None, {"argue", "argues", "argued", "arguing"}),
        ("deny", None, {"deny", "denies", "denied", "denying"}),
        ("say", "said", {"say", "says", "said", "saying"}),
        ("write", "wrote/written", {"write", "writes", "wrote", "written", "writing"}),
        ("quip", "quipped=quipped", {"quip", "quips", "quipped", "quipping"}),
        ("agree", None, {"agree", "agrees", "agreed", "agreeing"}),
        ("stress", None, {"stress", "stresses", "stressed", "stressing"}),
    ],
)
def test_verbs_are_inflected(verb: str, irregular: str | None, forms: set[str]) -> None:
    assert set(inflect(verb, irregular).values()) == forms


def test_the_longest_phrase_comes_first() -> None:
    assert load_lexicon()["points"][0].lemma == "point_out"
    assert load_lexicon()["called"][0].particles


def test_every_line_is_read_and_there_are_hundreds() -> None:
    assert len(load_lexicon()) > 1000
