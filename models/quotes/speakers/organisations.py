"""Which organisation "the company" or "the court" is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes.layout import Layout
from models.quotes.speakers.entities import Entity, Registry, fold
from models.quotes.speakers.titles import runs
from models.quotes.speakers.wordlists import places
from models.quotes.words import MONTHS, word_set

# Bounds the work for each description.
MAX_MENTIONS_BACK = 200
# "the group" without more is the organisation named just before.
MAX_SENTENCES_BACK = 4

_COMPOUND_HEADS = word_set("poll survey average campaign administration website study report")
_HINTS = {
    "newspaper": "post times journal tribune herald gazette globe inquirer sun news star",
    "paper": "post times journal tribune herald gazette globe inquirer sun news star",
    "magazine": "review magazine atlantic week new journal time",
    "network": "news network broadcasting nbc cbs abc cnn msnbc fox",
    "outlet": "news post times journal media cnn",
    "publication": "news post times journal review magazine media",
    "company": "inc corp co company group motors energy holdings industries systems",
    "firm": "inc corp llc llp partners group capital associates research",
    "bank": "bank chase citigroup goldman",
    "court": "court appeals circuit",
    "union": "union federation workers association brotherhood",
    "agency": "agency administration bureau service",
    "school": "school university college academy",
    "group": "group association coalition alliance league union network society fund forum",
    "organization": "organization association coalition alliance league union network society",
    "organisation": "organisation association coalition alliance league union network society",
    "pac": "pac action",
}
# Names of their own rather than short forms of others.
_WHOLE = word_set("house senate congress state city country nation kingdom parliament")
_GENERAL = word_set(
    "group company organization organisation agency firm bank union nonprofit charity outlet"
    " corporation manufacturer network newspaper paper magazine publication"
)


@dataclass(frozen=True, slots=True)
class Compound:
    """ "Quinnipiac University poll": a name and a common noun that together are one."""

    name: str
    head: str
    start: int


def read_compounds(layout: Layout) -> list[Compound]:
    """The compounds of an article outside of quotations, in order."""
    found: list[Compound] = []
    for sentence in layout.sentences:
        tokens = sentence.tokens
        for first, end in runs(tokens):
            if (
                end < len(tokens)
                and tokens[end].lower in _COMPOUND_HEADS
                and (tokens[end].text == tokens[end].lower)
            ):
                span = tokens[first].start, tokens[end].end
                name = " ".join(layout.text[span[0] : span[1]].split())
                found.append(Compound(name, tokens[end].lower, span[0]))
    return found


class Organisations:
    """Looks back from a description to the organisation that it stands for."""

    def __init__(self, layout: Layout, names: Registry) -> None:
        self._names = names
        self._heads: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, part in enumerate(layout.sentences):
            for at, token in enumerate(part.tokens[:-1]):
                if token.lower in _GENERAL and (
                    part.tokens[at + 1].lower == "of"
                    or (at > 0 and part.tokens[at - 1].lower in ("a", "an", "another"))
                ):
                    self._heads[token.lower].append((token.start, index))
        self._compounds: dict[str, list[Compound]] = defaultdict(list)
        for compound in read_compounds(layout):
            self._compounds[compound.head].append(compound)

    def find(
        self, head: str, modifiers: Sequence[str], position: int, sentence: int
    ) -> Entity | None:
        """The organisation that "the HEAD" stands for."""
        if head in _WHOLE:
            return None
        recent = [
            mention
            for mention in self._names.before(position, MAX_MENTIONS_BACK)
            if mention.entity.sure < 2 and _may_be_group(mention.entity)
        ]
        wanted = {head, *modifiers}
        for mention in recent:
            entity = mention.entity
            parts = set(fold(entity.name).split())
            fits = not modifiers or len(wanted & _stems(parts)) > 1
            if len(parts) > 1 and head in parts and fits:
                return entity
        for mention in recent:
            if head in {word for role in mention.entity.roles for word in role.lower().split()}:
                return mention.entity
        described = self._described(head, position)
        hints = set(_HINTS.get(head, "").split())
        if described is not None and sentence - described <= MAX_SENTENCES_BACK:
            # "the group of voters … The group": nobody who is named.
            return None
        if modifiers:
            return None
        for mention in recent:
            if sentence - mention.sentence > 2 * MAX_SENTENCES_BACK:
                break
            parts = set(fold(mention.entity.name).split())
            if len(parts) > 1 and hints & parts:
                return mention.entity
        if head not in _GENERAL:
            return None
        for mention in recent:
            if sentence - mention.sentence > MAX_SENTENCES_BACK:
                break
            if not mention.entity.person:
                return mention.entity
        return None

    def latest_poll(self, position: int, sentence: int) -> str | None:
        """The poll that "the results" are of."""
        for mention in self._names.before(position, MAX_MENTIONS_BACK):
            if sentence - mention.sentence > MAX_SENTENCES_BACK:
                break
            if mention.entity.name.lower().endswith((" poll", " survey")):
                return mention.entity.name
        return self.compound("poll", position) or self.compound("survey", position)

    def _described(self, head: str, position: int) -> int | None:
        """The sentence where "a HEAD" or "the HEAD of" was spoken of before."""
        known = self._heads.get(head, [])
        at = bisect_left(known, (position, 0))
        return known[at - 1][1] if at else None

    def compound(self, head: str, position: int) -> str | None:
        """The last compound with a head, as "the poll" or "the campaign" takes it up."""
        known = self._compounds.get(head, [])
        at = bisect_left(known, position, key=lambda item: item.start)
        return known[at - 1].name if at else None


def _stems(parts: set[str]) -> set[str]:
    return parts | {part.removesuffix("s") for part in parts} | {f"{part}s" for part in parts}


def _may_be_group(entity: Entity) -> bool:
    """Not a place, a month or an abbreviation."""
    pieces = fold(entity.name).split()
    outside = entity.name.endswith(".") and len(pieces) == 1
    return not outside and not all(piece in places() or piece in MONTHS for piece in pieces)
