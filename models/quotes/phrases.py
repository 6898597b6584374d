"""Noun phrases: subjects before a verb, objects after it."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.tokens import Token, is_adverb, is_month, is_verb_like, quoted_end

# A longer subject is a clause that the walk took for one.
MAX_SUBJECT = 14


MAX_APPOSITIVE = 30

# "After the meeting of the ministers in Paris last week" and the like are no longer.
MAX_OPENING = 12


Range = tuple[int, int]
"""First and last + 1 of some tokens of a sentence."""


def find_subject(tokens: Sequence[Token], last: int) -> Range | None:
    """The noun phrase that ends with token `last`, appositive and relative clause included."""
    return _qualified_subject(tokens, last) or _plain_subject(tokens, last)


def _plain_subject(tokens: Sequence[Token], last: int) -> Range | None:
    """The noun phrase that ends with token `last`, its appositive included."""
    if last < 0:
        return None
    end = last + 1
    token = tokens[last]
    if token.quote is not None:
        return _quoted_appositive(tokens, last)
    if (token.text in (",", ")") or token.text in words.DASHES) and last > 0:
        head = _before_appositive(tokens, last)
        if head is None:
            return None
        start = _phrase_start(tokens, head)
        return None if start is None or end - start > MAX_APPOSITIVE else (start, end)
    start = _phrase_start(tokens, last)
    return None if start is None else (start, end)


def _qualified_subject(tokens: Sequence[Token], last: int) -> Range | None:
    """`An official who was not named said`: a subject with a relative clause, no commas."""
    for index in range(last - 1, max(0, last - MAX_SUBJECT), -1):
        token = tokens[index]
        if token.quote is not None or not (token.is_word or token.text in ("'s", "’s")):
            return None
        if token.lower == "who":
            head = tokens[index - 1]
            if not head.is_word or tokens[last].lower in words.SUBJECT_PRONOUNS:
                return None
            start = _phrase_start(tokens, index - 1)
            return None if start is None else (start, last + 1)
        if token.lower in ("and", "but", "that", "because", "while", "which", "as"):
            return None
    return None


def _quoted_appositive(tokens: Sequence[Token], last: int) -> Range | None:
    """`Smith, the host of "The Hour," said`: the comma that closes stands inside the marks."""
    token = tokens[last]
    if quoted_end(token) != "," or last < 3 or not tokens[last - 1].is_word:
        return None
    for index in range(last - 1, max(0, last - MAX_APPOSITIVE), -1):
        if tokens[index].text != ",":
            continue
        if not _is_head(tokens[index - 1]) or tokens[index + 1].lower not in _APPOSITIVE_STARTS:
            return None
        start = _phrase_start(tokens, index - 1)
        return None if start is None else (start, last + 1)
    return None


_APPOSITIVE_STARTS = words.word_set(
    "who whose a an the host author editor founder co-founder director president star creator"
    " one his her its"
)


def _before_appositive(tokens: Sequence[Token], close: int) -> int | None:
    """The last token before the appositive that ends with the mark at `close`."""
    mark = tokens[close].text
    opening = "(" if mark == ")" else mark
    floor = max(0, close - MAX_APPOSITIVE)
    comma: int | None = None
    nearer: int | None = None
    for index in range(close - 1, floor, -1):
        token = tokens[index]
        if token.quote is not None and tokens[close].text == "," and comma is None:
            if index == close - 1:
                return None
            continue
        if token.text == opening:
            comma = index
            if tokens[index - 1].text == ")":
                return _before_appositive(tokens, index - 1)
            if not _is_head(tokens[index - 1]):
                continue
            if _opens_sentence(tokens, index - 1):
                # "In January, the mayor, Karl Smith, said": the first comma ends the opening.
                return nearer
            if not _is_middle(tokens, index):
                return index - 1
            nearer = index - 1
    return nearer if floor == 0 else None


def _opens_sentence(tokens: Sequence[Token], last: int) -> bool:
    """Whether the words up to `last` are an opening such as "In January"."""
    return (
        0 < last < MAX_OPENING
        and tokens[0].lower in words.PREPOSITIONS
        and not any(token.text == "," for token in tokens[:last])
    )


def _is_head(token: Token) -> bool:
    return (
        token.is_word
        and (token.is_capital or token.text == token.lower)
        and token.lower not in words.CONJUNCTIONS | words.PREPOSITIONS | words.AUXILIARIES
    )


def _is_middle(tokens: Sequence[Token], comma: int) -> bool:
    """Whether what stands before the comma is itself a piece of an appositive: an age, a state."""
    start = comma - 1
    while start > 0 and comma - start < 6 and tokens[start - 1].text not in (",", ";"):
        start -= 1
    if start == 0 or tokens[start - 1].text != ",":
        return False
    piece = tokens[start:comma]
    first = piece[0]
    return (
        first.text.isdigit()
        or first.lower in ("of", "a", "an", "the", "who", "which")
        or is_adverb(first)
        or first.lower in ("former", "director", "president", "professor", "chairman")
        or (len(piece) == 1 and piece[0].text.endswith("."))
    )


def _phrase_start(tokens: Sequence[Token], last: int) -> int | None:
    """Where the noun phrase ending at `last` begins; None if no noun phrase ends there."""
    head = tokens[last]
    lower = head.lower
    if not (head.is_word or head.text == "%") or lower in words.AUXILIARIES:
        return None
    if lower in words.SUBJECT_PRONOUNS:
        return last
    if lower in words.CONJUNCTIONS or lower in words.PREPOSITIONS or lower in words.POSSESSIVES:
        return None
    if lower in words.TIME_WORDS or lower in ("the", "a", "an", "no") or is_adverb(head):
        return None
    if is_verb_like(head) and not (last > 0 and tokens[last - 1].lower in words.DETERMINERS):
        return None
    index = last
    while index > 0 and last - index < MAX_SUBJECT:
        token = tokens[index - 1]
        if not _extends(tokens, index, token):
            break
        index -= 1
    start = _trim(tokens, index, last)
    return _without_antecedent(tokens, start, last)


def _without_antecedent(tokens: Sequence[Token], start: int, last: int) -> int:
    """Leaves out the noun of "a claim Smith has repeated", whose subject is the name alone."""
    if tokens[start].lower not in ("a", "an", "the", "this", "that", "one"):
        return start
    name = last
    while name > start and tokens[name].is_capital:
        name -= 1
    noun = tokens[name]
    apart = start < name < last and noun.is_word and noun.text == noun.lower
    if noun.lower in words.PREPOSITIONS | words.CONJUNCTIONS:
        return start
    return name + 1 if apart and not words.is_role(noun.lower) else start


def _extends(tokens: Sequence[Token], index: int, token: Token) -> bool:
    """Whether the token before `index` belongs to the noun phrase that goes on there."""
    following = tokens[index]
    lower = token.lower
    if token.quote is not None:
        # A nickname or a title within the phrase is short.
        return (
            token.end - token.start < 30
            and index > 1
            and tokens[index - 2].is_word
            and (token.text.strip("\"“”'‘’")[-1:] not in (",", ".", "?", "!"))
        )
    if token.text in ("'s", "’s", "-", "/", "&", "$", "%"):
        return index > 1
    if not token.is_word:
        return lower in ("'", "’") and index > 1 and tokens[index - 2].lower.endswith("s")
    if token.is_capital and following.is_capital and index > 1 and tokens[index - 2].is_capital:
        # "CBS This Morning": within a name every word belongs to it.
        return lower not in words.SUBJECT_PRONOUNS
    if lower in words.DETERMINERS:
        return following.lower not in words.DETERMINERS or lower in ("all", "the", "both", "many")
    if following.lower in words.DETERMINERS or following.lower in words.SUBJECT_PRONOUNS:
        # A phrase that has its determiner reaches on only through a preposition or "and".
        return lower in words.LINKING_PREPOSITIONS and _has_noun_before(tokens, index - 1)
    if lower in words.LINKING_PREPOSITIONS:
        return _has_noun_before(tokens, index - 1)
    if lower == "and":
        return index > 1 and tokens[index - 2].is_capital and following.is_capital
    if lower in words.CONJUNCTIONS or lower in words.PREPOSITIONS or lower in words.AUXILIARIES:
        return False
    if lower in words.SUBJECT_PRONOUNS:
        return False
    if following.is_capital and (lower in words.OCCASIONS or is_month(token)):
        return False
    if following.is_capital and token.text.isdigit():
        return False
    if is_adverb(token):
        # "the First Minister", "the newly elected mayor"
        return index > 1 and tokens[index - 2].lower in words.DETERMINERS
    return lower not in words.DAYS


def _has_noun_before(tokens: Sequence[Token], preposition: int) -> bool:
    if preposition == 0:
        return False
    token = tokens[preposition - 1]
    return (
        token.is_word
        and token.lower not in words.AUXILIARIES
        and token.lower not in words.CONJUNCTIONS
        and token.lower not in words.PREPOSITIONS
        and token.lower not in words.TIME_WORDS
        and token.lower not in words.SUBJECT_PRONOUNS
        and not is_adverb(token)
        and not (token.lower.endswith("ed") and not token.is_capital)
    )


def _trim(tokens: Sequence[Token], start: int, last: int) -> int:
    while start < last and (
        not tokens[start].is_word
        or tokens[start].lower in words.LINKING_PREPOSITIONS
        or tokens[start].lower in words.LEADERS
    ):
        start += 1
    return start


def find_object(
    tokens: Sequence[Token], first: int, limit: int, *, before_clause: bool = True
) -> int:
    """The end of the noun phrase that begins at `first`; `first` itself if none does.

    Where a clause may follow it, a name after other words begins that clause.
    """
    index = first
    named = False
    while index < limit and index - first < MAX_SUBJECT:
        token = tokens[index]
        lower = token.lower
        if token.quote is not None:
            break
        if not token.is_word:
            if token.text in ("'s", "’s", "&", "-", "/") and index > first:
                index += 1
                continue
            break
        if lower in words.SUBJECT_PRONOUNS | frozenset(("me", "him", "her", "them", "us")):
            if index == first:
                after = tokens[index + 1] if index + 1 < limit else None
                if (
                    lower != "her"
                    or after is None
                    or not after.is_word
                    or (
                        after.lower
                        in words.CONJUNCTIONS
                        | words.PREPOSITIONS
                        | words.DETERMINERS
                        | words.SUBJECT_PRONOUNS
                        | words.AUXILIARIES
                    )
                ):
                    return index + 1
            else:
                break
        elif lower in words.DETERMINERS:
            if index > first and tokens[index - 1].lower not in (
                words.LINKING_PREPOSITIONS | words.DETERMINERS | frozenset(("and", "&"))
            ):
                break
        elif lower in ("of", "for", "from", "at", "with"):
            if index == first:
                break
        elif lower == "and":
            if not (
                index > first
                and index + 1 < limit
                and tokens[index - 1].is_capital
                and tokens[index + 1].is_capital
            ):
                break
        elif (
            lower in words.CONJUNCTIONS
            or lower in words.PREPOSITIONS
            or lower in words.AUXILIARIES
            or lower in words.TIME_WORDS
            or (is_adverb(token) and not _after_determiner(tokens, first, index))
        ) or (
            index > first
            and tokens[index - 1].is_capital
            and token.text == lower
            and (lower in words.COMMON_VERBS or (is_verb_like(token) and lower != "united"))
        ):
            break
        elif token.is_capital and index > first and not tokens[index - 1].is_capital:
            before = tokens[index - 1].lower
            if (
                not (
                    before in words.DETERMINERS
                    or before in words.LINKING_PREPOSITIONS
                    or before in ("'s", "’s", "and", "&", "-")
                )
                and before_clause
                and (named or before.endswith("s"))
            ):
                # "told reporters Trump was": the second noun phrase is the clause's.
                break
        named = named or token.is_capital
        index += 1
    while index > first and tokens[index - 1].lower in words.LINKING_PREPOSITIONS | {"and"}:
        index -= 1
    return index


def _after_determiner(tokens: Sequence[Token], first: int, index: int) -> bool:
    """ "the first time", "the largely empty hall"."""
    return index > first and tokens[index - 1].lower in words.DETERMINERS
