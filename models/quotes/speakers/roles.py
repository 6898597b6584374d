"""What the words beside a name say that the person is."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.speakers.namewords import COURTESY, OFFICES, TITLE_WORDS
from models.quotes.speakers.titles import is_certain_verb, is_occupation
from models.quotes.tokens import Token, is_adverb
from models.quotes.words import word_set

# Nouns for people that the word lists elsewhere do not have.
_PEOPLE = word_set(
    "pm politician businessman businesswoman nominee democrat republican man woman expert"
    " scholar native fellow aide ally supporter owner backer donor employee executive retiree"
    " graduate parent clerk cook deputy partner colleague counterpart predecessor successor"
    " chair dean friend neighbor neighbour survivor immigrant opponent winner champion titan"
    " guru enthusiast socialist independent voter official diplomat heir resident strategist"
    " warden cop chef guard monk nun midwife priest bishop marine vet pro tycoon magnate"
    " president-elect senator-elect newcomer nurse judge head chief counsel pioneer chairperson"
    " boss mogul commentator pundit legislator politician star king queen prince pope premier"
    " frontrunner front-runner lawmaker scientist journalist columnist anchor actress"
)
# They end like words for people and are none.
_THINGS = word_set(
    "number order matter power factor error winter center letter chapter paper tower river"
    " water offer answer dinner summer quarter border corner shoulder computer newspaper"
    " helicopter disaster september october november december layer barrier weather cover"
    " carrier pattern sector motor mirror floor door color colour labor labour favor favour"
    " behavior terror horror odor harbor harbour chamber character gender engine murder"
    " monster member's trailer thriller poster list twist mist fist wrist assist resist"
    " plant grant restaurant amount statement government department parliament agreement"
    " moment percent cent event investment amendment treatment argument movement element"
    " development document environment settlement payment accident incident comment content"
    " continent segment apartment management announcement endorsement tournament instrument"
    " enrollment unemployment employment entertainment experiment extent intent talent"
    " median guardian minor corridor hour tour detour contour another either neither rather"
    " over under after ever never other elder younger senior force"
    " together later server hammer cancer fever career buffer ladder leather power lever beer"
    " gear cheer deer peer soccer super offer tender finger anger danger hunger sister-in-law"
    " flavor vapor tremor humor honor error major prior superior interior exterior sensor"
    " current recent present absent silent violent different ancient excellent apparent"
    " important relevant significant instant distant constant pregnant vacant giant"
    " content patent client event scent spent sent went lent rent tent bent dent vent"
)

# Nouns for organisations that a short form may take up.
GROUP_NOUNS = word_set(
    "group company court bank agency party university college pac committee newspaper paper"
    " magazine network firm union department ministry government foundation fund coalition"
    " board commission organization organisation outlet publication site website station"
    " church team school council association institute center centre campaign administration"
    " bureau office league club nonprofit charity think-tank tank alliance corporation"
    " manufacturer maker automaker airline retailer startup chain hospital tribunal panel"
    " legislature parliament congress senate house journal daily tabloid broadcaster channel"
    " blog trust society federation institution nation country kingdom city state"
)

# Texts that speak for those who made them.
DOCUMENT_NOUNS = word_set(
    "poll survey report study average analysis lawsuit complaint memo letter document statement"
    " article story account editorial paper book film documentary ad spot brief tally review"
    " investigation ruling decision order bill resolution platform transcript email website"
)


def is_office(noun: str) -> bool:
    """Whether a noun, in lower case, is never anything but what a person is."""
    return noun in OFFICES or noun in _PEOPLE or noun in words.ROLE_NOUNS


def is_person_noun(noun: str) -> bool:
    """Whether a noun, in lower case, says what a person is."""
    noun = noun.rstrip(".")
    if is_office(noun):
        return True
    if "-" in noun:
        noun = noun.rpartition("-")[2]
        if noun in OFFICES or noun in _PEOPLE:
            return True
    return (
        noun not in _THINGS
        and len(noun) > 4
        and noun.endswith(
            ("er", "or", "ist", "man", "woman", "ian", "ant", "ent", "eer", "ee", "official")
        )
        and not noun.endswith(("ment", "ower", "ttee", "sion"))
    )


_NOT_FIRST = word_set("then now threw fellow meanwhile elder younger one other another")


def role_before(tokens: Sequence[Token], first: int, name_first: int, text: str) -> str | None:
    """The words before a name that say what the person is: "EU foreign policy chief".

    `first` is where the run of capitals with the name in it begins.
    """
    start = first
    guard = 0
    capitals = int(first < name_first)
    while start > 0 and guard < 8:
        token = tokens[start - 1]
        lower = token.lower
        if token.is_capital and not tokens[start].is_capital:
            # "… Trump threw reporter Ramos": what stands before another name is no role.
            capitals += 1
            if capitals > 2:
                break
        if not token.is_word or lower in words.DETERMINERS:
            break
        if lower in words.CONJUNCTIONS or lower in words.PREPOSITIONS or is_adverb(token):
            break
        if lower in words.AUXILIARIES or lower in words.OCCASIONS:
            break
        if lower in words.SUBJECT_PRONOUNS or (token.text == lower and is_certain_verb(lower)):
            break
        if lower.endswith(("ed", "ing")) and not token.is_capital and lower != "retired":
            break
        start -= 1
        guard += 1
    if start > 0 and tokens[start - 1].lower == "to" and start < first:
        # "to unseat Rep. Ruiz"
        start += 1
    while start < name_first and tokens[start].lower in _NOT_FIRST:
        start += 1
    while start < name_first and tokens[start].lower.rstrip(".") in COURTESY:
        start += 1
    if start >= name_first:
        return _role_before_comma(tokens, first, text)
    last = tokens[name_first - 1]
    bare = last.lower.rstrip(".")
    is_role = (
        bare in TITLE_WORDS
        or is_occupation(bare, 3)
        or (last.text == last.lower and is_person_noun(bare))
        or (
            last.is_capital
            and any(token.lower.rstrip(".") in TITLE_WORDS for token in tokens[start:name_first])
        )
    )
    if not is_role or bare in COURTESY:
        return None
    return " ".join(text[tokens[start].start : last.end].split()) or None


def _role_before_comma(tokens: Sequence[Token], first: int, text: str) -> str | None:
    """ "the chancellor, Rachel Reeves, said"."""
    if first < 3 or tokens[first - 1].text != "," or tokens[first - 2].is_capital:
        return None
    if not is_person_noun(tokens[first - 2].lower):
        return None
    for start in range(first - 2, max(-1, first - 8), -1):
        lower = tokens[start].lower
        if not tokens[start].is_word or (lower in words.PREPOSITIONS and lower != "of"):
            return None
        if tokens[start].lower in words.DETERMINERS:
            return " ".join(text[tokens[start + 1].start : tokens[first - 2].end].split()) or None
    return None


def role_after(tokens: Sequence[Token], end: int, text: str) -> str | None:
    """The appositive after a name: ", the former prime minister of Estonia,"."""
    if end + 2 >= len(tokens) or tokens[end].text != ",":
        return None
    first = end + 1
    if tokens[first].text.isdigit() and first + 2 < len(tokens) and tokens[first + 1].text == ",":
        first += 2
    introduced = tokens[first].lower in ("a", "an", "the", "its", "his", "her", "their")
    if introduced and first + 1 < len(tokens):
        first += 1
    stop = _role_end(tokens, first)
    begins = tokens[first].lower
    if begins in words.CONJUNCTIONS or is_certain_verb(begins):
        return None
    if stop == first or stop >= len(tokens):
        return None
    if tokens[stop].text not in (",", ".", ";") and tokens[stop].lower not in ("who",):
        return None
    # The first noun before a preposition must be a role, or it is another name in a list.
    head = first
    while head + 1 < stop and tokens[head + 1].lower not in words.PREPOSITIONS | {"and"}:
        head += 1
    noun = tokens[head].lower
    if noun.endswith("s") and not noun.endswith("ss") and noun not in OFFICES:
        # A plural speaks of several people.
        return None
    if not is_person_noun(noun) or (tokens[head].is_capital and noun not in TITLE_WORDS):
        return None
    return " ".join(text[tokens[first].start : tokens[stop - 1].end].split()) or None


def _role_end(tokens: Sequence[Token], first: int) -> int:
    stop = first
    while stop < len(tokens) and stop - first < 14:
        token = tokens[stop]
        if token.quote is not None or (
            not token.is_word and token.text not in ("'s", "’s", "&", "-")
        ):
            break
        if token.lower in ("who", "which", "that", "said", "says", "told") or (
            token.lower in words.AUXILIARIES - {"'s"}
        ):
            break
        stop += 1
    return stop


def group_after(tokens: Sequence[Token], end: int, text: str) -> str | None:
    """What an organisation is, after its name: ", a steel company,"."""
    if end + 2 >= len(tokens) or tokens[end].text != ",":
        return None
    first = end + 1
    if tokens[first].lower not in ("a", "an", "the", "another", "its"):
        return None
    stop = first + 1
    while (
        stop < len(tokens)
        and stop - first < 9
        and (
            (tokens[stop].is_word or tokens[stop].text in ("-", "'s", "’s"))
            and tokens[stop].lower not in words.PREPOSITIONS | words.RELATIVES | words.AUXILIARIES
        )
    ):
        stop += 1
    if stop == first + 1 or tokens[stop - 1].lower not in GROUP_NOUNS:
        return None
    return " ".join(text[tokens[first + 1].start : tokens[stop - 1].end].split()) or None


def group_before(tokens: Sequence[Token], first: int, text: str) -> str | None:
    """What an organisation is, before its name: "the super PAC Priorities USA"."""
    at = first - 1
    if at > 0 and tokens[at].text == ",":
        at -= 1
    if at < 0 or tokens[at].lower not in GROUP_NOUNS:
        return None
    if tokens[at].is_capital and not tokens[at].text.isupper():
        return None
    return tokens[at].text


def is_better_role(role: str, known: str) -> bool:
    """What somebody is now tells more than what they were; words more than "Sen."."""
    return (_is_past(known) and not _is_past(role)) or (
        len(known.split()) == 1 and len(role.split()) > 1 and known[-1:] == "."
    )


def is_plural_role(role: str) -> bool:
    """ "candidates Smith and Jones": it is not the role of one."""
    last = role.rsplit(maxsplit=1)[-1]
    return last.islower() and last.endswith("s") and not last.endswith("ss")


def _is_past(role: str) -> bool:
    return role.lower().startswith(("former", "ex-", "then-", "late "))
