"""Plural nouns, and those that are of people."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes.speakers.namewords import KINDS
from models.quotes.speakers.roles import GROUP_NOUNS, is_person_noun
from models.quotes.speakers.titles import is_certain_verb
from models.quotes.tokens import Token
from models.quotes.words import word_set

_PLURALS = word_set(
    "people women men children police voters media others both many some americans"
    " democrats republicans young elderly rich poor staff authorities"
)
_SINGULAR_S = word_set(
    "news politics series this his its was is has does always perhaps as yes us campus"
    " congress texas kansas process business press status thus virus bonus focus census caucus"
    " illinois arkansas massachusetts sanders plus besides towards afterwards"
)
_MEMBERS = word_set(
    "protester demonstrator activist ally aide member opponent rival guest critic friend"
    " parent relative neighbor resident supporter leader family hawk dove evangelical"
    " conservative liberal moderate progressive elite insider outsider delegate"
)


def are_people(tokens: Sequence[Token], index: int) -> bool:
    """Whether a plural noun is one for people or what they belong to."""
    token = tokens[index]
    lower = token.lower
    if not token.is_word or lower in _SINGULAR_S | {"none", "many", "some", "others"}:
        return False
    if lower in _PLURALS:
        return True
    if not lower.endswith("s") or (index + 1 < len(tokens) and is_plural(tokens[index + 1])):
        return False
    if token.is_capital:
        # "the Clintons", "the Democrats"
        return lower in KINDS or (
            index > 0 and tokens[index - 1].lower == "the" and not lower.endswith(("ss", "us"))
        )
    one = lower.removesuffix("ies") + "y" if lower.endswith("ies") else lower.removesuffix("s")
    return is_person_noun(one) or one in GROUP_NOUNS or one in _MEMBERS


def is_plural(token: Token) -> bool:
    """Whether a word is a noun in the plural, as far as the word alone can tell."""
    lower = token.lower
    if not token.is_word or lower in _SINGULAR_S:
        return False
    if lower in _PLURALS:
        return True
    if token.is_capital or len(lower) < 4 or not lower.endswith("s"):
        return False
    return not lower.endswith(("ss", "us", "is")) and not is_certain_verb(lower)
