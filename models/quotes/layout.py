"""Paragraphs, sentences and tokens of an article, each quotation taken as one token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes.marks import Quotation, find_quotations
from models.quotes.tokens import TITLES, Token, quoted_end, tokenise
from models.quotes.words import word_set
from stancewire.records import Span

# No sentence is longer; the rules look at every pair of cues in one, so a bound keeps them linear.
MAX_SENTENCE = 300
# Words and signs of "SAN FRANCISCO, Calif., Sept. 21, 2016 (Reuters) —".
MAX_DATELINE = 16
_STOPS = frozenset((".", "?", "!", "…"))
_STARTERS = word_set(
    "the a an he she it they we i you this that these those in on at but and so as if"
    " when while after before his her their its our my there what who how why for since"
    " although though yet however meanwhile according"
)


@dataclass(slots=True)
class Sentence:
    """Tokens of one sentence; `paragraph` counts the paragraphs of the article from 0."""

    tokens: list[Token]
    paragraph: int


@dataclass(slots=True)
class Layout:
    """An article, read: its text, quotations and sentences."""

    text: str
    quotations: list[Quotation]
    sentences: list[Sentence]
    pieces: list[Span]
    """The quoted pieces of the text, in order."""


def read_layout(text: str) -> Layout:
    """Reads an article in linear time."""
    quotations = find_quotations(text)
    sentences: list[Sentence] = []
    paragraph = 0
    current: list[Token] = []

    def finish() -> None:
        nonlocal current
        if current:
            sentences.append(Sentence(_without_dateline(current), paragraph))
            current = []

    tokens = _outer_tokens(text, quotations)
    for index, token in enumerate(tokens):
        if token.text == "\n":
            finish()
            paragraph += 1
            continue
        current.append(token)
        if token.quote is not None:
            paragraph += len(token.quote.pieces) - 1
        if len(current) >= MAX_SENTENCE or _ends_sentence(tokens, index, text):
            finish()
    finish()
    pieces = [piece for quotation in quotations for piece in quotation.pieces]
    return Layout(text, quotations, sentences, pieces)


def _without_dateline(tokens: list[Token]) -> list[Token]:
    """Drops "DALLAS, Nov. 3 (AP) —", which is no part of the sentence after it."""
    first = tokens[0].text
    if not (first.isupper() and len(first) > 2):
        return tokens
    for index, token in enumerate(tokens[1:MAX_DATELINE], start=1):
        if token.text in ("—", "–", "-", "--"):
            return tokens[index + 1 :] or tokens
        if token.quote is not None or (
            token.is_word and token.text == token.lower and (token.text.isalpha())
        ):
            return tokens
    return tokens


def _outer_tokens(text: str, quotations: Sequence[Quotation]) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    for quotation in quotations:
        tokens.extend(tokenise(text, position, quotation.start))
        raw = text[quotation.start : quotation.end]
        tokens.append(Token(raw, "", quotation.start, quotation.end, quotation))
        position = quotation.end
    tokens.extend(tokenise(text, position))
    return tokens


def _ends_sentence(tokens: Sequence[Token], index: int, text: str) -> bool:
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if following is None or following.text == "\n":
        return True
    if following.text in (".", "?", "!", "…", ")", "]", "..", "...") and following.quote is None:
        return False
    if token.quote is not None:
        return _quote_ends_sentence(token, tokens, index)
    if token.text in _STOPS or token.text.startswith(".."):
        return following.quote is not None or not (
            following.text[0].islower() or following.text in ",;:—–―"
        )
    if token.text in (")", "]") and index > 0 and tokens[index - 1].text in _STOPS:
        return not following.text[0].islower()
    if token.text[-1] == "." and len(token.text) > 1:
        if token.lower.rstrip(".") in TITLES or len(token.text) == 2:
            return False
        return following.is_capital and following.lower in _STARTERS
    return False


def _quote_ends_sentence(token: Token, tokens: Sequence[Token], index: int) -> bool:
    last = quoted_end(token)
    following = tokens[index + 1]
    if following.quote is not None:
        return last in ".?!…"
    if last == ".":
        return not following.text[0].islower() and following.text not in ",;:—–―-)"
    if last in "?!…":
        # `"Why?" Smith asked.` goes on; `"Why?" The room was silent for long.` does not.
        if not following.is_capital:
            return False
        for later in tokens[index + 2 : index + 9]:
            if later.lower in _SAYING:
                return False
            if later.text == "\n" or later.text in _STOPS or later.text == ",":
                return True
        return True
    return False


_SAYING = word_set(
    "said says asked asks added wrote told tweeted replied shouted yelled responded"
    " continued exclaimed quipped joked wondered recalled"
)
