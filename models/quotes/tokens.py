"""Words and signs of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.quotes import words
from models.quotes.marks import Quotation
from models.quotes.words import word_set

# A period after these belongs to the word; a title is never the end of a sentence.
TITLES = word_set(
    "mr mrs ms dr sen gov rep gen col lt sgt capt maj adm cmdr prof rev hon pres st supt"
    " det messrs sens reps gov lieut fr sr atty insp cpl pvt amb"
)
ABBREVIATIONS = TITLES | word_set(
    "jan feb mar apr jun jul aug sep sept oct nov dec jr no inc corp co ltd vs etc al"
    " dept est ala ariz ark calif colo conn del fla ga ill ind kan ky la mass md mich minn"
    " miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo ave blvd rd bros assn"
    " univ mt ft approx"
)
# Abbreviations that are words too: only before a capital or a digit.
_AMBIGUOUS = word_set("no co la mass miss mo va pa id del wash ill ind mar est fr al st gen")

_TOKEN = re.compile(
    r"(?P<acronym>(?:[^\W\d_]-)?(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?(?:-[^\W_]+)*)"
    r"|(?P<clitic>['’](?:s|d|ll|ve|re|m)(?![^\W_]))"
    r"|(?P<number>\d+(?:[.,:]\d+)*[^\W_]*)"
    r"|(?P<word>[^\W_]+(?:(?:['’](?!(?:s|d|ll|ve|re|m)(?![^\W_]))|[-‑&])[^\W_]+)*)"
    r"|(?P<break>\n\s*)"
    r"|(?P<dots>\.{2,}|-{2,})"
    r"|(?P<other>[^\s\w]|_)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Token:
    """A word, a sign, or a whole quotation outside of which it stands."""

    text: str
    lower: str
    start: int
    end: int
    quote: Quotation | None = None

    @property
    def is_word(self) -> bool:
        return self.quote is None and self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.quote is None and self.text[0].isupper()


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words and signs of a part of the text; a line break is the token "\\n"."""
    tokens: list[Token] = []
    position, limit = start, len(text) if end is None else end
    while (match := _TOKEN.search(text, position, limit)) is not None:
        word, kind = match.group(), match.lastgroup
        first, position = match.span()
        if kind == "break":
            tokens.append(Token("\n", "\n", first, position))
            continue
        if (
            kind == "word"
            and position < limit
            and text[position] == "."
            and _abbreviates(text, word, position)
        ):
            position += 1
            word = text[first:position]
        tokens.append(Token(word, word.lower().replace("’", "'"), first, position))
    return tokens


def _abbreviates(text: str, word: str, period: int) -> bool:
    if len(word) == 1:
        return word.isupper() and word != "I"
    # "R-Ky." is a senator's.
    lower = word.lower().rpartition("-")[2]
    if lower not in ABBREVIATIONS or not word[0].isupper():
        return lower in ("vs", "etc") and lower == word
    if lower in _AMBIGUOUS:
        return text[period + 1 : period + 2] == " " and (
            text[period + 2 : period + 3].isupper() or text[period + 2 : period + 3].isdigit()
        )
    return True


def is_adverb(token: Token) -> bool:
    """Words that may stand between subject, auxiliary and verb."""
    return token.lower in words.ADVERBS or (
        token.lower.endswith("ly") and len(token.lower) > 4 and not token.is_capital
    )


def is_verb_like(token: Token) -> bool:
    """A finite verb, as far as a word alone can tell."""
    lower = token.lower
    return lower in words.AUXILIARIES or (
        len(lower) > 4 and lower.endswith("ed") and token.text == lower
    )


def is_month(token: Token) -> bool:
    return token.is_capital and token.lower.rstrip(".") in words.MONTHS


def quoted_end(token: Token) -> str:
    """The last character inside the marks."""
    inner = token.text.rstrip("\"“”„‟＂'‘’«»‹›」』` ")
    return inner[-1:]


def starts_large(token: Token) -> bool:
    """Whether what a quotation holds begins as a sentence does."""
    inner = token.text.lstrip("\"“”„‟＂'‘’‚«»‹›「『` ")
    return inner[:1].isupper() or inner[:1] in ("…", "[", ".")
