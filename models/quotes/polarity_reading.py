"""The words of an attribution that can deny or withhold its content, and the one that decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes import polarity_words as table
from models.quotes.words import AUXILIARIES, BE
from stancewire.records import Span

# More than these, in characters, and the words belong to another clause.
MAX_BEFORE = 80
MAX_CUE = 200
MAX_GAP = 80
MAX_LEAD = 120

_WORD = re.compile(r"'(?:s|re|ve|ll|d|m)\b|[^\W\d_]+(?:-[^\W\d_]+)*|\d+|,")
_BREAK = re.compile(r"[.!?;:—–\n\"“”«»,]")
_SET_OFF = re.compile(r"[,:.\n—–]")
_MARKS = "\"“”„‟＂'‘’«»‹›「」『』`"


@dataclass(slots=True)
class CueClause:
    """The words of an attribution, in lower case."""

    cue: list[str]
    """With the auxiliaries and negations before it."""
    gap: list[str]
    """Between the cue and a content after it."""
    lead: list[str]
    """The first words of the content."""
    source: list[str]
    own_words: bool
    """A colon, or marks and a comma, set the content off: it is not an object of the cue."""


def read_clause(text: str, contents: Sequence[Span], cue: Span, source: Span | None) -> CueClause:
    """What the polarity of an attribution hangs on; contents are in the order of the text."""
    start, end = cue
    after = next((span for span in contents if span[0] >= end), None)
    first = after or contents[0]
    between = text[end : first[0]] if after and first[0] - end <= MAX_GAP else ""
    edges = [edge for _, edge in (*contents, *([source] if source else ())) if edge <= start]
    low = max((start - MAX_BEFORE, 0, *edges))
    before = _words(_BREAK.split(text[low:start])[-1])
    who = [] if source is None else _words(text[source[0] : source[1]])
    helpers = _helpers(before)
    if source and source[1] <= start and len(helpers) == len(before):
        # A source may have been read with the negation after it.
        ending = [word for word in who[-1:] if word in table.NEGATIONS]
        helpers = _inverted(text, source[0]) + ending + helpers
    content = text[first[0] : contents[-1][1]].strip()
    quoted = len(content) > 1 and content[0] in _MARKS and content[-1] in _MARKS
    before_content = text[end - 1 : first[0]] if after else ","
    return CueClause(
        cue=_last_verb(helpers + _words(text[start : min(end, start + MAX_CUE)])),
        gap=_words(between),
        lead=_words(text[first[0] : min(first[1], first[0] + MAX_LEAD)]),
        source=who,
        own_words=(quoted and _SET_OFF.search(before_content) is not None)
        or before_content.rstrip().endswith(":"),
    )


def _words(text: str) -> list[str]:
    """Words and commas; "didn't" and "cannot" are two words."""
    lower = text.lower().replace("’", "'").replace("cannot", "can not").replace("won't", "will not")
    return _WORD.findall(lower.replace("can't", "can not").replace("n't", " not"))


def _helpers(before: Sequence[str]) -> list[str]:
    """The auxiliaries, negations and refusals right before a cue."""
    kept: list[str] = []
    at = len(before) - 1
    while at >= 0:
        word = before[at]
        if word in ("or", "nor") and at > 0:
            # "did not confirm or deny", "neither confirmed nor denied".
            kept.append(word)
            at -= 2
        elif _is_helper(word) or word in table.TURNING:
            kept.append(word)
            at -= 1
        else:
            break
    return [word for word in reversed(kept) if word != "or"]


def _last_verb(cue: list[str]) -> list[str]:
    """ "denied the charges, saying": the content is what is being said."""
    for at in range(len(cue) - 1, 0, -1):
        if cue[at - 1] == "," and cue[at].endswith("ing") and cue[at] in table.STATES:
            return cue[at:]
    return cue


def _inverted(text: str, end: int) -> list[str]:
    """The negation of "nor did Smith say", "at no time has she said"."""
    words = _words(_BREAK.split(text[max(0, end - MAX_BEFORE) : end])[-1])
    if not words or words[-1] not in AUXILIARIES:
        return []
    opening = words[-4:-1]
    no = not {"no", "not"}.isdisjoint(opening)
    last = opening[-1] if opening else ""
    if last in table.INVERTING or (no and last in ("time", "point", "once")):
        return ["not"]
    return []


def is_nobody(source: Sequence[str]) -> bool:
    """ "no one", "none of them"; not "No. 10"."""
    no = source[:1] == ["no"] and len(source) > 1 and source[1].isalpha()
    return no or not table.NOBODY.isdisjoint(source[:1])


@dataclass(slots=True)
class Found:
    """The word that decides, what it is, and what stands before it."""

    role: str
    word: str = ""
    at: int = 0
    negated: bool = False
    refused: bool = False


def find_verb(clause: CueClause, negated: bool) -> Found:
    """The first word of the cue that decides its polarity; `negated` is where to start from."""
    words = clause.cue
    refused = opened = False
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        pending = negated or refused
        if word == "no" and following != "longer":
            return _noun(words, at)
        if word == "nothing":
            return Found("idiom" if following in table.SOMETHING else "no word", word, at)
        if _turns(words, at):
            if opened and word in table.NEGATIONS and words[at - 1] in AUXILIARIES:
                break  # another clause: "went on as if he did not hear"
            if word in table.HINDRANCES or word in table.REFUSALS:
                refused = word in table.REFUSALS and not negated
                negated = word in table.HINDRANCES and not negated
            else:
                negated = True
        elif word in table.WILLING and negated:
            refused, negated = True, False
        elif role := _role(words, at, pending):
            states = role in table.STATING_ROLES and not pending
            if not (states and _goes_on(words[at + 1 : at + 3])):
                return Found(role, word, at, negated, refused)
        elif not _is_helper(word):
            if pending:
                was = not BE.isdisjoint(words[max(0, at - 3) : at])
                verb = refused or not was or word.endswith(("ed", "en", "ing"))
                return Found("other" if verb else "quality", word, at, negated, refused)
            opened = True
    return Found("none", "", len(words), negated, refused)


def _turns(words: Sequence[str], at: int) -> bool:
    """Whether a word negates the verb after it."""
    word, rest = words[at], words[at + 1 : at + 5]
    before = words[at - 1] if at > 0 else ""
    match word:
        case "never":
            # "had never before said", "never so plainly said": now it is said.
            return rest[:1] not in (["before"], ["so"])
        case "no" | "yet":
            return rest[:1] == (["longer"] if word == "no" else ["to"])
        case "short" | "rather" | "instead":
            return rest[:1] in (["of"], ["than"]) and _is_gerund(rest[1:])
        case "without":
            return _is_gerund(rest) and before not in ("go", "goes", "went")
    if word in table.NEGATIONS:
        return before not in table.HARD and table.ONLY.isdisjoint(rest[:1])
    if word in table.HINDRANCES:
        # "failed to say", "avoided saying"; not "the failed plan".
        return word in table.AVOIDING or rest == [] or "to" in rest
    return word in table.REFUSALS


def _goes_on(rest: Sequence[str]) -> bool:
    """ "said nothing", "decided not to", "responded by denying": the next words decide."""
    return not table.CONTINUES.isdisjoint(rest[:1]) or (rest[:1] == ["by"] and _is_gerund(rest[1:]))


def _is_gerund(rest: Sequence[str]) -> bool:
    return next((word for word in rest if not word.endswith("ly")), "").endswith("ing")


def _is_helper(word: str) -> bool:
    return word in table.BETWEEN or word.endswith("ly")


def _noun(words: Sequence[str], at: int) -> Found:
    """What "no" is said of: "made no mention of", "has no plans to"."""
    for later in range(at + 1, min(at + 5, len(words))):
        word = words[later]
        if word in table.REASONS and words[later + 1 : later + 2] not in ([], ["to"]):
            return Found("no word", word, later)  # "no reason was given"
        if word in table.NO_WORD:
            return Found("no word", word, later)
        if word in table.NO_WILL:
            return Found("opinion", word, later, negated=True)
    return Found("idiom", "no", at)


def _role(words: Sequence[str], at: int, pending: bool) -> str:
    word = words[at]
    particles = words[at + 1 : at + 3]
    gives_way = word in table.BACKING and not {"away", "down"}.isdisjoint(particles)
    if pending and (gives_way or word in table.LITOTES):
        return "idiom"
    if word in table.RULING and "out" in particles:
        return "denial"
    if not {*table.REJECTING_PARTICLES.get(word, ())}.isdisjoint(particles):
        return "rejection"
    groups = table.ROLES | (table.NEGATED_ROLES if pending else {}) | table.STATING_ROLES
    return next((role for role, group in groups.items() if word in group), "")
