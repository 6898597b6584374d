"""Whom "he" and "she" may stand for: the people named or spoken of just before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from models.quotes.layout import Layout
from models.quotes.speakers.entities import Entity, Registry
from models.quotes.speakers.ranking import FEATURES, load_weights
from models.quotes.speakers.wordlists import Gender

# A pronoun rarely reaches further back.
MAX_SENTENCES_BACK = 8
# Bounds the work for each pronoun.
MAX_CANDIDATES = 12
MAX_TRACES_BACK = 8
# So many more pronouns of one gender near a name tell it.
CERTAIN_LEANING = 3

GENDERS: dict[str, Gender] = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
_SUBJECTS = ("he", "she")
_OWNERS = ("his", "her", "hers")


@dataclass(slots=True)
class _Trace:
    """A place where somebody is named, or a pronoun stands for them."""

    start: int
    sentence: int
    order: int
    """How many traces of anybody stand before it in its sentence."""
    owns: bool
    governed: bool
    acts: bool
    pronoun: bool


@dataclass(slots=True)
class _Event:
    start: int
    sentence: int
    entity: Entity | None
    pronoun: str | None
    owns: bool = False
    governed: bool = False
    acts: bool = False


@dataclass(frozen=True, slots=True)
class _Spoke:
    entity: Entity
    sentence: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a pronoun may stand for, with what speaks for it."""

    entity: Entity
    features: tuple[float, ...]


@dataclass(slots=True)
class _State:
    traces: dict[Entity, list[_Trace]] = field(default_factory=dict)
    recent: dict[Entity, None] = field(default_factory=dict)
    """The entities in the order of their last traces."""
    orders: dict[int, int] = field(default_factory=dict)


