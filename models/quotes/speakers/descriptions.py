"""Which person "the senator" or "the Republican nominee" is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from models.quotes import words
from models.quotes.speakers.entities import Entity, Registry, fold
from models.quotes.speakers.roles import is_person_noun
from models.quotes.speakers.titles import noun_gender
from models.quotes.speakers.wordlists import places
from models.quotes.words import word_set

# Bounds the work for each description.
MAX_MENTIONS_BACK = 200
MAX_SENTENCES_BACK = 8
MAX_ROLES = 12
# What a candidate needs to be taken.
MIN_SCORE = 1.0

_SAME = (
    "judge justice magistrate", "justice judge", "senator sen", "governor gov",
    "congressman rep representative congresswoman",
    "lawmaker rep sen senator congressman congresswoman representative legislator",
    "general gen", "doctor dr physician", "professor prof", "candidate nominee contender",
    "nominee candidate", "pm premier minister", "premier minister pm",
    "leader president premier minister chancellor chairman speaker chief",
    "businessman billionaire mogul developer magnate executive",
    "billionaire businessman mogul developer magnate", "mogul billionaire businessman developer",
    "chief director head", "official secretary chief minister commissioner adviser deputy",
    "frontrunner front-runner candidate nominee", "front-runner frontrunner candidate nominee",
    "star actor actress", "executive ceo chief", "lawyer attorney", "attorney lawyer",
    "ceo executive", "politician senator governor congressman president sen gov rep",
    "spokesman spokesperson", "spokeswoman spokesperson", "contender candidate",
    "hopeful candidate", "democrat sen rep gov senator", "republican sen rep gov senator",
)  # fmt: skip
_TITLES_OF = {group.split()[0]: frozenset(group.split()) for group in _SAME}
# Whoever these are, the article has named them, if the phrase is definite.
_NAMED_BEFORE = word_set(
    "nominee candidate senator governor congressman congresswoman billionaire businessman"
    " businesswoman mogul actor actress singer secretary front-runner frontrunner official"
    " politician lawmaker diplomat leader magnate tycoon contender"
    " star comedian"
)
# They speak with or about whoever has just spoken.
_BESIDES = word_set(
    "interviewer moderator reporter host judge source person audience anchor journalist"
    " correspondent protester heckler questioner prosecutor defendant plaintiff woman man"
    " supporter spokesman spokeswoman aide officer voter questioner interlocutor narrator"
    " caller viewer reader author writer commenter opponent rival other leader"
    " president king user"
)
_SMALL = words.DETERMINERS | words.PREPOSITIONS | {"and"}
_PARTIES = {
    "republican": ("republican", "r", "gop"),
    "gop": ("republican", "r", "gop"),
    "democratic": ("democratic", "democrat", "d"),
    "democrat": ("democratic", "democrat", "d"),
}


def is_person_head(head: str) -> bool:
    """Whether a noun, in lower case, is one for a person."""
    return is_person_noun(head) or head in _NAMED_BEFORE


class People:
    """Looks for the person that a description stands for."""

    def __init__(self, names: Registry) -> None:
        self._names = names

    def latest(self, noun: str, number: int, position: int, sentence: int) -> tuple[Entity, ...]:
        """So many people named last before a position, those of a role first."""
        head = {"men": "man", "women": "woman"}.get(noun, noun.removesuffix("s"))
        gender = noun_gender(head)
        near: dict[Entity, int] = {}
        for mention in self._names.before(position, MAX_MENTIONS_BACK):
            entity = mention.entity
            if not entity.person or sentence - mention.sentence > 2 * MAX_SENTENCES_BACK:
                continue
            if gender is None or entity.likely_gender in (None, gender):
                near.setdefault(entity, len(near))
        fitting = [entity for entity in near if _role_score(entity, head, ()) > 0]
        if len(fitting) < number and head in ("candidate", "contender", "nominee", "hopeful"):
            # Candidates for an office are those whom the article names most.
            rest = sorted(set(near) - set(fitting), key=lambda one: (-one.count, near[one]))
            fitting += rest[: number - len(fitting)]
        elif len(fitting) < number:
            fitting += [entity for entity in near if entity not in fitting]
        return tuple(reversed(fitting[:number]))

    def find(
        self,
        head: str,
        modifiers: Sequence[str],
        position: int,
        sentence: int,
        speakers: Sequence[tuple[Entity, int]],
    ) -> Entity | None:
        """The person that "the MODIFIERS HEAD" stands for; `speakers` with their sentences."""
        gender = noun_gender(head)
        near: dict[Entity, int] = {}
        acting: set[Entity] = set()
        for mention in self._names.before(position, MAX_MENTIONS_BACK):
            if mention.entity.person:
                near.setdefault(mention.entity, mention.sentence)
                if mention.sentence == sentence and mention.acts:
                    acting.add(mention.entity)
        for entity, spoke in speakers:
            if entity.person:
                near[entity] = max(spoke, near.get(entity, 0))
        last = speakers[-1] if speakers else None
        best: Entity | None = None
        best_score = MIN_SCORE
        for entity, seen in near.items():
            if gender is not None and entity.likely_gender not in (None, gender):
                continue
            distance = min(MAX_SENTENCES_BACK, max(0, sentence - seen))
            role = _role_score(entity, head, modifiers)
            if role <= 0 and (head not in _NAMED_BEFORE or distance >= MAX_SENTENCES_BACK):
                continue
            score = role - 0.15 * distance + 0.4 * math.log(1 + entity.count)
            # "Marsh criticised Hale after the candidate had said": not Marsh.
            score -= 0.8 * (entity in acting)
            score += 0.6 * (last is not None and entity is last[0]) + 0.2 * entity.sure
            if score > best_score:
                best, best_score = entity, score
        if best is None and last is not None and head not in _BESIDES and last[0].person:
            # "The documentarian" who has just spoken.
            fits = gender is None or last[0].likely_gender in (None, gender)
            if fits and sentence - last[1] <= 1 and not _has_owner(modifiers):
                best = last[0]
        return best


def _role_score(entity: Entity, head: str, modifiers: Sequence[str]) -> float:
    """How well the roles that the article gives somebody fit a description."""
    roles = [_role_words(role) for role in entity.roles[:MAX_ROLES]]
    wanted = _TITLES_OF.get(head, frozenset((head,)))
    given = [fold(word) for word in modifiers if word not in _SMALL and len(word) > 1]
    if _is_other_party(given, roles):
        return -5.0
    best = 0.0
    for role in roles:
        core = set(_before_preposition(role))
        if head not in core and wanted.isdisjoint(core):
            continue
        score = 3.0 if head in core else 2.2
        score += sum(_fits(word, role) for word in given)
        if ("vice" in core) != ("vice" in given):
            score -= 4.0
        if ("former" in given) and not {"former", "then", "ex"} & set(role):
            score -= 1.0
        best = max(best, score - 1.0 * _has_owner(modifiers))
    if best == 0.0 and roles:
        every = [word for role in roles for word in role]
        shared = sum(1.0 for word in given if _fits(word, every) > 0)
        known = shared and head in _NAMED_BEFORE and not _has_owner(modifiers)
        best = shared if known else -0.6
    return best


def _fits(word: str, role: Sequence[str]) -> float:
    if word in role:
        return 1.0
    if any(party in role for party in _PARTIES.get(word, ())):
        return 1.0
    # "the Vermont senator" is no senator of whom another state is told.
    return -1.2 if word in places() else -0.4


def _is_other_party(given: Sequence[str], roles: Sequence[Sequence[str]]) -> bool:
    """ "the GOP candidate" is nobody whom the article calls a Democrat."""
    ours = {_PARTIES[word] for word in given if word in _PARTIES}
    theirs = {_PARTIES[word] for role in roles for word in role if word in _PARTIES}
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


@lru_cache(maxsize=4096)
def _role_words(role: str) -> tuple[str, ...]:
    words_of = fold(role.replace("-", " ")).split()
    return (*words_of, *fold(role).split(), *(word.removesuffix("s") for word in words_of))


def _has_owner(modifiers: Sequence[str]) -> bool:
    """ "the state's party leader": somebody of something that is not named so far."""
    return any(word in ("'s", "s'") for word in modifiers)


def _before_preposition(role: Sequence[str]) -> list[str]:
    """ "president of the council" is a president, an "aide to the president" is none."""
    kept: list[str] = []
    for index, word in enumerate(role):
        if index > 0 and word in ("to", "for", "at", "with", "who", "from"):
            break
        kept.append(word)
    return kept
