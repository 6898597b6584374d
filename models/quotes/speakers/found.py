"""A name where it stands, with what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from models.quotes.speakers.titles import NamedPhrase


@dataclass(frozen=True, slots=True)
class Found:
    """A name where it stands."""

    phrase: NamedPhrase
    sentence: int
    role: str | None = None
    described: str | None = None
    kind: str | None = None
    """What an organisation of this name is said to be."""
    modifies: bool = False
    owns: bool = False
    governed: bool = False
    acts: bool = False
    definite: bool = False
    """ "the" stands before it."""
    located: bool = False
    """A preposition of place stands before it."""
    quoted: bool = False
    headline: bool = False
    inside: bool = False
    acronym: str | None = None
