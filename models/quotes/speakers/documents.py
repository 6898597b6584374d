"""What polls, reports and copies are called where they speak as sources."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.speakers.sourcephrase import core_end
from models.quotes.tokens import Token
from models.quotes.words import word_set

_REPORTS = word_set("account report story article dispatch")
_POLLS = word_set("poll survey average tally website analysis study")
_COPIES = word_set("version copy transcript edition recording draft text page excerpt")


def poll_name(tokens: Sequence[Token], text: str) -> str | None:
    """ "The latest USA TODAY/Rock the Vote Poll": all of it is the name."""
    end = core_end(tokens)
    if end < 3 or not tokens[end - 1].is_capital or tokens[end - 1].lower not in _POLLS:
        return None
    first = next((at for at in range(1, end) if tokens[at].is_capital), end)
    if first >= end - 1 or tokens[0].lower not in words.DETERMINERS:
        return None
    return _between(tokens, first, end, text)


def made_by(tokens: Sequence[Token], end: int, text: str) -> str | None:
    """ "a New York Times report" speaks for the paper, "a CNN/WMUR poll" for itself."""
    head = tokens[end - 1].lower
    opened = tokens[0].lower in words.DETERMINERS
    first = next((at for at in range(int(opened), end) if tokens[at].is_capital), end)
    if first >= end - 1:
        return None
    if head in _POLLS:
        return _between(tokens, first, end, text)
    if head in _REPORTS and all(
        token.is_capital or not token.is_word for token in tokens[first : end - 1]
    ):
        return _between(tokens, first, end - 1, text)
    return None


def original(tokens: Sequence[Token]) -> Sequence[Token]:
    """What a copy is of: "an archived version of the foundation's website"."""
    while True:
        end = core_end(tokens)
        copied = 0 < end < len(tokens) - 1 and tokens[end].lower == "of"
        if not copied or tokens[end - 1].lower not in _COPIES:
            return tokens
        tokens = tokens[end + 1 :]


def _between(tokens: Sequence[Token], first: int, end: int, text: str) -> str:
    return " ".join(text[tokens[first].start : tokens[end - 1].end].split())
