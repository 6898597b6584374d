"""The noun phrase after a cue that names the source: "said Smith, a senator"."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.phrases import find_object
from models.quotes.tokens import Token, is_month


def find_source_after(
    tokens: Sequence[Token], first: int, limit: int, *, appositive: bool = True
) -> int:
    """The end of the source that follows a cue, its appositive included if asked for."""
    end = first
    guard = first + 40
    while end < limit and end < guard:
        stop = find_object(tokens, end, limit, before_clause=False)
        if stop == end:
            break
        end = stop
        if end >= limit:
            break
        lower = tokens[end].lower
        if lower in words.LINKING_PREPOSITIONS and lower != "on" and end + 1 < limit:
            following = tokens[end + 1]
            if (
                is_month(following)
                or following.lower in words.TIME_WORDS
                or (lower in ("in", "to", "with", "at", "against") and tokens[end - 1].is_capital)
                or (
                    following.lower in ("an", "a", "his", "her", "their")
                    and lower in ("in", "at", "to")
                )
            ):
                break
            end += 1
            continue
        if lower == "and" and end + 1 < limit and tokens[end + 1].is_capital:
            end += 1
            continue
        break
    while end > first and tokens[end - 1].lower in words.LINKING_PREPOSITIONS | {"and"}:
        end -= 1
    if end == first:
        return first
    return _with_appositive(tokens, end, limit) if appositive else end


def _with_appositive(tokens: Sequence[Token], end: int, limit: int) -> int:
    """Reaches over ", who replaced B" or ", a senator" or " (R-Ohio)" after a source."""
    if end < limit and tokens[end].text == "(":
        for index in range(end + 1, min(limit, end + 10)):
            if tokens[index].text == ")":
                end = index + 1
                break
    if end + 1 >= limit or tokens[end].text != ",":
        return end
    following = tokens[end + 1]
    lower = following.lower
    name = _name_of_role(tokens, end, limit)
    if name is not None:
        return name
    if not (
        lower in ("a", "an", "the", "who", "whose", "one", "his", "her", "its", "their", "former")
        or following.text.isdigit()
        or lower in words.ROLE_NOUNS
        or (end + 2 < limit and tokens[end + 2].text == "," and following.is_capital)
        or following.text.startswith(("D-", "R-", "I-"))
        or _has_role(tokens, end + 1, limit)
    ):
        return end
    for index in range(end + 1, limit):
        token = tokens[index]
        if token.quote is not None or token.text in (";", ":"):
            return index if tokens[index - 1].text != "," else index - 1
        if token.text == "," and index > end + 1:
            after = tokens[index + 1].lower if index + 1 < limit else ""
            if after in ("of", "who", "and", "a", "the", "an") and index - end < 6:
                continue
            return index
    return limit


def _name_of_role(tokens: Sequence[Token], comma: int, limit: int) -> int | None:
    """The end of the name in "said the ferry captain, Lars Holm" where nothing follows it."""
    role = tokens[comma - 1]
    if role.text != role.lower or not role.is_word:
        return None
    end = comma + 1
    while end < limit and tokens[end].is_capital:
        end += 1
    full = comma + 3 <= end <= comma + 5
    return end if full and (end == limit or tokens[end].text == ",") else None


def _has_role(tokens: Sequence[Token], first: int, limit: int) -> bool:
    """Whether the next few words say what somebody is: "Clinton's communications director"."""
    for token in tokens[first : min(limit, first + 7)]:
        if token.lower in words.ROLE_NOUNS:
            return True
        if token.quote is not None or token.lower in words.PREPOSITIONS | words.AUXILIARIES:
            return False
        if not token.is_word and token.text not in ("'s", "’s", "-"):
            return False
    return False


def can_speak(tokens: Sequence[Token], first: int, end: int) -> bool:
    head = tokens[first]
    return (
        head.is_capital
        or head.lower in words.DETERMINERS
        or head.lower in words.SUBJECT_PRONOUNS
        or any(token.is_capital or token.lower in words.ROLE_NOUNS for token in tokens[first:end])
        or tokens[end - 1].lower.endswith(("s", "er", "or", "man", "ist"))
    )
