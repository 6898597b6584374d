"""Whether what an article names is surely a person, or surely an organisation."""

from __future__ import annotations

import re
from itertools import pairwise

from models.quotes.speakers.entities import Entity, Registry, fold
from models.quotes.speakers.namewords import KINDS, QUALIFIERS
from models.quotes.speakers.roles import GROUP_NOUNS
from models.quotes.speakers.wordlists import is_given, places
from models.quotes.words import word_set

# Named more often, a single word that once had a title before it is a name and no accident.
SELDOM = 2
# A name of several words that ends with one of them, or has it before "of" or "for".
_ORGANISATION_HEADS = word_set(
    "party committee university college department ministry inc corp corporation company council"
    " court senate congress union association institute foundation agency bureau bank group"
    " network press commission board coalition organization organisation league federation"
    " parliament army navy force guard society trust fund club alliance forum airlines motors"
    " holdings industries partners caucus legislature assembly pac authority service news times"
    " post journal tribune herald gazette ltd plc llc administration"
)
# A name that ends with one of them is a place, a text, an event or an illness.
_OTHER_HEADS = word_set(
    "city county state states country nation kingdom district street avenue road square park"
    " garden gardens bridge beach valley river lake bay island islands mountain mountains tower"
    " hall airport hotel stadium theater theatre museum library center centre act law bill treaty"
    " pact agreement accord deal plan partnership amendment constitution report study poll survey"
    " war day award prize bowl disorder syndrome disease virus game games cup debate convention"
    " order hook people"
)
_PLACE_ROLES = word_set("city state country nation kingdom site website blog campaign")
# Before a capital they are as often an adjective as a title: "Head Start", "General Motors".
_WEAK = word_set(
    "head first star major chief general independent republican democrat libertarian father"
    " sister brother executive young former"
)
_WHERE = word_set("capitol southeast southwest northeast northwest super")
_LEGISLATURES = word_set("house senate congress council legislature parliament assembly")
_PLURAL = re.compile(r"[A-Z]{2,}s")


def is_person(entity: Entity) -> bool:
    """By title, given name and last name, or role; a single word needs a title or a role."""
    pieces = fold(entity.name).split()
    if not entity.person or not pieces or pieces[-1] in _OTHER_HEADS:
        return False
    titles = {word.rstrip(".").lower() for word in (entity.role or "").split()}
    if len(pieces) == 1:
        often = entity.role is None and entity.count > SELDOM and not is_given(pieces[0])
        return entity.sure > 1 and (entity.gender is not None or bool(titles - _WEAK) or often)
    if entity.sure > 1 and not _PLURAL.fullmatch(entity.name.split()[-1]):
        return True
    return bool(titles) and not set(pieces) & (places() | KINDS | QUALIFIERS | _WHERE)


def is_organisation(entity: Entity, registry: Registry) -> bool:
    """By the words of its name, by an acronym of it, or by what the article calls it."""
    pieces = fold(entity.name).split()
    if entity.person or not pieces or all(piece in places() for piece in pieces):
        return False
    if pieces[-1] in _OTHER_HEADS or (pieces[0] in KINDS and pieces[-1] in _LEGISLATURES):
        return False
    if len(pieces) > 1 and (
        pieces[-1] in _ORGANISATION_HEADS
        or any(
            joint in ("of", "for") and before in _ORGANISATION_HEADS
            for before, joint in pairwise(pieces)
        )
    ):
        return True
    if len(pieces) > 2 and registry.by_name.get(_initials(entity.name)) is entity:
        return True
    if len(pieces) == 1 and (not pieces[0].isalpha() or entity.name.endswith("s")):
        # "Saudis", "K-12"
        return False
    heads = {role.lower().split()[-1] for role in entity.roles if role.split()}
    return bool(heads & (GROUP_NOUNS - _PLACE_ROLES))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper()).lower()
