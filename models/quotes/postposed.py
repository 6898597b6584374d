"""Content before its cue: "the plan fails, X said", `"…," said X`."""

from __future__ import annotations

from models.quotes import words
from models.quotes.clause import Predicate
from models.quotes.content import content_end, content_starts, skip_adverbials
from models.quotes.phrases import Range, find_object
from models.quotes.reading import (
    MIN_CLAUSE,
    Reading,
    add,
    is_long,
    is_opening,
    is_whole_sentence,
    sentence_opening,
    trim,
)
from models.quotes.sources import can_speak, find_source_after
from models.quotes.tokens import is_verb_like, quoted_end, starts_large
from models.quotes.words import word_set


def find_postposed(reading: Reading) -> None:
    for predicate in reading.predicates:
        if predicate.participle or not predicate.form.takes("shtwnb"):
            continue
        if not reading.free(predicate.cue):
            continue
        if predicate.subject is not None and _as_aside(reading, predicate, predicate.subject):
            continue
        if predicate.doubtful and not _follows_quote(reading, predicate):
            continue
        if predicate.subject is not None and predicate.form.takes("shwtb"):
            _after_content(reading, predicate, predicate.subject)
        elif predicate.subject is None and predicate.form.takes("shwb"):
            _inverted(reading, predicate)


def _follows_quote(reading: Reading, predicate: Predicate) -> bool:
    first = predicate.cue[0] if predicate.subject is None else predicate.subject[0]
    return first > 0 and reading.tokens[first - 1].quote is not None


def _as_aside(reading: Reading, predicate: Predicate, subject: Range) -> bool:
    """`As X noted, content` and `content, as X noted`."""
    tokens = reading.tokens
    first, after = subject[0], predicate.cue[1]
    if first == 0 or tokens[first - 1].lower not in ("as", "like") or not reading.free(subject):
        return False
    stop = skip_adverbials(reading, after)
    if stop < reading.end and tokens[stop].text not in (",", ":", "—", "–"):
        return False
    opening = trim(tokens, 0, first - 1)
    if not predicate.form.takes("sh"):
        return False
    if stop + 1 < reading.end and not any(token.is_word for token in tokens[: first - 1]):
        content = (stop + 1, content_end(reading, stop + 1))
        if tokens[stop + 1].quote is not None:
            content = (stop + 1, stop + 2)
        contents = [content]
    elif first > 1 and tokens[first - 2].text in (",", "—", "–"):
        rest = rest_of_content(reading, after, quoted=False)
        contents = [opening] if rest is None else [opening, rest]
    else:
        return False
    if any(low >= high or not reading.free((low, high)) for low, high in contents):
        return False
    add(reading, contents, subject, predicate.cue, "as-aside")
    return True


_COMMAS = (",", "—", "–", "―", "-", "--")


def _content_before(reading: Reading, edge: int) -> Range | None:
    """The clause or quotation that ends just before a token, if a comma or marks end it."""
    tokens = reading.tokens
    if edge == 0:
        return None
    last = tokens[edge - 1]
    if last.quote is not None:
        if quoted_end(last) not in ",.?!…—–-" and not is_long(last):
            return None
        first = edge - 1
    elif last.text in _COMMAS and edge > 1:
        first = edge - 2
    else:
        return None
    opening = sentence_opening(reading, edge)
    if last.quote is not None or tokens[edge - 2].quote is not None:
        quote_at = edge - 1 if last.quote is not None else edge - 2
        if is_whole_sentence(tokens[quote_at]) or quote_at == opening:
            return quote_at, quote_at + 1
        before = trim(tokens, opening, quote_at)
        built_in = tokens[quote_at - 1].is_word and not starts_large(tokens[quote_at])
        if before[1] - before[0] < 1 or (is_opening(tokens, before) and not built_in):
            return quote_at, quote_at + 1
        if tokens[quote_at - 1].text in (",", ":") and starts_large(tokens[quote_at]):
            return quote_at, quote_at + 1
    first = opening
    content = trim(tokens, first, edge)
    return content if content[0] < content[1] else None