class Referents:
    """Follows the people through an article, every pronoun in turn."""

    def __init__(self, layout: Layout, names: Registry) -> None:
        self._paragraphs = [sentence.paragraph for sentence in layout.sentences]
        self._weights = load_weights()
        self._events = sorted(_events(layout, names), key=lambda event: event.start)
        self._next = 0
        self._state = _State()
        self._spoke: list[_Spoke] = []
        self._most = max((entity.count for entity in names.by_name.values()), default=1)
        _lean(self._events)

    def person(self, pronoun: str, position: int, sentence: int) -> Entity | None:
        """Whom a pronoun stands for; None where nobody fits."""
        self.advance(position)
        candidates = self.candidates(pronoun, position, sentence)
        if not candidates:
            return None
        return max(candidates, key=self._score).entity

    def spoke(self, entity: Entity, position: int, sentence: int) -> None:
        """Notes that somebody is the source of a statement."""
        self._spoke.append(_Spoke(entity, sentence))
        if entity.person:
            self._trace(_Event(position, sentence, entity, None, acts=True))

    def _score(self, candidate: Candidate) -> float:
        return sum(
            weight * value for weight, value in zip(self._weights, candidate.features, strict=True)
        )

    def advance(self, position: int) -> None:
        """Takes note of everybody named before a position, pronouns too."""
        while self._next < len(self._events) and self._events[self._next].start < position:
            event = self._events[self._next]
            self._next += 1
            if event.entity is None and event.pronoun is not None:
                candidates = self.candidates(event.pronoun, event.start, event.sentence)
                if candidates:
                    event.entity = max(candidates, key=self._score).entity
            self._trace(event)

    def _trace(self, event: _Event) -> None:
        entity = event.entity
        if entity is None:
            return
        order = self._state.orders.get(event.sentence, 0)
        self._state.orders[event.sentence] = order + 1
        self._state.traces.setdefault(entity, []).append(
            _Trace(
                event.start,
                event.sentence,
                order,
                event.owns,
                event.governed,
                event.acts,
                event.pronoun is not None,
            )
        )
        self._state.recent.pop(entity, None)
        self._state.recent[entity] = None

    def candidates(self, pronoun: str, position: int, sentence: int) -> list[Candidate]:
        """Those who fit a pronoun, the latest named first."""
        gender = GENDERS[pronoun]
        near: list[tuple[Entity, _Trace]] = []
        for entity in reversed(self._state.recent):
            trace = self._trace_before(entity, position)
            if trace is None:
                continue
            if sentence - trace.sentence > MAX_SENTENCES_BACK or len(near) >= MAX_CANDIDATES:
                break
            leans = entity.gender is None and abs(entity.leaning) >= CERTAIN_LEANING
            told = entity.likely_gender if leans else entity.gender
            if told in (None, gender):
                near.append((entity, trace))
        near.sort(key=lambda pair: -pair[1].start)
        return [
            Candidate(entity, self._features(entity, trace, pronoun, sentence, rank))
            for rank, (entity, trace) in enumerate(near)
        ]

    def _trace_before(self, entity: Entity, position: int) -> _Trace | None:
        for trace in reversed(self._state.traces[entity][-MAX_TRACES_BACK:]):
            if trace.start < position:
                return trace
        return None

    def _features(
        self, entity: Entity, trace: _Trace, pronoun: str, sentence: int, rank: int
    ) -> tuple[float, ...]:
        gender = GENDERS[pronoun]
        back = max(0, sentence - trace.sentence)
        together = self._paragraphs[trace.sentence] == self._paragraphs[sentence]
        leaning = entity.leaning if gender == "male" else -entity.leaning
        spoken = [item.sentence for item in self._spoke[-MAX_TRACES_BACK:] if item.entity is entity]
        subject = pronoun in _SUBJECTS
        values = {
            "same sentence": back == 0,
            "one sentence back": back == 1,
            "two sentences back": back == 2,
            "further back": back > 2,
            "distance": min(back, MAX_SENTENCES_BACK) / MAX_SENTENCES_BACK,
            "same paragraph": together,
            "first in sentence": trace.order == 0,
            "first in same sentence": trace.order == 0 and back == 0,
            "first in last sentence": trace.order == 0 and back == 1 and subject,
            "owner": trace.owns,
            "governed": trace.governed,
            "governed in same sentence": trace.governed and back == 0,
            "acts": trace.acts,
            "pronoun": trace.pronoun,
            "gender known": entity.gender is not None,
            "leaning": max(-1.0, min(1.0, leaning / 2)) if entity.gender is None else 0.0,
            "sure": entity.sure == 2,
            "likely": entity.sure == 1,
            "often": math.log(1 + entity.count) / math.log(2 + self._most),
            "latest": rank == 0,
            "third or later": rank > 1,
            "last speaker": bool(self._spoke) and self._spoke[-1].entity is entity,
            "spoke near": bool(spoken) and sentence - spoken[-1] <= 2,
            "spoke in paragraph": bool(spoken)
            and self._paragraphs[spoken[-1]] == self._paragraphs[sentence],
            "possessive of subject": pronoun in _OWNERS and back == 0 and trace.order == 0,
        }
        return tuple(float(values[name]) for name in FEATURES)


def _events(layout: Layout, names: Registry) -> Iterator[_Event]:
    for mention in names.mentions:
        if mention.entity.person:
            yield _Event(
                mention.start,
                mention.sentence,
                mention.entity,
                None,
                mention.owns,
                mention.governed,
                mention.acts,
            )
    for index, sentence in enumerate(layout.sentences):
        for token in sentence.tokens:
            if token.quote is None and token.lower in GENDERS:
                lower = token.lower
                yield _Event(
                    token.start,
                    index,
                    None,
                    lower,
                    lower in _OWNERS,
                    lower not in _SUBJECTS,
                    lower in _SUBJECTS,
                )


def _lean(events: list[_Event]) -> None:
    """Counts the pronouns after each name, where nobody else is named between or beside."""
    named: list[tuple[int, Entity]] = []
    for event in events:
        if event.entity is not None:
            named.append((event.sentence, event.entity))
            continue
        near = {entity for sentence, entity in named[-4:] if event.sentence - sentence <= 1}
        here = {entity for sentence, entity in named[-4:] if event.sentence == sentence}
        alone = here if len(here) == 1 else near
        if len(alone) == 1 and event.pronoun is not None:
            (entity,) = alone
            entity.leaning += 1 if GENDERS[event.pronoun] == "male" else -1
