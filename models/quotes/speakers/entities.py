"""People and organisations of an article, the places that name them, and how names compare."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache

from models.quotes.speakers.wordlists import Gender
from models.quotes.words import word_set
from stancewire.records import Span


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name as it is compared: without case, accents, apostrophes and periods."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(
        letter for letter in letters if letter.isalnum() or letter.isspace() or letter in "-&"
    )
    return " ".join(kept.split())


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something named, by the fullest name that the article gives."""

    name: str
    person: bool
    sure: int = 0
    """How surely a person: 2 by title or given name, 1 by circumstances."""
    role: str | None = None
    roles: list[str] = field(default_factory=list)
    """Everything that it is said to be, the appositives of organisations too."""
    gender: Gender | None = None
    leaning: int = 0
    """Pronouns near the name: above 0 for "he", below for "she"."""
    inside: bool = False
    """Written with a capital where no sentence begins, so a name for sure."""
    count: int = 0

    @property
    def likely_gender(self) -> Gender | None:
        if self.gender is not None or self.leaning == 0:
            return self.gender
        return "male" if self.leaning > 0 else "female"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is named outside of quotations."""

    entity: Entity
    start: int
    end: int
    sentence: int
    owns: bool
    """Stands in the genitive: "Smith's"."""
    governed: bool = False
    """Stands after a preposition or a verb, so it is no subject."""
    acts: bool = False
    """A verb follows."""
    modifies: bool = False
    """An adjective: "the Kazakh city"."""


@dataclass(slots=True)
class Registry:
    """Who is named in an article, and where."""

    mentions: list[Mention] = field(default_factory=list)
    by_name: dict[str, Entity] = field(default_factory=dict)
    """Entities by every form of their names, folded."""
    by_word: dict[str, Entity] = field(default_factory=dict)
    """Who is most often meant by a single word."""
    starts: list[int] = field(default_factory=list)

    def find(self, name: str) -> Entity | None:
        key = fold(name)
        return self.by_name.get(key) or self.by_word.get(key)

    def at(self, start: int) -> Mention | None:
        index = bisect_left(self.starts, start)
        if index < len(self.starts) and self.starts[index] == start:
            return self.mentions[index]
        return None

    def within(self, span: Span) -> list[Mention]:
        return self.mentions[bisect_left(self.starts, span[0]) : bisect_left(self.starts, span[1])]

    def before(self, position: int, limit: int) -> list[Mention]:
        """The last mentions before a position, the nearest first."""
        at = bisect_left(self.starts, position)
        return self.mentions[max(0, at - limit) : at][::-1]


_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_SHORT = {
    "mike": "michael", "bill": "william", "will": "william", "bob": "robert", "rob": "robert",
    "jim": "james", "joe": "joseph", "tom": "thomas", "dick": "richard", "rick": "richard",
    "rich": "richard", "dan": "daniel", "dave": "david", "steve": "stephen", "steven": "stephen",
    "ted": "edward", "ed": "edward", "jeff": "jeffrey", "chuck": "charles", "charlie": "charles",
    "tony": "anthony", "andy": "andrew", "matt": "matthew", "chris": "christopher",
    "nick": "nicholas", "ben": "benjamin", "bernie": "bernard", "tim": "timothy", "greg": "gregory",
    "ken": "kenneth", "ron": "ronald", "don": "donald", "sam": "samuel", "alex": "alexander",
    "larry": "lawrence", "jerry": "gerald", "pat": "patrick", "jon": "jonathan", "zach": "zachary",
    "kate": "katherine", "kathy": "kathleen", "liz": "elizabeth", "beth": "elizabeth",
    "sue": "susan", "debbie": "deborah", "deb": "deborah", "jen": "jennifer", "jenny": "jennifer",
    "becky": "rebecca", "peggy": "margaret", "maggie": "margaret", "cathy": "catherine",
    "patty": "patricia", "barb": "barbara", "vicky": "victoria", "cindy": "cynthia",
    "jack": "john", "hank": "henry", "harry": "henry", "fred": "frederick", "ray": "raymond",
}  # fmt: skip
_CONNECTING = word_set("de la del der den van von bin ibn al el da di du dos")


def bare(pieces: list[str]) -> list[str]:
    """The folded words of a name without "Jr." and the like."""
    while len(pieces) > 1 and pieces[-1] in _SUFFIXES:
        pieces = pieces[:-1]
    return pieces


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: "Mike" and "Michael", "J" and "John"."""
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    if _SHORT.get(one, one) == _SHORT.get(other, other):
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > 2 and longer.startswith(shorter)


def same_person(one: list[str], other: list[str]) -> bool:
    """Whether two folded names of several words are forms of one person's name."""
    one, other = bare(one), bare(other)
    if one[-1] == other[-1] and same_given(one[0], other[0]):
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter[0]) > 1 and longer[:-1] == shorter:
        # "Dena Minning" became "Dena Minning Grayson".
        return True
    if len(shorter) == len(longer) or len(shorter) < 2:
        return False
    # "Guajardo Villarreal" of "Ildefonso Guajardo Villarreal".
    return longer[-len(shorter) :] == shorter


def keys_of(pieces: list[str]) -> set[str]:
    """The single words that may stand for a person of this folded name."""
    pieces = bare(pieces)
    return {pieces[0], pieces[-1], *(word for word in pieces[1:-1] if len(word) > 3)} - _CONNECTING
