"""Reads the names of an article: runs of capitals with what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.layout import Layout
from models.quotes.speakers.clusters import join_names
from models.quotes.speakers.entities import Registry
from models.quotes.speakers.found import Found
from models.quotes.speakers.namewords import KINDS
from models.quotes.speakers.roles import (
    group_after,
    group_before,
    is_office,
    role_after,
    role_before,
)
from models.quotes.speakers.titles import is_certain_verb, is_verb, runs, take_apart
from models.quotes.speakers.wordlists import is_given
from models.quotes.tokens import Token, is_adverb, tokenise

# A headline has at least so many long words, nearly all of them with a capital.
MIN_HEADLINE_WORDS = 4
HEADLINE_SHARE = 0.85
_MODALS = words.word_set("will would can could may might must should did does do has had have")
_GENITIVE = ("'s", "’s", "'", "’")


def read_names(layout: Layout) -> Registry:
    """All names of an article, those of one person or organisation joined, in linear time.

    Names in quotations and headlines tell the fullest name, but are no mentions.
    """
    found: list[Found] = []
    for index, sentence in enumerate(layout.sentences):
        headline = is_headline(sentence.tokens)
        found.extend(_names(_Stream(sentence.tokens, index, False, headline), layout.text))
        for token in sentence.tokens:
            if token.quote is not None:
                inner = tokenise(layout.text, token.start + 1, token.end)
                found.extend(_names(_Stream(inner, index, True, False), layout.text))
    found.sort(key=lambda item: item.phrase.start)
    common = {
        token.text
        for sentence in layout.sentences
        for token in sentence.tokens
        if token.quote is None and token.text == token.lower
    }
    return join_names(found, common)


@dataclass(frozen=True, slots=True)
class _Stream:
    """The words outside of quotations of a sentence, or those of one quotation."""

    tokens: Sequence[Token]
    sentence: int
    quoted: bool
    headline: bool


def is_headline(tokens: Sequence[Token]) -> bool:
    """Whether a sentence is written in capitals: "Sanders Vows To Eliminate Breaks"."""
    long = [token for token in tokens if token.is_word and len(token.text) > 3]
    capital = sum(token.is_capital for token in long)
    if any(token.quote is not None and " " in token.text for token in tokens):
        return False
    if len(long) < MIN_HEADLINE_WORDS or capital < HEADLINE_SHARE * len(long):
        return False
    # A list of names has no small words or verbs with a capital.
    return any(
        token.is_capital
        and (
            token.lower in words.PREPOSITIONS | words.CONJUNCTIONS | words.AUXILIARIES
            or is_certain_verb(token.lower)
        )
        for token in tokens[1:]
    )


def _names(stream: _Stream, text: str) -> Iterator[Found]:
    tokens = stream.tokens
    for first, end in runs(tokens):
        if stream.headline:
            yield from _headline_names(stream, first, end, text)
        else:
            item = _name(stream, first, end, text)
            if item is not None:
                yield item


def _name(stream: _Stream, first: int, end: int, text: str) -> Found | None:
    tokens = stream.tokens
    phrase = take_apart(tokens, first, end, text)
    if phrase is None:
        return None
    single = end - first == 1
    if single and (tokens[first].lower in KINDS or is_office(tokens[first].lower)):
        return None
    if single and is_verb(tokens[first].lower) and (first == 0 or not verb_follows(tokens, end)):
        return None
    following = tokens[end] if end < len(tokens) else None
    before = tokens[first - 1] if first > 0 else None
    plain = phrase.first == first
    role = role_before(tokens, first, phrase.first, text)
    return Found(
        phrase,
        stream.sentence,
        role=role,
        described=role_after(tokens, end, text),
        kind=group_after(tokens, end, text)
        or (group_before(tokens, first, text) if plain else None),
        owns=following is not None and following.text in _GENITIVE,
        governed=_is_governed(tokens, first),
        acts=verb_follows(tokens, end) or (before is not None and before.lower in _MODALS),
        definite=before is not None and before.lower == "the" and plain and role is None,
        located=before is not None and before.lower in ("in", "at", "on", "from", "near"),
        quoted=stream.quoted,
        headline=False,
        inside=first > 0 or " " in phrase.name,
        modifies=modifies(tokens, end),
        acronym=_acronym(tokens, end),
    )


def verb_follows(tokens: Sequence[Token], end: int) -> bool:
    """Whether a verb follows that makes the name its subject."""
    while end < len(tokens) and is_adverb(tokens[end]):
        end += 1
    return end < len(tokens) and (
        tokens[end].lower in words.AUXILIARIES - {"'s"}
        or (tokens[end].text == tokens[end].lower and is_verb(tokens[end].lower))
    )


def _is_governed(tokens: Sequence[Token], first: int) -> bool:
    """Whether a preposition or verb governs the name at `first`, over "the" or "A and"."""
    at = first - 1
    while at > 0 and (
        tokens[at].lower in words.DETERMINERS
        or (tokens[at].lower == "and" and tokens[at - 1].is_capital)
        or (tokens[at].is_capital and tokens[at + 1].lower == "and")
    ):
        at -= 1
    if at < 0:
        return False
    before = tokens[at]
    return before.lower in words.PREPOSITIONS or (
        before.text == before.lower and is_verb(before.lower)
    )


def modifies(tokens: Sequence[Token], end: int) -> bool:
    """Whether the name is an adjective: "the Kazakh city"."""
    if end >= len(tokens) or not tokens[end].is_word or tokens[end].text != tokens[end].lower:
        return False
    lower = tokens[end].lower
    function = words.PREPOSITIONS | words.CONJUNCTIONS | words.AUXILIARIES | words.DETERMINERS
    return not (
        lower in function
        or lower in words.SUBJECT_PRONOUNS
        or is_verb(lower)
        or is_adverb(tokens[end])
        or lower in words.TIME_WORDS
        or lower.endswith(("ed", "ing"))
    )


def _acronym(tokens: Sequence[Token], end: int) -> str | None:
    """ "Alliance to Reclaim Our Schools (AROS)"."""
    if end + 2 < len(tokens) and tokens[end].text == "(" and tokens[end + 2].text == ")":
        letters = tokens[end + 1].text.strip("\"'“”‘’")
        if letters.isupper() and 2 <= len(letters.replace(".", "")) <= 8:
            return letters
    return None


def _headline_names(stream: _Stream, first: int, end: int, text: str) -> Iterator[Found]:
    """Every word and pair of a headline: those known from the article are names."""
    tokens = stream.tokens
    at = first
    while at < end:
        phrase = None
        for size in (3, 2, 1):
            if at + size <= end and (size == 1 or is_given(tokens[at].lower)):
                phrase = take_apart(tokens, at, at + size, text)
                if phrase is not None:
                    yield Found(phrase, stream.sentence, headline=True, inside=size > 1)
        at += 1
