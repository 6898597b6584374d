"""Which of the names found in an article are one person's or organisation's."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from models.quotes.speakers.entities import (
    Entity,
    Mention,
    Registry,
    bare,
    fold,
    keys_of,
    same_person,
)
from models.quotes.speakers.found import Found
from models.quotes.speakers.namewords import KINDS, ORGANISATION_WORDS
from models.quotes.speakers.personhood import Form, personhood, single_personhood
from models.quotes.speakers.roles import is_better_role, is_plural_role
from models.quotes.speakers.titles import is_verb, role_gender
from models.quotes.speakers.wordlists import is_given, places
from models.quotes.words import AUXILIARIES, word_set

# Bounds the comparisons where one last name has many given names.
MAX_NAMESAKES = 24
# How much a sentence since somebody was named counts against how often the article names them.
PER_SENTENCE = 0.3
MAX_DISTANCE = 10
# Somebody named as an object or owner is less likely to be called by a bare name next.
GOVERNED_DISTANCE = 4
# What of an organisation's name stands for all of it: "the Journal", not "the House".
_SHORT_FORMS = ORGANISATION_WORDS - word_set(
    "house state states street avenue road congress international national world supreme day"
    " united law bill act city county party news"
)


@dataclass(slots=True)
class _Cast:
    """The persons while names are being joined."""

    registry: Registry = field(default_factory=Registry)
    by_key: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    pieces: dict[Entity, list[str]] = field(default_factory=dict)
    forms: dict[Entity, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    organisations: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    last_seen: dict[Entity, int] = field(default_factory=dict)


def join_names(found: Sequence[Found], common: Set[str]) -> Registry:
    """The registry of an article's names, in the order of the text.

    `common` are the words that the article writes without a capital.
    """
    full = _full_names(found)
    body = [_trimmed(item, full) for item in found]
    forms = _forms(body)
    # "Similar" at the start of a sentence.
    for key in [key for key, form in forms.items() if not form.inside and key in common]:
        del forms[key]
    body = [item for item in body if item.headline or fold(item.phrase.name) in forms]
    cast = _Cast()
    for form in forms.values():
        if len(form.pieces) > 1:
            _enter_full(cast, form, forms)
    _add_acronyms(cast, body, forms)
    for item in body:
        _place(cast, item, forms)
    for entity, names in cast.forms.items():
        entity.name = max(names, key=lambda name: (len(bare(fold(name).split())), names[name]))
    cast.registry.by_word = {
        key: max(people[:MAX_NAMESAKES], key=lambda entity: entity.count)
        for key, people in cast.by_key.items()
        if people
    }
    cast.registry.starts = [mention.start for mention in cast.registry.mentions]
    return cast.registry


def _full_names(found: Sequence[Found]) -> set[str]:
    return {
        fold(item.phrase.name) for item in found if " " in item.phrase.name and not item.headline
    }


def _trimmed(item: Found, full: Set[str]) -> Found:
    """ "Rival Hillary Clinton" is Hillary Clinton where the article calls her that as well."""
    words = item.phrase.name.split()
    for size in range(len(words) - 1, 1, -1):
        name = " ".join(words[-size:])
        if not is_given(words[0].lower()) and is_given(fold(words[-size])) and fold(name) in full:
            return replace(
                item, phrase=replace(item.phrase, name=name, start=item.phrase.end - len(name))
            )
        name = " ".join(words[:size])
        if is_given(words[0].lower()) and fold(name) in full and _is_verbal(words[size].lower()):
            # "Donald Trump Calls" of a caption.
            return replace(
                item, phrase=replace(item.phrase, name=name, end=item.phrase.start + len(name))
            )
    return item


def _is_verbal(word: str) -> bool:
    return is_verb(word) or word in AUXILIARIES


def _forms(found: Sequence[Found]) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for item in found:
        if item.headline:
            continue
        key = fold(item.phrase.name)
        if not key:
            continue
        form = forms.setdefault(key, Form(item.phrase.name, key.split()))
        if form.name.isupper() and not item.phrase.name.isupper():
            form.name = item.phrase.name
        form.count += 1
        form.inside += item.inside
        form.titled += item.phrase.titled
        form.courtesy += item.phrase.courtesy
        form.definite += item.definite
        form.located += item.located
        form.described += item.described is not None or item.role is not None
        form.acts += item.acts
        form.owns += item.owns
        form.modifies += item.modifies
    return forms


def _enter_full(cast: _Cast, form: Form, forms: dict[str, Form]) -> None:
    """Makes or finds the entity of a name of several words."""
    sure = personhood(form, forms)
    entity: Entity | None = None
    if sure:
        last = bare(form.pieces)[-1]
        for known in [
            *cast.by_key[last][:MAX_NAMESAKES],
            *cast.by_key[form.pieces[0]][:MAX_NAMESAKES],
        ]:
            if same_person(cast.pieces[known], form.pieces):
                entity = known
                break
    if entity is None:
        entity = Entity(form.name, sure > 0, sure)
        cast.pieces[entity] = form.pieces
    entity.sure = max(entity.sure, sure)
    if len(form.pieces) > len(cast.pieces[entity]):
        cast.pieces[entity] = form.pieces
    cast.registry.by_name[" ".join(form.pieces)] = entity
    cast.forms[entity][form.name] += form.count
    if sure:
        for key in keys_of(form.pieces):
            if entity not in cast.by_key[key][-MAX_NAMESAKES:]:
                cast.by_key[key].append(entity)
        return
    if form.pieces[-1] in _SHORT_FORMS:
        cast.organisations[form.pieces[-1]].append(entity)
    first = form.pieces[0]
    if (
        set(form.pieces[1:]) & ORGANISATION_WORDS
        and first not in places() | KINDS
        and (first not in ORGANISATION_WORDS and not is_given(first))
    ):
        cast.organisations[first].append(entity)


def _add_acronyms(cast: _Cast, found: Sequence[Found], forms: dict[str, Form]) -> None:
    names = cast.registry.by_name
    for item in found:
        if item.acronym is not None:
            entity = names.get(fold(item.phrase.name))
            if entity is not None:
                names.setdefault(fold(item.acronym), entity)
    initials: dict[str, Entity] = {}
    for entity in cast.pieces:
        if not entity.person:
            words = entity.name.replace("-", " ").split()
            initials.setdefault(
                "".join(word[0] for word in words if word[0].isupper()).lower(), entity
            )
    for key, form in forms.items():
        if len(form.pieces) == 1 and len(key) > 2 and form.name.replace(".", "").isupper():
            entity = initials.get(key)
            if entity is not None:
                names.setdefault(key, entity)


def _place(cast: _Cast, item: Found, forms: dict[str, Form]) -> None:
    """Gives a name its entity and notes where it stands."""
    key = fold(item.phrase.name)
    if not key:
        return
    entity = _entity_of(cast, item, key, forms)
    if entity is None:
        return
    entity.count += 1
    if item.headline:
        return
    _learn(entity, item)
    if item.quoted:
        return
    seen = item.sentence - (GOVERNED_DISTANCE if item.governed or item.owns else 0)
    cast.last_seen[entity] = max(seen, cast.last_seen.get(entity, seen))
    cast.registry.mentions.append(
        Mention(
            entity,
            item.phrase.start,
            item.phrase.end,
            item.sentence,
            item.owns,
            item.governed,
            item.acts,
            item.modifies,
        )
    )


def _entity_of(cast: _Cast, item: Found, key: str, forms: dict[str, Form]) -> Entity | None:
    names = cast.registry.by_name
    if " " in key:
        return names.get(key)
    people: Sequence[Entity] = cast.by_key.get(key, [])[:MAX_NAMESAKES]
    if item.phrase.gender is not None:
        people = [
            entity for entity in people if entity.gender in (None, item.phrase.gender)
        ] or list(people)
    last = [entity for entity in people if bare(cast.pieces[entity])[-1] == key]
    if not last and item.phrase.courtesy:
        # "Mr. Lou" of Lou Jiwei: the family name comes first, and nobody has it last.
        last = list(people)
    chosen = _nearest(cast, last or people, item.sentence)
    if chosen is not None and not (item.definite and not item.phrase.titled):
        return chosen
    if key in names:
        return names[key]
    whole = [
        entity
        for entity in cast.organisations.get(key, [])[:MAX_NAMESAKES]
        if entity in cast.pieces
    ]
    if whole and (item.definite or key not in _SHORT_FORMS) and not item.phrase.titled:
        seen = [entity for entity in whole if entity in cast.last_seen]
        return max(seen, key=lambda entity: cast.last_seen[entity]) if seen else whole[0]
    if item.headline or chosen is not None:
        return chosen
    form = forms[key]
    sure = single_personhood(form, is_given(key) and key not in places())
    if form.courtesy:
        sure = 2
    entity = Entity(item.phrase.name, sure > 0, sure)
    names[key] = entity
    return entity


def _nearest(cast: _Cast, people: Sequence[Entity], sentence: int) -> Entity | None:
    """Who of several with a name is meant: often named in the article, or just named."""

    def weight(entity: Entity) -> float:
        often = sum(cast.forms[entity].values()) + entity.count
        seen = cast.last_seen.get(entity)
        distance = MAX_DISTANCE if seen is None else min(MAX_DISTANCE, sentence - seen)
        return math.log(1 + often) - PER_SENTENCE * distance

    return max(people[:MAX_NAMESAKES], key=weight, default=None)


def _learn(entity: Entity, item: Found) -> None:
    """What a place tells about who is named there."""
    entity.inside = entity.inside or item.inside
    if item.phrase.titled:
        entity.person, entity.sure = True, 2
    entity.gender = entity.gender or item.phrase.gender
    if item.kind is not None and not entity.person:
        entity.roles.append(item.kind)
    for role in (item.role, item.described):
        if role is None or item.quoted or not entity.person:
            continue
        entity.roles.append(role)
        entity.gender = entity.gender or role_gender(role)
        if not is_plural_role(role) and (entity.role is None or is_better_role(role, entity.role)):
            entity.role = role
