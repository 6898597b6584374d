"""Whether a name is a person's: what all the places where it stands tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.quotes.speakers.namewords import KINDS, ORGANISATION_WORDS, QUALIFIERS
from models.quotes.speakers.wordlists import is_given, places
from models.quotes.words import word_set

# Capitalised words with these endings name peoples and parties, not persons.
_PLURAL_ENDINGS = ("ans", "crats", "ists", "ians", "ese")
# Parts of organisations' names that a person's may have.
_CAMEL = re.compile(r"[a-z][A-Z]")
# "WikiLeaks" is no person, "McCain" is.
_PREFIXES = ("Mc", "Mac", "De", "Di", "Du", "Le", "La", "Van", "Von", "O'", "O’")
_ALSO_LAST = word_set("park day hall bill law war bank board post press street")


@dataclass(slots=True)
class Form:
    """A name as it is written, with what all its places tell."""

    name: str
    pieces: list[str]
    count: int = 0
    inside: int = 0
    titled: int = 0
    courtesy: int = 0
    definite: int = 0
    located: int = 0
    described: int = 0
    acts: int = 0
    owns: int = 0
    modifies: int = 0


def personhood(form: Form, forms: dict[str, Form]) -> int:
    """0 for no person, 1 for a likely one, 2 for a sure one."""
    if form.courtesy:
        return 2
    pieces = form.pieces
    given = is_given(pieces[0]) and not (pieces[0] in places() and len(pieces) == 1)
    if len(pieces) == 1:
        return single_personhood(form, given)
    rest = pieces[1:] if given else pieces
    known = set(rest) & ORGANISATION_WORDS
    alone = forms.get(pieces[-1])
    if known and not (known <= _ALSO_LAST and (form.titled or (given and alone is not None))):
        return 0
    if "&" in form.name or any(word in ("of", "for", "on", "to") for word in pieces):
        return 0
    if pieces[0] in QUALIFIERS | KINDS and not given:
        # "American Crossroads"
        return 0
    if all(piece in places() for piece in pieces) or (pieces[0] in places() and not given):
        return 0
    if rest[-1] in KINDS or (rest[-1].endswith(_PLURAL_ENDINGS) and not given):
        return 0
    if any(word.isupper() and len(word) > 2 for word in form.name.split()) and not given:
        return 0
    score = 2.0 * given + 2.0 * bool(form.titled) + 1.0 * bool(form.described)
    score += 1.5 * (alone is not None and not alone.definite)
    score += 1.0 * bool(form.acts) + 1.0 * any(len(piece) == 1 for piece in pieces[1:-1])
    score -= 2.0 * (2 * form.definite > form.count) + 1.0 * (2 * form.located > form.count)
    return 2 if score >= 2 else int(score >= 1)


def single_personhood(form: Form, given: bool) -> int:
    word = form.pieces[0]
    if form.titled:
        return 2
    if word in places() or word in ORGANISATION_WORDS or word.endswith(_PLURAL_ENDINGS):
        return 0
    if _CAMEL.search(form.name) and not form.name.startswith(_PREFIXES):
        return 0
    if form.name.isupper() or "." in form.name or 2 * form.definite > form.count:
        return 0
    if given:
        return 2 if form.inside or form.count > 1 else 1
    if 2 * form.modifies > form.count or (not form.inside and word.endswith("s")):
        return 0
    return int(
        2 * form.located <= form.count and (form.acts > 0 or (form.inside > 0 and form.owns > 0))
    )
