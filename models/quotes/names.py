"""The people and organisations that an article names, with roles and genders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from models.quotes.layout import Layout
from models.quotes.titles import (
    KINDS,
    ORGANISATION_WORDS,
    Gender,
    NamedPhrase,
    given_names,
    is_verb,
    role_after,
    run_end,
    take_apart,
)
from models.quotes.tokens import Token


@cache
def places() -> frozenset[str]:
    """The words of countries, states and capitals, in lower case."""
    text = (resources.files("models.quotes") / "places.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


# Capitalised words with these endings name peoples and parties, not persons.
_PLURAL_ENDINGS = ("ans", "crats", "ists", "ians", "ese")


@dataclass(slots=True)
class Entity:
    """Somebody or something named, by the fullest name that the article gives."""

    name: str
    last: str
    person: bool
    role: str | None = None
    gender: Gender | None = None
    inside: bool = False
    """Written with a capital where no sentence begins, so a name for sure."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is named outside of quotations."""

    entity: Entity
    start: int
    end: int
    sentence: int
    owns: bool
    """Stands in the genitive: "Smith's"."""


@dataclass(slots=True)
class Registry:
    """Who is named in an article, and where."""

    mentions: list[Mention] = field(default_factory=list)
    by_name: dict[str, Entity] = field(default_factory=dict)
    by_last: dict[str, Entity] = field(default_factory=dict)

    def find(self, name: str) -> Entity | None:
        key = name.lower()
        return self.by_name.get(key) or self.by_last.get(key)


def read_names(layout: Layout) -> Registry:
    """All names outside quotations, those of one last name joined, in linear time."""
    registry = Registry()
    for index, sentence in enumerate(layout.sentences):
        tokens = sentence.tokens
        for first, phrase, last in _phrases(tokens, layout.text):
            entity = _enter(registry, phrase, tokens, last, layout.text)
            entity.inside = entity.inside or first > 0 or " " in phrase.name
            owns = last < len(tokens) and tokens[last].text in ("'s", "’s", "'", "’")
            registry.mentions.append(Mention(entity, phrase.start, phrase.end, index, owns))
    return registry


def _phrases(tokens: Sequence[Token], text: str) -> Iterator[tuple[int, NamedPhrase, int]]:
    index = 0
    while index < len(tokens):
        end = run_end(tokens, index)
        if end == index:
            index += 1
            continue
        phrase = take_apart(tokens, index, end, text)
        if phrase is not None and not (
            end - index == 1 and (tokens[index].lower in KINDS or is_verb(tokens[index].lower))
        ):
            yield index, phrase, end
        index = end


def _enter(
    registry: Registry, phrase: NamedPhrase, tokens: Sequence[Token], end: int, text: str
) -> Entity:
    pieces = phrase.name.split()
    key, last = phrase.name.lower(), pieces[-1].lower()
    if last.rstrip(".") in ("jr", "sr", "ii", "iii") and len(pieces) > 1:
        last = pieces[-2].lower().rstrip(",")
    entity = registry.by_name.get(key)
    if entity is None and len(pieces) == 1:
        entity = registry.by_last.get(last)
    if entity is None and len(pieces) > 1:
        known = registry.by_last.get(last)
        if known is not None and len(known.name.split()) == 1 and known.person:
            # Named by the last name first, in full later.
            known.name = phrase.name
            registry.by_name[key] = entity = known
    if entity is None:
        entity = Entity(phrase.name, last, _is_person(phrase, pieces))
        if len(pieces) == 1:
            entity.gender = given_names().get(last)
        registry.by_name[key] = entity
        if entity.person:
            known = registry.by_last.get(last)
            if known is None or len(pieces) > len(known.name.split()):
                registry.by_last[last] = entity
    if phrase.titled:
        entity.person = True
    entity.gender = entity.gender or phrase.gender
    role = phrase.role
    if role is None and entity.person:
        role = role_after(tokens, end, text)
    if role is not None and (
        entity.role is None
        or (_is_past(entity.role) and not _is_past(role))
        or (len(entity.role.split()) == 1 and len(role.split()) > 1 and entity.role[-1:] == ".")
    ):
        entity.role = role
    return entity


def _is_past(role: str) -> bool:
    return role.lower().startswith(("former", "ex-", "then-", "late "))


def _is_person(phrase: NamedPhrase, pieces: Sequence[str]) -> bool:
    lowered = [piece.lower().strip(".'’") for piece in pieces]
    if phrase.titled or phrase.gender is not None:
        return True
    if any(piece in ORGANISATION_WORDS for piece in lowered):
        return False
    if all(piece in places() for piece in lowered):
        return False
    if len(pieces) == 1:
        return not (pieces[0].isupper() or "." in pieces[0] or lowered[0].endswith(_PLURAL_ENDINGS))
    return not any(piece.isupper() and len(piece) > 2 for piece in pieces)
