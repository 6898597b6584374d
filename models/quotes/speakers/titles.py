"""Takes a run of capitalised words apart into a name and what the person is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.lexicon import load_lexicon
from models.quotes.speakers.namewords import (
    BARE_NAMES,
    CONNECTORS,
    COURTESY,
    DENOMINATIONS,
    FEMALE_ROLES,
    FEMALE_TITLES,
    JOINTS,
    MALE_ROLES,
    MALE_TITLES,
    MONTH_NAMES,
    NOT_NAMES,
    OCCUPATION_ENDINGS,
    OCCUPATIONS,
    OFFICES,
    ORGANISATION_WORDS,
    QUALIFIERS,
    TITLE_WORDS,
)
from models.quotes.speakers.wordlists import Gender, given_gender, is_given, places
from models.quotes.tokens import TITLES, Token

# A longer run of capitals is a headline.
MAX_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class NamedPhrase:
    """A run of capitalised words taken apart: the tokens from `first` on are the name."""

    name: str
    start: int
    end: int
    first: int
    gender: Gender | None
    titled: bool
    courtesy: bool


def runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """First token and end of each capitalised run, in order."""
    index = 0
    while index < len(tokens):
        end = run_end(tokens, index)
        if end > index:
            yield index, end
        index = max(end, index + 1)


def run_end(tokens: Sequence[Token], first: int) -> int:
    """The end of the capitalised run at `first`."""
    end = first
    while end < len(tokens):
        token = tokens[end]
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        if (
            (token.is_capital and not _is_no_name(token, following))
            or (
                # "Alliance to Reclaim Our Schools"
                end > first + 1
                and token.is_capital
                and token.lower in words.POSSESSIVES
                and following is not None
                and following.is_capital
            )
            or (
                (end > first and token.lower in CONNECTORS and following and following.is_capital)
                or (end > first and joins_name(tokens, end))
                or (token.text == "&" and end > first and following is not None)
            )
        ):
            end += 1
        else:
            break
    while end > first and (
        tokens[end - 1].lower in CONNECTORS | JOINTS or tokens[end - 1].text == "&"
    ):
        end -= 1
    return end


def _is_no_name(token: Token, following: Token | None) -> bool:
    if token.lower not in NOT_NAMES:
        return False
    if token.lower in MONTH_NAMES:
        # "June Allyson" is somebody, "June 18" and "In June Smith" are not told apart further.
        return following is None or not following.is_capital
    # "U.S." is a country, "ME" and "US" as part of names in capitals are not pronouns.
    return not (token.text.isupper() and len(token.text) > 1 and token.lower in ("us", "it"))


def is_verb(word: str) -> bool:
    return word in load_lexicon() or word in words.COMMON_VERBS


def is_certain_verb(word: str) -> bool:
    """Not one that is a noun as well, as in "talk show host"."""
    return word in words.COMMON_VERBS or any(
        not form.particles and not form.noun_like for form in load_lexicon().get(word, ())
    )


def joins_name(tokens: Sequence[Token], at: int) -> bool:
    """ "Secretary of State", "the Center for Public Integrity": a small word within a name."""
    if not 0 < at < len(tokens) - 1:
        return False
    before, joint, after = tokens[at - 1], tokens[at].lower, tokens[at + 1]
    bare = before.lower.rstrip(".")
    if joint in ("of", "for") and after.lower == "the" and at + 2 < len(tokens):
        # "the Court of Appeals for the 3rd Circuit"
        after = tokens[at + 2]
        return (
            bare in ("appeals", "court", "bank", "association", "department")
            and (after.is_capital or after.text[0].isdigit())
            and before.is_capital
        )
    if joint == "the" and at > 1 and tokens[at - 1].lower in ("of", "for"):
        return joins_name(tokens, at - 1)
    if at > 2 and tokens[at].text[0].isdigit() and after.is_capital:
        return tokens[at - 1].lower == "the" and joins_name(tokens, at - 2)
    if not before.is_capital or not after.is_capital or joint not in ("of", "for", "on", "to"):
        return False
    if joint == "to":
        return bare in ("alliance", "committee", "campaign", "coalition")
    return bare in ORGANISATION_WORDS or (joint == "of" and bare in TITLE_WORDS)


def names_organisation(lowered: Sequence[str]) -> bool:
    """Whether the words of a name, in lower case, are those of an organisation."""
    return any(word.strip(".'’") in ORGANISATION_WORDS for word in lowered)


def take_apart(tokens: Sequence[Token], first: int, end: int, text: str) -> NamedPhrase | None:
    """Splits "Texas Gov. Greg Abbott" into a name and what the person is."""
    first, end = _bare_edges(tokens, first, end)
    if first >= end:
        return None
    lowered = [token.lower for token in tokens[first:end]]
    start_of_name = first if _is_organisation(lowered) else _name_start(tokens, first, end)
    if start_of_name >= end:
        return None
    organisation = names_organisation([token.lower for token in tokens[start_of_name:end]])
    if end - start_of_name > MAX_NAME_WORDS and not organisation:
        return None
    titles = [token.lower.rstrip(".") for token in tokens[first:start_of_name]]
    gender = _titles_gender(titles)
    given = tokens[start_of_name].lower
    if gender is None and end - start_of_name > 1:
        gender = given_gender(given)
    start, stop = tokens[start_of_name].start, tokens[end - 1].end
    return NamedPhrase(
        " ".join(text[start:stop].split()),
        start,
        stop,
        start_of_name,
        gender,
        bool(titles) and not organisation,
        bool(titles) and titles[-1] in COURTESY,
    )


def _bare_edges(tokens: Sequence[Token], first: int, end: int) -> tuple[int, int]:
    """Without a verb or adverb that opens the sentence: "Speaking", "Asked"."""
    if first == 0 and end > 1:
        word = tokens[0].lower
        following = tokens[1].lower.rstrip(".")
        asks = tokens[-1].text == "?" and word in words.AUXILIARIES
        if (
            word in ("given", "like", "unlike", "recall")
            or (is_verb(word) and (following in TITLES or is_given(following)))
            or word.endswith(("ing", "ly"))
            or (word.endswith("ed") and is_verb(word))
            or word in words.AUXILIARIES
        ) and (asks or not (is_given(word) or word in TITLE_WORDS)):
            first = 1
    return first, end


def _is_organisation(lowered: Sequence[str]) -> bool:
    """It ends like an organisation, or is one that deals with something: "Bank of Utah"."""
    if lowered[-1].strip(".'’") in ORGANISATION_WORDS:
        return True
    return any(
        word in ("of", "for", "on", "to") and lowered[at - 1] in ORGANISATION_WORDS
        for at, word in enumerate(lowered)
        if at > 0
    ) and not any(word.rstrip(".") in TITLE_WORDS - QUALIFIERS for word in lowered)


def _name_start(tokens: Sequence[Token], first: int, end: int) -> int:
    """Where the name begins after titles; `end` if there are only titles."""
    lowered = [token.lower.rstrip(".") for token in tokens[first:end]]
    if len(lowered) > 1 and is_given(lowered[0]) and lowered[0] not in TITLE_WORDS | places():
        # "Larry King"
        return first
    last_title = -1
    for index, word in enumerate(lowered):
        if (
            word not in TITLE_WORDS
            and not OFFICES & {word.rpartition("-")[2], word.removesuffix("s")}
            and not (index == last_title + 1 and is_occupation(word, len(lowered) - index))
        ):
            continue
        if (
            word in BARE_NAMES
            and not tokens[first + index].text.endswith(".")
            and index > 0
            and lowered[index - 1] in TITLE_WORDS
        ):
            continue
        last_title = index
    if last_title < 0:
        return first
    if last_title == len(lowered) - 1:
        # A last name that is a title as well, "Howard Dean", stands after a given one.
        return end
    start = last_title + 1
    if all(word in QUALIFIERS for word in lowered[:start]) and not is_given(lowered[start]):
        # "American Crossroads"
        return first + start if lowered[0] == "former" else first
    if lowered[start] == "of":
        # "Secretary of State John Kerry", "Director of National Intelligence James Clapper"
        for index in range(start + 1, len(lowered) - 1):
            if is_given(lowered[index]):
                return first + index
        return first + start + 2 if start + 2 < len(lowered) else end
    return first + start


def is_occupation(word: str, length: int) -> bool:
    """ "Violinist Mei Tanaka": whether the word, with a capital, stands before a full name."""
    known = word in OCCUPATIONS or (word.endswith(OCCUPATION_ENDINGS) and word not in DENOMINATIONS)
    return known and not is_given(word) and 3 <= length <= 4


def _titles_gender(titles: Sequence[str]) -> Gender | None:
    for title in reversed(titles):
        if title in MALE_TITLES or title.endswith(("sman", "irman")) or title in MALE_ROLES:
            return "male"
        if title in FEMALE_TITLES or title.endswith("woman") or title in FEMALE_ROLES:
            return "female"
    return None


def role_gender(role: str) -> Gender | None:
    """The gender that a role tells: "spokeswoman for the museum"."""
    words_before = []
    for word in role.lower().replace(",", " ").split():
        if word in words.PREPOSITIONS:
            break
        words_before.append(word.strip(".'’"))
    if not words_before:
        return None
    return noun_gender(words_before[-1])


def noun_gender(noun: str) -> Gender | None:
    """The gender that a noun for a person tells, in lower case."""
    if noun.endswith("woman") or noun in FEMALE_TITLES | FEMALE_ROLES:
        return "female"
    if noun == "man" or noun.endswith(("sman", "irman")) or noun in MALE_TITLES | MALE_ROLES:
        return "male"
    return None
