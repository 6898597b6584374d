"""Takes a run of capitalised words apart into a name and what the person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from models.quotes import words
from models.quotes.lexicon import load_lexicon
from models.quotes.tokens import TITLES, Token, is_adverb
from models.quotes.words import word_set

# A longer run of capitals is a headline.
MAX_NAME_WORDS = 4


_MALE_TITLES = word_set("mr sir lord king prince")


_FEMALE_TITLES = word_set("mrs ms miss lady dame queen princess madame")


_COURTESY = _MALE_TITLES | _FEMALE_TITLES | {"dr", "messrs", "mx"}


_TITLE_WORDS = (
    TITLES
    | _COURTESY
    | word_set(
        "president vice-president senator governor congressman congresswoman representative"
        " mayor secretary chancellor minister premier king queen prince princess pope cardinal"
        " archbishop bishop general admiral colonel captain major lieutenant sergeant judge"
        " justice professor ambassador speaker leader chairman chairwoman chair director chief"
        " spokesman spokeswoman spokesperson commissioner sheriff attorney counsel candidate"
        " nominee frontrunner front-runner host anchor columnist editor reporter correspondent"
        " strategist pollster manager adviser advisor analyst economist author founder co-founder"
        " nurse teacher farmer fisherman pastor student resident historian scientist researcher"
        " physicist biologist journalist writer novelist poet artist musician engineer architect"
        " pilot trader investor banker shopkeeper officer detective inspector councillor"
        " councilman councilwoman alderman lawmaker firefighter paramedic surgeon psychologist"
        " sociologist epidemiologist virologist campaigner organiser organizer veteran trustee"
        " coach actor actress singer comedian billionaire businessman mogul activist"
        " lawmaker lawyer historian superintendent officer detective agent rabbi father sister"
        " brother imam reverend deputy head boss coordinator lt cmdr first lady republican"
        " democrat rep. independent libertarian democratic former ex-president"
        " then-president minister american british french german russian ukrainian israeli"
        " chinese mexican canadian european turkish iranian iraqi syrian estonian polish"
        " italian spanish japanese indian baroness lord sir dame"
    )
)


_CONNECTORS = word_set("de la del der den van von bin ibn al el da di du dos")


ORGANISATION_WORDS = word_set(
    "party committee university college post times journal department ministry inc corp"
    " company council court house senate congress union association institute foundation"
    " agency bureau bank group network press news campaign commission board center centre"
    " organization organisation coalition league federation office administration"
    " government parliament army navy police force guard service services daily herald"
    " tribune gazette magazine school church society trust fund international national pac"
    " project authority club report study poll survey act constitution state states"
    " supreme"
)


# What people are rather than what they are called.
KINDS = word_set(
    "republican republicans democrat democrats democratic american americans gop russian russians"
    " ukrainian ukrainians european europeans muslim muslims christian christians jewish catholic"
    " latino latinos hispanic hispanics black white conservative conservatives liberal liberals"
    " asked top other former then one two three all last next pm british french german chinese"
)


_NOT_NAMES = (
    words.DETERMINERS
    | words.SUBJECT_PRONOUNS
    | words.CONJUNCTIONS
    | word_set(
        "monday tuesday wednesday thursday friday saturday sunday january february march"
        " april june july august september october november december also another here there"
        " now however meanwhile maybe perhaps only even just yet still both each later"
        " earlier according republicans democrats americans me him them us yes"
        " no not well"
    )
    | words.PREPOSITIONS
)


Gender = Literal["male", "female"]


@cache
def given_names() -> dict[str, Gender]:
    """The gender that a given name is evidence of."""
    text = resources.files("models.quotes").joinpath("names.txt").read_text(encoding="utf-8")
    genders: dict[str, Gender] = {}
    for line in text.splitlines():
        kind, *names = line.split()
        if kind == "male":
            genders.update(dict.fromkeys(names, "male"))
        elif kind == "female":
            genders.update(dict.fromkeys(names, "female"))
    return genders


@dataclass(frozen=True, slots=True)
class NamedPhrase:
    """A run of capitalised words taken apart."""

    name: str
    start: int
    end: int
    role: str | None
    gender: Gender | None
    titled: bool


def run_end(tokens: Sequence[Token], first: int) -> int:
    """The end of the capitalised run at `first`."""
    end = first
    while end < len(tokens):
        token = tokens[end]
        if (token.is_capital and token.lower not in _NOT_NAMES) or (
            (
                end > first
                and token.lower in _CONNECTORS
                and end + 1 < len(tokens)
                and tokens[end + 1].is_capital
            )
            or (end > first and joins_name(tokens, end))
            or (token.text == "&" and end > first and end + 1 < len(tokens))
        ):
            end += 1
        else:
            break
    while end > first and (tokens[end - 1].lower in _CONNECTORS or tokens[end - 1].text == "&"):
        end -= 1
    return end


def is_verb(word: str) -> bool:
    return word in load_lexicon() or word in words.COMMON_VERBS


def _is_certain_verb(word: str) -> bool:
    """Not one that is a noun as well, as in "talk show host"."""
    return word in words.COMMON_VERBS or any(
        not form.particles and not form.noun_like for form in load_lexicon().get(word, ())
    )


def joins_name(tokens: Sequence[Token], preposition: int) -> bool:
    """ "Secretary of State", "the Center for Public Integrity": a preposition within a name."""
    if not 0 < preposition < len(tokens) - 1 or not tokens[preposition + 1].is_capital:
        return False
    before = tokens[preposition - 1]
    bare = before.lower.rstrip(".")
    if not before.is_capital or tokens[preposition].lower not in ("of", "for", "on"):
        return False
    return bare in ORGANISATION_WORDS or (
        tokens[preposition].lower == "of" and bare in _TITLE_WORDS
    )


def take_apart(tokens: Sequence[Token], first: int, end: int, text: str) -> NamedPhrase | None:
    """Splits "Texas Gov. Greg Abbott" into a name and what the person is."""
    name_first = first
    titled = False
    gender: Gender | None = None
    for index in range(first, end):
        bare = tokens[index].lower.rstrip(".")
        if bare in _TITLE_WORDS and index + 1 < end:
            following = tokens[index + 1].lower
            if following == "of":
                continue
            name_first, titled = index + 1, True
            if bare in _MALE_TITLES or bare.endswith(("sman", "irman")):
                gender = "male"
            elif bare in _FEMALE_TITLES or bare.endswith("woman"):
                gender = "female"
        elif (
            bare == "of"
            and titled is False
            and index > first
            and (tokens[index - 1].lower.rstrip(".") in _TITLE_WORDS)
        ):
            # "Secretary of State John Kerry": one more word belongs to the title.
            name_first, titled = min(index + 2, end), True
    if name_first >= end:
        return None
    if end - name_first > MAX_NAME_WORDS and not any(
        token.lower in ORGANISATION_WORDS for token in tokens[name_first:end]
    ):
        return None
    start, stop = tokens[name_first].start, tokens[end - 1].end
    role = _role_before(tokens, first, name_first, text)
    given = tokens[name_first].lower
    if gender is None and end - name_first > 1:
        gender = given_names().get(given.split("-")[0])
    return NamedPhrase(text[start:stop], start, stop, role, gender, titled)


def _role_before(tokens: Sequence[Token], first: int, name_first: int, text: str) -> str | None:
    """The words before a name that say what the person is: "EU foreign policy chief"."""
    start = first
    guard = 0
    while start > 0 and guard < 8:
        token = tokens[start - 1]
        lower = token.lower
        if not token.is_word or lower in words.DETERMINERS:
            break
        if lower in words.CONJUNCTIONS or lower in words.PREPOSITIONS or is_adverb(token):
            break
        if lower in words.AUXILIARIES or lower in words.OCCASIONS:
            break
        if token.text == lower and _is_certain_verb(lower):
            break
        if lower.endswith(("ed", "ing")) and not token.is_capital:
            break
        start -= 1
        guard += 1
    while start < name_first and tokens[start].lower.rstrip(".") in _COURTESY:
        start += 1
    if start >= name_first:
        return _role_before_comma(tokens, first, text)
    last = tokens[name_first - 1]
    bare = last.lower.rstrip(".")
    is_role = (
        bare in _TITLE_WORDS
        or (
            last.text == last.lower
            and len(bare) > 5
            and bare.endswith(("er", "or", "ist", "man", "ian", "ant", "ent"))
        )
        or any(token.lower.rstrip(".") in _TITLE_WORDS for token in tokens[start:name_first])
    )
    if not is_role or bare in _COURTESY:
        return None
    return " ".join(text[tokens[start].start : last.end].split())


def _role_before_comma(tokens: Sequence[Token], first: int, text: str) -> str | None:
    """ "the chancellor, Rachel Reeves, said"."""
    if first < 3 or tokens[first - 1].text != "," or tokens[first - 2].is_capital:
        return None
    if tokens[first - 2].lower not in _TITLE_WORDS:
        return None
    for start in range(first - 2, max(-1, first - 8), -1):
        if not tokens[start].is_word:
            return None
        if tokens[start].lower in words.DETERMINERS:
            return " ".join(text[tokens[start + 1].start : tokens[first - 2].end].split())
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
    if stop == first or stop >= len(tokens) or _is_certain_verb(tokens[first].lower):
        return None
    if tokens[stop].text not in (",", ".", ";") and tokens[stop].lower not in ("who",):
        return None
    # The first noun before a preposition must be a role, or it is another name in a list.
    head = first
    while head + 1 < stop and tokens[head + 1].lower not in words.PREPOSITIONS | {"and"}:
        head += 1
    noun = tokens[head].lower
    if noun.endswith("s") and not noun.endswith("ss"):
        # A plural speaks of several people.
        return None
    if (
        noun not in _TITLE_WORDS
        and not introduced
        and not (
            noun.endswith(("er", "or", "ist", "man", "woman", "ian"))
            and not tokens[head].is_capital
        )
    ):
        return None
    return " ".join(text[tokens[first].start : tokens[stop - 1].end].split())
