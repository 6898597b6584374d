"""A source phrase, and the speaker that was found for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.quotes.speakers.entities import Entity
from models.quotes.speakers.plurals import is_plural
from models.quotes.tokens import Token
from stancewire.records import ResolvedBy, Span, Speaker


@dataclass(frozen=True, slots=True)
class Source:
    """A source phrase and where it stands."""

    text: str
    tokens: Sequence[Token]
    span: Span
    sentence: int

    @property
    def first(self) -> str:
        return self.tokens[0].lower

    @property
    def mention(self) -> str:
        return self.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True)
class Said:
    """A speaker already found, for pronouns and quotations that follow."""

    speaker: Speaker
    entities: tuple[Entity, ...]
    sentence: int
    plural: bool

    @property
    def person(self) -> Entity | None:
        return self.entities[0] if len(self.entities) == 1 and self.entities[0].person else None

    def goes_on(self, sentence: int) -> Said:
        """The same speaker of a statement that has no source."""
        speaker = self.speaker.model_copy(update={"resolved_by": "context"})
        return replace(self, speaker=speaker, sentence=sentence)

    def again(self, source: Source, resolved_by: ResolvedBy) -> Said:
        """The same speaker by another source phrase."""
        speaker = _speaker(self.speaker.name, source, resolved_by, self.speaker.role)
        return replace(self, speaker=speaker, sentence=source.sentence)


def named(entities: tuple[Entity, ...], source: Source, resolved_by: ResolvedBy) -> Said:
    """A speaker, or several, whom the article names."""
    names = list(dict.fromkeys(entity.name for entity in entities))
    joined = " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
    role = entities[0].role if len(names) == 1 and entities[0].person else None
    speaker = _speaker(joined, source, resolved_by, role)
    return Said(speaker, entities, source.sentence, len(names) > 1)


def unnamed(words: str, source: Source, resolved_by: ResolvedBy, *, plural: bool) -> Said:
    """A speaker of whom the article has no more than some words."""
    return Said(_speaker(" ".join(words.split()), source, resolved_by), (), source.sentence, plural)


def as_it_is(source: Source, end: int) -> Said | None:
    """Somebody whom the article only describes; `end` is where the phrase's core ends."""
    name = " ".join(source.mention.split(",")[0].split())
    if source.first == "the" and len(source.tokens) > 1 and source.tokens[1].is_capital:
        # "the Trump campaign" is the Trump campaign's name but for its article.
        name = name[3:].lstrip()
    if not name:
        return None
    plural = end > 0 and is_plural(source.tokens[end - 1])
    return unnamed(name, source, "description", plural=plural)


def _speaker(
    name: str, source: Source, resolved_by: ResolvedBy, role: str | None = None
) -> Speaker:
    return Speaker(
        name=name,
        mention=source.mention,
        mention_span=source.span,
        role=role,
        resolved_by=resolved_by,
    )
