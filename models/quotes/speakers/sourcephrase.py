"""A source phrase taken apart: its core, its head, the name it ends with, what is in apposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.speakers.entities import Entity, Registry
from models.quotes.speakers.namewords import KINDS, ORGANISATION_WORDS
from models.quotes.speakers.roles import DOCUMENT_NOUNS, is_person_noun
from models.quotes.speakers.titles import joins_name, run_end, take_apart
from models.quotes.tokens import Token
from models.quotes.words import word_set

_OPENERS = words.DETERMINERS | words.POSSESSIVES | {"one"}
_INTRODUCING = word_set("called named dubbed")
_ENDS = (",", "(", "—", "–", "--", ";")
# Conjunctions within a source that has several names.
_JOINTS = ("and", "or", "nor", "plus")


def core_end(tokens: Sequence[Token]) -> int:
    """The end of the phrase's core: before its appositive or its prepositions."""
    for index, token in enumerate(tokens):
        if index == 0 or token.quote is not None:
            continue
        if token.text in _ENDS or token.lower in ("who", "that", "which", "whose"):
            return index
        if token.lower in words.PREPOSITIONS and not joins_name(tokens, index):
            return index
        if index > 1 and _opens_clause(tokens[index - 1], token):
            return index
    return len(tokens)


def _opens_clause(before: Token, token: Token) -> bool:
    """ "a poll released Friday", "a poll this month"."""
    if token.lower in ("this", "last", "earlier", "late", "early"):
        return before.text == before.lower
    return (token.lower in words.TIME_WORDS and token.text not in ("Today", "TODAY")) or (
        before.lower in DOCUMENT_NOUNS and token.text == token.lower and token.lower.endswith("ed")
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Finds the entities that source phrases name."""

    registry: Registry
    text: str

    def head(self, tokens: Sequence[Token]) -> Entity | None:
        """The entity whose name is the head of a source phrase."""
        end = core_end(tokens)
        while end > 0 and tokens[end - 1].text in ("'s", "’s", "'", "’"):
            end -= 1
        if end == 0 or not tokens[end - 1].is_capital or _is_kind(tokens, end):
            return None
        first = _run_start(tokens, end)
        if first > 0 and tokens[first - 1].lower.endswith(("ing", "ed")):
            # "Democrats supporting Smith": the name is not the head.
            return None
        return self._of_run(tokens, first, end)

    def _of_run(self, tokens: Sequence[Token], first: int, end: int) -> Entity | None:
        phrase = take_apart(tokens, first, end, self.text)
        if phrase is None:
            return None
        mention = self.registry.at(phrase.start)
        if mention is None or mention.end != phrase.end:
            # A run may begin with words of the role: the known name that it ends with.
            span = tokens[first].start, phrase.end
            ending = [item for item in self.registry.within(span) if item.end == phrase.end]
            mention = ending[0] if ending else None
        if mention is not None:
            entity = mention.entity
            # "Friends" at the start of a sentence is a noun, "Ruiz" is a name.
            common = not entity.inside and entity.name.endswith("s") and entity.count < 2
            return None if common else entity
        known = self.registry.find(phrase.name)
        if known is not None:
            return known
        if end == 1 and len(tokens) > 1 and tokens[1].lower == "of":
            # "Hundreds of people"
            return None
        return Entity(phrase.name, False)

    def after(self, tokens: Sequence[Token]) -> Entity | None:
        """ "her campaign manager, Alan Beck,": a description, then the name itself."""
        end = core_end(tokens)
        comma = next((at for at in range(end, len(tokens)) if tokens[at].text == ","), None)
        if end == 0 or comma is None or comma + 1 >= len(tokens) or tokens[end - 1].is_capital:
            return None
        last = run_end(tokens, comma + 1)
        # "the warden, Paul Ash,": after a determiner a full name tells as much as a known role.
        told = tokens[0].lower in _OPENERS and last > comma + 2
        if last == comma + 1 or not (told or is_person_noun(tokens[end - 1].lower)):
            return None
        if last < len(tokens) and tokens[last].text not in (",", "("):
            return None
        entity = self.head(tokens[comma + 1 : last])
        if entity is not None and entity.role is None and entity.person:
            start = 1 if tokens[0].lower in _OPENERS else 0
            entity.role = " ".join(self.text[tokens[start].start : tokens[comma - 1].end].split())
        return entity

    def called(self, tokens: Sequence[Token]) -> Entity | None:
        """ "a civil rights group called Color of Change"."""
        for at, token in enumerate(tokens[:-1]):
            if token.lower in _INTRODUCING and tokens[at + 1].is_capital:
                end = run_end(tokens, at + 1)
                while (
                    end + 1 < len(tokens)
                    and tokens[end].lower in ("of", "for")
                    and tokens[end + 1].is_capital
                ):
                    end = run_end(tokens, end + 1)
                name = " ".join(self.text[tokens[at + 1].start : tokens[end - 1].end].split())
                return self.registry.find(name) or Entity(name, False)
        return None

    def several(self, tokens: Sequence[Token]) -> list[Entity]:
        """The entities that a source with "and" names, if it names at least two."""
        if not any(token.lower in _JOINTS for token in tokens):
            return []
        parts = _parts(tokens)
        if len(parts) < 2:
            return []
        named = [self.head(part) for part in parts]
        found = [entity for entity in named if entity is not None]
        people = [entity for entity in found if entity.person]
        if len(people) > 1:
            # "Cohen and DeLong of the University of California, Berkeley"
            return [entity for entity in found if entity.person or _may_be_person(entity)]
        # "Kessel, director of the Service and Education Consortium" is one person.
        return found if len(found) == len(parts) and not people else []

    def apposed(self, tokens: Sequence[Token]) -> list[Entity]:
        """ "his rivals, Sens. Ted Cruz and Marco Rubio,"."""
        end = core_end(tokens)
        if end >= len(tokens) or tokens[end].text != ",":
            return []
        if tokens[end - 1].is_capital and tokens[end - 1].lower not in KINDS:
            return []
        return self.several(tokens[end + 1 :])

    def at_end(self, tokens: Sequence[Token]) -> Entity | None:
        """ "Speaker of the House Rep. Paul Ryan (R-Wis.)": a title that goes before a name."""
        end = next((at for at, token in enumerate(tokens) if token.text in _ENDS), len(tokens))
        if end == 0 or (not is_person_noun(tokens[0].lower) and tokens[0].lower != "former"):
            return None
        inside = self.registry.within((tokens[0].start, tokens[end - 1].end))
        mention = inside[-1] if inside else None
        if mention is None or not mention.entity.person or mention.end != tokens[end - 1].end:
            return None
        titles = all(
            token.is_capital or token.lower in ("of", "the", "and") or is_person_noun(token.lower)
            for token in tokens[:end]
        )
        return mention.entity if titles else None


def _parts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """The pieces of "Smith, Jones and Ruiz"; one piece where no list of names is."""
    parts: list[Sequence[Token]] = []
    first = depth = 0
    joined = False
    open_to_names = True
    for index, token in enumerate(tokens):
        if token.text in ("(", "["):
            depth += 1
        elif token.text in (")", "]"):
            depth -= 1
        if depth or token.quote is not None:
            continue
        if token.lower in words.RELATIVES | {"whose", "including"} and index > 0:
            # "Cruz, who opposed colleague and rival Marco Rubio"
            tokens = tokens[:index]
            break
        if token.lower in _JOINTS or token.text == ",":
            # "Smith, the mayor, and Jones, the sheriff": appositives belong to the name before.
            if index > first and open_to_names and _may_name(tokens[first:index]):
                parts.append(tokens[first:index])
            elif index > first and not parts:
                return []
            joined = joined or token.lower in _JOINTS
            # "Smith and Jones of the University, Dover": no more names without "and".
            open_to_names = not joined or token.lower in _JOINTS
            first = index + 1
    if first < len(tokens) and open_to_names and _may_name(tokens[first:]):
        parts.append(tokens[first:])
    return parts if joined else []


def _may_name(tokens: Sequence[Token]) -> bool:
    """Whether a piece of a list is a name rather than an appositive."""
    end = core_end(tokens)
    if end == 0 or not tokens[end - 1].is_capital or tokens[0].lower in ("a", "an", "who"):
        return False
    # "the likely Democratic candidates" tells what the names before are.
    return tokens[0].lower != "the" or not any(
        token.is_word and token.text == token.lower for token in tokens[1 : end - 1]
    )


def _may_be_person(entity: Entity) -> bool:
    pieces = entity.name.lower().split()
    return len(pieces) > 1 and not ORGANISATION_WORDS & set(pieces)


def _run_start(tokens: Sequence[Token], end: int) -> int:
    first = end
    while first > 0:
        token = tokens[first - 1]
        if (
            (token.is_capital and token.lower not in words.DETERMINERS)
            or (token.is_capital and first > 1 and tokens[first - 2].is_capital)
            or token.lower in ("de", "van", "von", "al", "bin", "&", "la", "der", "del")
            or (joins_name(tokens, first - 1))
            or (token.text == "/" and first > 1)
        ):
            first -= 1
        else:
            break
    while first < end and not tokens[first].is_capital:
        first += 1
    return first


def _is_kind(tokens: Sequence[Token], end: int) -> bool:
    """ "a New Hampshire Republican", "most Whigs": what somebody is, not a name."""
    last = tokens[end - 1].lower
    if tokens[end - 1].text[:-1].isupper() and tokens[end - 1].text.endswith("s") and end > 1:
        # "super PACs"
        return True
    opener = tokens[0].lower
    if last in KINDS:
        return end == 1 or opener in words.DETERMINERS or last.endswith("s")
    return opener in ("most", "many", "some", "several", "all", "few") and last.endswith("s")
