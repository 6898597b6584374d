"""The people, organisations and countries that a statement names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from models.quotes import words
from models.quotes.marks import is_mark, is_single
from models.quotes.speakers.entities import Entity, Registry, bare, fold
from models.quotes.speakers.listed import listed
from models.quotes.speakers.namekinds import is_organisation, is_person
from models.quotes.speakers.names import is_headline, modifies, verb_follows
from models.quotes.speakers.titles import NamedPhrase, is_verb, runs, take_apart
from models.quotes.speakers.wordlists import is_given
from models.quotes.tokens import Token, tokenise
from models.quotes.words import word_set
from stancewire.records import NamedEntity, Span, Speaker

# Of a headline, where every word has a capital, names of so many words are looked up.
MAX_HEADLINE_NAME = 3
# Words in capitals that make a sentence a shout: a single "NATO" is a name.
MIN_SHOUTED = 3
_STOPS = frozenset((".", "?", "!", "…", "\n", ":", ";"))
# With a capital they open a sentence rather than a name.
_OPENERS = word_set(
    "give let stop keep save defend support thank blame leave send arm help make vote tell ask"
    " attack invade bomb love hate trust pay free join fund protect punish sanction maybe perhaps"
)
_BEFORE_MONTHS = words.PREPOSITIONS | word_set("last next early late mid this and")
_PLACING = word_set("in at near from around across outside downtown")
# They stand before countries that are adjectives of what follows: "U.S. officials".
_ABBREVIATION = re.compile(r"[A-Z](?:\.?[A-Z])+\.?")
_JOINED = re.compile(r",\s+and\s+|,\s+|\s+and\s+")


def mentioned(
    text: str, spans: Sequence[Span], registry: Registry, speaker: Speaker | None
) -> tuple[NamedEntity, ...]:
    """What the spans of a statement name but its speaker, in order, each once, in linear time."""
    speakers = _names_of(speaker)
    found: dict[str, NamedEntity] = {}
    for start, end in spans:
        for segment, quoted in _segments(tokenise(text, start, end)):
            for entity in _Reader(text, segment, registry).entities(quoted):
                key = fold(entity.name)
                if key not in speakers:
                    found.setdefault(key, entity)
    return tuple(found.values())


def _names_of(speaker: Speaker | None) -> set[str]:
    """The folded names of a speaker, or of several: "Ona Lind and Per Holm"."""
    if speaker is None:
        return set()
    names = {speaker.name, *_JOINED.split(speaker.name)}
    usual = [listed(name) for name in names]
    return {fold(name) for name in names} | {fold(item.name) for item in usual if item is not None}


def _segments(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], bool]]:
    """The tokens of each sentence, and whether they are all that stands between two marks."""
    current: list[Token] = []
    opened = False
    for token in tokens:
        marks = is_mark(token.text) and not is_single(token.text)
        if not marks and token.text not in _STOPS:
            current.append(token)
            continue
        if current:
            yield current, opened and marks
            current = []
        opened = marks
    if current:
        yield current, False


class _Reader:
    """Reads the names of one segment."""

    def __init__(self, text: str, tokens: list[Token], registry: Registry) -> None:
        self._text = text
        self._tokens = tokens
        self._registry = registry

    def entities(self, quoted: bool) -> Iterator[NamedEntity]:
        shouted = _is_shouted(self._tokens)
        if shouted or is_headline(self._tokens):
            yield from self._in_headline(shouted)
            return
        title = quoted and _is_title(self._tokens)
        for first, end in runs(self._tokens):
            phrase = take_apart(self._tokens, first, end, self._text)
            if phrase is None:
                # "Department of Justice": taken apart, it is titles only.
                entity = listed(self._words(first, end))
            elif title and (phrase.first > 0 or end < len(self._tokens)):
                continue
            else:
                entity = self._named(phrase, first, end)
            if entity is not None:
                yield entity

    def _words(self, first: int, end: int) -> str:
        return " ".join(self._text[self._tokens[first].start : self._tokens[end - 1].end].split())

    def _named(self, phrase: NamedPhrase, first: int, end: int) -> NamedEntity | None:
        """What a run of capitals names, if it is sure."""
        tokens = self._tokens
        single = " " not in phrase.name
        if single and not phrase.titled and self._is_word(end - 1):
            return None
        mention = self._registry.at(phrase.start)
        if mention is not None and mention.end == phrase.end:
            entity: Entity | None = mention.entity
        else:
            entity = self._registry.find(phrase.name)
        usual = listed(phrase.name)
        if usual is not None and not (phrase.titled and single):
            if entity is not None and entity.person and entity.sure > 1:
                # "Jordan", where the article speaks of Jim Jordan.
                return None
            abbreviated = usual.kind == "country" and _ABBREVIATION.fullmatch(phrase.name)
            return None if abbreviated and modifies(tokens, end) else usual
        if entity is None or (single and self._is_other(entity, phrase, end)):
            return self._behind(phrase, end)
        if is_person(entity):
            return NamedEntity(name=entity.name, kind="person")
        if self._is_rest(first):
            return None
        if not phrase.titled and is_organisation(entity, self._registry):
            return NamedEntity(name=entity.name, kind="organisation")
        return self._behind(phrase, end)

    def _is_rest(self, first: int) -> bool:
        """Whether a name began before it: "Food and Drug Administration", "We The People"."""
        before = self._tokens[max(0, first - 2) : first]
        if len(before) < 2:
            return False
        joint = before[1].lower in ("and", "&")
        article = before[1].is_capital and before[1].lower in words.DETERMINERS
        return before[0].is_capital and (joint or article)

    def _is_word(self, at: int) -> bool:
        """Whether a word alone is rather a word or month than a name: "Will", "in May"."""
        tokens, lower = self._tokens, self._tokens[at].lower
        before = tokens[at - 1] if at > 0 else None
        if lower in words.MONTHS:
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            dated = any(token is not None and token.text.isdigit() for token in (before, following))
            return dated or before is None or before.lower in _BEFORE_MONTHS
        return before is None and (
            lower in words.AUXILIARIES
            or lower in _OPENERS
            or (is_verb(lower) and not verb_follows(tokens, at + 1))
        )

    def _is_other(self, entity: Entity, phrase: NamedPhrase, end: int) -> bool:
        """Whether one word, a part of the entity's name, is rather something else there.

        "Rose" first in a sentence, "in Dover" for Dover Bank, "Mr." for a woman of the name.
        """
        if phrase.titled:
            return (
                entity.person
                and None not in (phrase.gender, entity.gender)
                and (phrase.gender != entity.gender)
            )
        pieces = bare(fold(entity.name).split())
        if len(pieces) < 2 or phrase.name.isupper():
            return False
        at = phrase.first
        placed = at > 0 and self._tokens[at - 1].lower in _PLACING
        if not entity.person:
            return placed or not phrase.name.isalpha()
        opens = at == 0 and self._registry.at(phrase.start) is None
        return fold(phrase.name) != pieces[-1] and (opens or placed or modifies(self._tokens, end))

    def _behind(self, phrase: NamedPhrase, end: int) -> NamedEntity | None:
        """The name behind words that are no part of it: "Give Ukraine", "Rival Helen Marsh"."""
        tokens, first = self._tokens, phrase.first
        if first == 0 and end > 1 and self._opens(tokens[0]):
            rest = take_apart(tokens, 1, end, self._text)
            if rest is not None and rest.first > first:
                return self._named(rest, 1, end)
        for at in range(first + 1, end - 1):
            if is_given(tokens[at].lower):
                entity = self._registry.by_name.get(fold(self._words(at, end)))
                if entity is not None and is_person(entity):
                    return NamedEntity(name=entity.name, kind="person")
        return None

    @staticmethod
    def _opens(token: Token) -> bool:
        lower = token.lower
        return lower in _OPENERS or lower in words.AUXILIARIES or is_verb(lower)

    def _in_headline(self, shouted: bool) -> Iterator[NamedEntity]:
        """Names of an article or a list among words that all have a capital."""
        tokens, at = self._tokens, 0
        while at < len(tokens):
            size = min(MAX_HEADLINE_NAME, len(tokens) - at)
            while size > 0:
                entity = self._by_words(at, at + size, shouted)
                if entity is not None:
                    yield entity
                    break
                size -= 1
            at += max(size, 1)

    def _by_words(self, at: int, end: int, shouted: bool) -> NamedEntity | None:
        first, last = self._tokens[at], self._tokens[end - 1]
        if not first.is_capital or not last.is_capital:
            return None
        name = self._words(at, end)
        # "US" in capitals is "us" as well.
        usual = None if shouted and name == "US" else listed(name)
        if end - at > 1:
            entity = self._registry.by_name.get(fold(name))
        elif is_verb(first.lower) or first.lower in words.AUXILIARIES:
            return None
        else:
            entity = self._registry.find(name)
            if entity is not None and bare(fold(entity.name).split())[-1] != fold(name):
                entity = None
        person = entity is not None and is_person(entity)
        if usual is not None or entity is None:
            return None if person else usual
        if person:
            return NamedEntity(name=entity.name, kind="person")
        known = " " in name and is_organisation(entity, self._registry)
        return NamedEntity(name=entity.name, kind="organisation") if known else None


def _is_shouted(tokens: Sequence[Token]) -> bool:
    """ "STOP THE BOATS": whole words in capitals, and hardly any that are not."""
    long = [token for token in tokens if token.is_word and token.text.isalpha()]
    upper = sum(token.text.isupper() and len(token.text) > 1 for token in long)
    return upper >= MIN_SHOUTED and upper > 0.8 * len(long)


def _is_title(tokens: Sequence[Token]) -> bool:
    """Whether every word but small ones has a capital, as in the title of a work."""
    small = words.PREPOSITIONS | words.DETERMINERS | words.CONJUNCTIONS
    long = [token for token in tokens if token.is_word and token.lower not in small]
    listing = any(token.text == "," for token in tokens)
    return len(long) > 1 and not listing and all(token.is_capital for token in long)
