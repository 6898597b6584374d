"""The content that follows a cue, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.clause import Predicate, is_relative
from models.quotes.phrases import Range, find_object
from models.quotes.reading import Reading, is_whole_sentence
from models.quotes.tokens import (
    Token,
    is_adverb,
    is_month,
    is_verb_like,
    quoted_end,
    starts_large,
)
from models.quotes.words import word_set


def skip_adverbials(reading: Reading, index: int) -> int:
    """Over "on Tuesday", "in a statement", "during a visit to Washington"."""
    tokens = reading.tokens
    while index < reading.end:
        token = tokens[index]
        lower = token.lower
        if token.quote is not None:
            break
        if lower in words.TIME_WORDS or (
            is_adverb(token) and lower not in ("not", "both", "all", "just", "once", "often")
        ):
            index += 1
        elif is_month(token) and lower not in ("may", "march"):
            index += 1
            while index < reading.end and (
                tokens[index].text.isdigit()
                or (
                    tokens[index].text == ","
                    and index + 1 < reading.end
                    and tokens[index + 1].text.isdigit()
                )
            ):
                index += 1
        elif lower in words.PREPOSITIONS and lower not in ("like", "than", "despite"):
            after = tokens[index + 1] if index + 1 < reading.end else None
            if after is not None and (after.lower in words.TIME_WORDS or is_month(after)):
                index += 1
                continue
            if lower == "to" and (after is None or not _may_be_person(after)):
                break
            stop = find_object(tokens, index + 1, reading.end)
            if stop == index + 1:
                break
            index = stop
        elif (
            lower in ("last", "this", "next")
            and index + 1 < reading.end
            and (tokens[index + 1].lower in words.TIME_WORDS)
        ):
            index += 2
        else:
            break
    return index


def _may_be_person(token: Token) -> bool:
    """Tells "said to reporters" from "vowed to leave"."""
    return (
        token.is_capital
        or token.lower in words.DETERMINERS
        or token.lower in ("me", "him", "her", "them", "us", "reporters", "supporters")
    )


def content_starts(reading: Reading, predicate: Predicate, index: int) -> bool:
    """Whether the verb has its own content after it."""
    return content_after(reading, predicate, index) is not None


def content_after(
    reading: Reading, predicate: Predicate, index: int | None = None
) -> tuple[Range, str] | None:
    """The content that follows a cue, with the rule that found it."""
    tokens, end = reading.tokens, reading.end
    form = predicate.form
    at = predicate.cue[1] if index is None else index
    if at >= end:
        return None
    if form.takes("i") and tokens[at].lower == "to" and _verb_follows(tokens, at):
        return (at, content_end(reading, at, clause=False)), "to-verb"
    if form.takes("t"):
        person = find_object(tokens, at, end)
        if person > at:
            found = _clause_content(reading, predicate, person, bare=True)
            if found is not None:
                return found
            if form.takes("o") or form.lemma == "tell":
                beyond = skip_adverbials(reading, person)
                person_at = beyond if form.lemma == "tell" else at
                if beyond < end and tokens[beyond].lower == "to" and _verb_follows(tokens, beyond):
                    return (person_at, content_end(reading, person_at, clause=False)), "told-to"
    found = _clause_content(reading, predicate, at, bare=form.takes("s"))
    if found is not None:
        return found
    if form.takes("o"):
        person = find_object(tokens, at, end)
        if person > at and person < end and tokens[person].lower == "to":
            return (at, content_end(reading, at, clause=False)), "urged-to"
    if form.takes("c"):
        return _called(reading, at)
    if form.takes("n"):
        return _thing(reading, at)
    return None


def _verb_follows(tokens: Sequence[Token], to: int) -> bool:
    if to + 1 >= len(tokens):
        return False
    following = tokens[to + 1]
    return (
        following.text == following.lower
        and following.lower not in words.DETERMINERS
        and (following.is_word)
    )


def _clause_content(
    reading: Reading, predicate: Predicate, at: int, *, bare: bool
) -> tuple[Range, str] | None:
    tokens, end = reading.tokens, reading.end
    form = predicate.form
    speaks = form.takes("sthwb") and not form.takes("m")
    index = skip_adverbials(reading, at)
    if index >= end:
        return None
    token = tokens[index]
    if token.text in (",", ":", "—", "–") and index + 1 < end:
        following = tokens[index + 1]
        if following.quote is not None and form.takes("sthwncb"):
            return _quote_content(reading, index + 1, "quote-after")
        if token.text == ":" and speaks and not form.takes("b"):
            return (index + 1, content_end(reading, index + 1)), "colon-clause"
        if token.text == "," and speaks and following.lower != "who":
            # "said, in effect, that …", "said in Ohio, where he spoke, “…”".
            close = _next_comma(tokens, index + 1, min(end, index + 16))
            if close is not None and close + 1 < end:
                inner = tokens[close + 1]
                if inner.lower == "that" and form.takes("sth"):
                    return (close + 1, content_end(reading, close + 1)), "that-clause"
                if inner.quote is not None and starts_large(inner):
                    return _quote_content(reading, close + 1, "quote-after")
        return None
    if token.quote is not None and (speaks or form.takes("s")):
        return _quote_content(reading, index, "quote-after")
    if token.lower == "that" and form.takes("sth"):
        if index + 1 < end and not (form.noun_like and is_relative(tokens, index)):
            return (index, content_end(reading, index)), "that-clause"
        return None
    if form.takes("w") and token.lower in words.QUESTION_WORDS:
        return (index, content_end(reading, index)), "question"
    if bare and form.takes("st") and _clause_begins(reading, index, adverbials=index > at):
        return (index, content_end(reading, index)), "bare-clause"
    if speaks and index > at:
        # A quotation a few words on: `said of the plan that it was "bad"`.
        others = {other.cue[0] for other in reading.predicates}
        for later in range(index, min(end, index + 12)):
            if later in others:
                break
            if tokens[later].lower == "that" and tokens[later - 1].quote is None:
                return (later, content_end(reading, later)), "that-clause"
            if tokens[later].text in (":",) and later + 1 < end and tokens[later + 1].quote:
                return _quote_content(reading, later + 1, "quote-after")
    return None


def _next_comma(tokens: Sequence[Token], first: int, limit: int) -> int | None:
    return next((at for at in range(first, limit) if tokens[at].text == ","), None)


def _clause_begins(reading: Reading, index: int, *, adverbials: bool) -> bool:
    """Whether a clause without "that" begins here: a subject, and a verb after it."""
    tokens, end = reading.tokens, reading.end
    token = tokens[index]
    if not token.is_word:
        return token.text in ("$",) and end - index > 3
    lower = token.lower
    if lower in ("who", "which", "as", "when", "while") and not adverbials:
        return False
    if lower in words.PREPOSITIONS | words.AUXILIARIES | {"and", "or", "but", "to", "so"}:
        return False
    window = tokens[index : min(end, index + 25)]
    verbs = [
        position
        for position, word in enumerate(window)
        if position and (is_verb_like(word) or word.lower in words.COMMON_VERBS)
    ]
    if lower in words.SUBJECT_PRONOUNS or lower == "there":
        return len(window) > 1
    if verbs:
        return True
    return (
        len(window) >= 6
        and any(
            word.text == word.lower
            and word.lower.endswith(("s", "t", "n", "d"))
            and len(word.lower) > 2
            for word in window[1:]
        )
        and lower in words.CLAUSE_STARTERS
    )


def _quote_content(reading: Reading, at: int, rule: str) -> tuple[Range, str]:
    """A quotation after its cue, with the unquoted words that it is built into."""
    tokens, end = reading.tokens, reading.end
    if at + 1 >= end or quoted_end(tokens[at]) in ".?!" or is_whole_sentence(tokens[at]):
        return (at, at + 1), rule
    following = tokens[at + 1]
    if following.text in (",", ";", "—", "–", "(", ":") or following.lower in (
        "when",
        "while",
        "as",
        "after",
        "before",
        "during",
        "with",
        "at",
        "in",
        "on",
    ):
        return (at, at + 1), rule
    return (at, content_end(reading, at)), "mixed-after"


def _called(reading: Reading, at: int) -> tuple[Range, str] | None:
    tokens, end = reading.tokens, reading.end
    stop = content_end(reading, at, clause=False)
    if any(token.quote is not None for token in tokens[at:stop]):
        return (at, stop), "called"
    thing = find_object(tokens, at, end)
    if thing > at and thing < stop and tokens[thing].lower in ("a", "an"):
        return (at, stop), "called-unquoted"
    return None


def _thing(reading: Reading, at: int) -> tuple[Range, str] | None:
    tokens, end = reading.tokens, reading.end
    token = tokens[at]
    if token.quote is None:
        if not token.is_word or token.lower in words.CONJUNCTIONS - {"what", "how"}:
            return None
        if token.lower in words.PREPOSITIONS or token.lower in words.TIME_WORDS:
            return None
        if token.lower in words.AUXILIARIES | {"to"}:
            return None
    stop = min(content_end(reading, at, clause=False), end)
    for index in range(at, stop - 1):
        # `apologised for what happened: "…"`: the words are the content.
        following = tokens[index + 1]
        if tokens[index].text == ":" and following.quote is not None and starts_large(following):
            return (index + 1, index + 2), "quote-after"
    for index in range(at + 1, stop):
        if tokens[index].text == ";" or (
            tokens[index].text == ","
            and index + 1 < stop
            and tokens[index + 1].lower in _AFTER_THING
        ):
            stop = index
            break
    return ((at, stop), "thing") if stop > at else None


_AFTER_THING = word_set(
    "but the which who whom whose where he she they it a an with when while though although"
    " despite after before because as in at on during"
)


def content_end(reading: Reading, first: int, *, clause: bool = True) -> int:
    """Where a content that begins at `first` ends: before the next attribution beside it.

    A content that is no clause ends before any verb that "and" joins to its cue.
    """
    tokens = reading.tokens
    limit = reading.end
    for predicate in reading.predicates:
        start = predicate.cue[0]
        if start <= first or start >= limit or predicate.doubtful:
            continue
        if predicate.participle:
            closing = tokens[start - 1]
            if closing.text in (",", "—", "–"):
                limit = start - 1
                break
            if closing.quote is not None and quoted_end(closing) == ",":
                limit = start
                break
            continue
        edge = start if predicate.subject is None else predicate.subject[0]
        while edge > first and is_adverb(tokens[edge - 1]):
            edge -= 1
        if edge <= first + 1:
            continue
        before = tokens[edge - 1]
        if before.quote is not None:
            continue
        if predicate.subject is None:
            if (
                before.lower in ("and", "but")
                and predicate.form.inflection in ("past", "s")
                and (not clause or (predicate.form.takes("st") and _takes_up(reading, predicate)))
            ):
                limit = edge - 1
                break
        elif before.lower in _BESIDE and (
            tokens[edge - 2].text in (",", ";", "—") or tokens[edge - 2].quote is not None
        ):
            if _takes_up(reading, predicate):
                limit = edge - 1
                break
        elif before.text == ";":
            limit = edge - 1
            break
    for at in range(first, limit):
        if reading.taken[at]:
            limit = at
            break
    while limit > first and tokens[limit - 1].text in (",", "—", "–", "-", ";", ":", "(", "."):
        limit -= 1
    return limit


# After a comma they part one attribution from the next.
_BESIDE = word_set("and but while though although whereas after as")


def _takes_up(reading: Reading, predicate: Predicate) -> bool:
    """Whether a later verb has a content of its own that is plain to see."""
    index = predicate.cue[1]
    if index >= reading.end:
        return False
    token = reading.tokens[index]
    if token.quote is not None or token.lower == "that" or predicate.form.lemma in ("say", "tell"):
        return True
    if token.is_capital and any(
        is_verb_like(later) for later in reading.tokens[index + 1 : index + 4]
    ):
        return True
    return token.text in (",", ":") or token.lower in words.CLAUSE_STARTERS