def _after_content(reading: Reading, predicate: Predicate, subject: Range) -> bool:
    """Content , SUBJECT CUE [, rest of the content]."""
    tokens = reading.tokens
    content = _content_before(reading, subject[0])
    if content is None or not reading.free(content):
        return False
    quoted = content[1] - content[0] == 1 and tokens[content[0]].quote is not None
    after = predicate.cue[1]
    following = tokens[after] if after < reading.end else None
    if predicate.form.takes("t") and not predicate.form.takes("s") and following is not None:
        after = find_object(tokens, after, reading.end)
        following = tokens[after] if after < reading.end else None
    if not quoted:
        if predicate.form.takes("b") or tokens[subject[0]].lower in words.RELATIVES:
            # "Haddad, who has advised them, argued …": the clause is about her, not by her.
            return False
        aside = following is not None and following.text == "," and predicate.form.takes("sh")
        if content[1] - content[0] < (1 if aside else MIN_CLAUSE) or content_starts(
            reading, predicate, after
        ):
            return False
        ended = following is None or following.text in (",", "—", "–", ";", ":")
        adverbial = following is not None and (
            following.lower in words.PREPOSITIONS
            or following.lower in words.TIME_WORDS
            or following.lower in ("when", "while", "after")
        )
        if not (ended or adverbial):
            return False
        if is_opening(tokens, content) and not aside:
            return False
        if (
            not aside
            and not any(
                is_verb_like(token) or token.quote is not None
                for token in tokens[content[0] : content[1]]
            )
            and content[1] - content[0] < 6
        ):
            return False
    elif (
        content_starts(reading, predicate, after)
        and not (following is not None and following.text in (",", ":"))
        and (content[0] > 0 or quoted_end(tokens[content[0]]) not in ",?!")
    ):
        # `After "The Apprentice," Smith said that …`: the quotation is an opening's.
        return False
    rest = rest_of_content(reading, after, quoted)
    contents = [content] if rest is None else [content, rest]
    rule = "quote-before" if quoted else "clause-before"
    add(reading, contents, subject, predicate.cue, rule)
    return True


def rest_of_content(reading: Reading, after: int, quoted: bool) -> Range | None:
    """What goes on after `…," X said,`."""
    tokens = reading.tokens
    if quoted:
        later = _resumed_quote(reading, after)
        if later is not None:
            return later, later + 1
    index = skip_adverbials(reading, after)
    if index > after and index < reading.end and tokens[index].text == ":":
        return None
    if index >= reading.end or tokens[index].text not in (",", ":", "—", "–"):
        return None
    index += 1
    if index >= reading.end:
        return None
    token = tokens[index]
    if token.quote is not None:
        return index, index + 1
    if quoted:
        if token.lower in ("and", "but", "because") and index + 1 < reading.end:
            return (index + 1, index + 2) if tokens[index + 1].quote is not None else None
        return None
    if token.lower.endswith("ing") or token.lower in (
        "who",
        "which",
        "according",
        "when",
        "while",
        "as",
        "after",
        "in",
        "citing",
        "at",
        "on",
        "a",
        "an",
        "during",
        "before",
        "with",
        "though",
        "although",
        "where",
    ):
        return None
    end = content_end(reading, index)
    return (index, end) if end - index >= 2 else None


def _resumed_quote(reading: Reading, after: int) -> int | None:
    """`…," X said of the plan on Monday, "and …"`: a quotation that goes on in small letters."""
    tokens = reading.tokens
    for index in range(after + 1, reading.end):
        token = tokens[index]
        if token.quote is not None:
            small = tokens[index - 1].text in (",", "—", "–", "--") and not starts_large(token)
            return index if small and not reading.taken[index] else None
        if any(predicate.cue[0] == index for predicate in reading.predicates):
            return None
    return None


def _inverted(reading: Reading, predicate: Predicate) -> bool:
    """Content , CUE SUBJECT."""
    tokens = reading.tokens
    first, after = predicate.cue
    if predicate.form.particles:
        return False
    content = _content_before(reading, first)
    if content is None or not reading.free(content):
        return False
    quoted = content[1] - content[0] == 1 and tokens[content[0]].quote is not None
    if not quoted and (
        content[1] - content[0] < MIN_CLAUSE or predicate.form.lemma not in _INVERTING
    ):
        return False
    if not quoted and is_opening(tokens, content):
        return False
    end = find_source_after(tokens, after, reading.end)
    if end == after or not can_speak(tokens, after, end):
        return False
    if end < reading.end and tokens[end].lower in words.AUXILIARIES | _AFTER_NO_SOURCE:
        return False
    if (
        not quoted
        and end < reading.end
        and tokens[end].is_word
        and (tokens[end].lower not in words.PREPOSITIONS | words.TIME_WORDS)
    ):
        return False
    rest = rest_of_content(reading, end, quoted) if quoted else None
    contents = [content] if rest is None else [content, rest]
    add(reading, contents, (after, end), (first, after), "inverted")
    return True


_AFTER_NO_SOURCE = word_set("that to")


_INVERTING = word_set("say add write note argue explain report ask reply announce warn")
