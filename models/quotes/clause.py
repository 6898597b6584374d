"""Finds cue verbs with their subjects in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.lexicon import CueForm, Lexicon
from models.quotes.phrases import Range, find_object, find_subject
from models.quotes.tokens import Token, is_adverb, is_verb_like, quoted_end, starts_large
from models.quotes.words import word_set


@dataclass(frozen=True, slots=True)
class Predicate:
    """A cue verb at work: where its words are, and whose it is."""

    form: CueForm
    cue: Range
    subject: Range | None
    participle: bool = False
    """ "…, adding that": the subject is the sentence's."""
    gerund: bool = False
    """`The film shows Ruiz asking, “…”`: the subject is another verb's object."""
    doubtful: bool = False
    """May as well be a noun: only believed next to a quotation."""


def find_predicates(tokens: Sequence[Token], lexicon: Lexicon) -> list[Predicate]:
    """All cue verbs that can carry an attribution, in order, in time linear in the tokens."""
    found: list[Predicate] = []
    for index, token in enumerate(tokens):
        if token.quote is not None:
            continue
        forms = lexicon.get(token.lower)
        if token.is_capital and index > 0:
            continue
        if forms is None:
            unlisted = _unlisted(tokens, index)
            if unlisted is not None:
                found.append(unlisted)
            continue
        for form in forms:
            predicate = _predicate(tokens, index, form)
            if predicate is not None:
                found.append(predicate)
                break
    return found


def _unlisted(tokens: Sequence[Token], index: int) -> Predicate | None:
    """`"…," the senator riffed`: after a quotation and a subject any past tense is a cue."""
    token = tokens[index]
    if not token.lower.endswith("ed") or len(token.lower) < 5 or not token.is_word:
        return None
    subject = find_subject(tokens, index - 1)
    if subject is None or subject[0] == 0 or tokens[subject[0] - 1].quote is None:
        return None
    if quoted_end(tokens[subject[0] - 1]) not in ",?!":
        return None
    form = CueForm(token.lower, frozenset("b"), (), "past")
    return Predicate(form, (index, index + 1), subject)


def _predicate(tokens: Sequence[Token], index: int, form: CueForm) -> Predicate | None:
    end = index + 1
    for particle in form.particles:
        if end >= len(tokens) or tokens[end].lower != particle:
            return None
        end += 1
    if (
        end < len(tokens)
        and tokens[end].lower == "by"
        and form.inflection in ("past", "participle")
    ):
        return None
    first = _verb_phrase_start(tokens, index)
    helpers = [token.lower for token in tokens[first:index]]
    if form.inflection == "ing":
        return _gerund(tokens, first, index, end, form, helpers)
    if not _inflection_fits(form, helpers, tokens, first):
        return None
    if first > 0 and tokens[first - 1].lower == "to" and form.inflection == "base":
        return None
    last = _before_time(tokens, first) - 1
    subject = find_subject(tokens, last)
    doubtful = (
        subject is not None
        and form.noun_like
        and not _unmistakable(tokens, subject, helpers, form, end)
    )
    inverts = form.inflection in ("past", "s") or form.lemma == "say"
    joined = first > 0 and tokens[first - 1].lower in ("and", "but")
    if subject is None and not ((first == index or joined) and inverts):
        return None
    while first < index and is_adverb(tokens[first]) and tokens[first].lower != "not":
        if tokens[first].lower in ("also", "later", "then"):
            break
        first += 1
    return Predicate(form, (first, end), subject, doubtful=doubtful)


def _before_time(tokens: Sequence[Token], first: int) -> int:
    """Back over "on Tuesday" or "last week" between subject and verb."""
    index = first
    if index > 1 and tokens[index - 1].lower in words.TIME_WORDS:
        index -= 1
        while index > 1 and tokens[index - 1].lower in ("on", "this", "last", "past", "late"):
            index -= 1
    return index if index > 0 else first


def _gerund(
    tokens: Sequence[Token], first: int, index: int, end: int, form: CueForm, helpers: list[str]
) -> Predicate | None:
    if any(helper in words.BE or helper == "'s" for helper in helpers):
        subject = find_subject(tokens, first - 1)
        return None if subject is None else Predicate(form, (first, end), subject)
    before = tokens[first - 1] if first > 0 else None
    if before is not None and (before.text in (",", "—", "–") or before.quote is not None):
        return Predicate(form, (index, end), None, participle=True)
    if before is not None and _leads_to_quote(tokens, end):
        if before.lower in _BEFORE_GERUND:
            return Predicate(form, (index, end), None, participle=True)
        subject = find_subject(tokens, first - 1)
        return None if subject is None else Predicate(form, (index, end), subject, gerund=True)
    if before is not None and before.lower == "as" and first > 1:
        return _quoted_as_saying(tokens, first - 2, end, form)
    if before is not None and before.lower == "by" and form.takes("st"):
        return Predicate(form, (index, end), None, participle=True)
    return None


_BEFORE_GERUND = word_set("before after while when by without and or then")


def _leads_to_quote(tokens: Sequence[Token], end: int) -> bool:
    """`asking her, “Where do we go?”`: a verb that a quoted sentence follows after a comma."""
    at = find_object(tokens, end, len(tokens))
    return (
        at + 1 < len(tokens)
        and tokens[at].text in (",", ":")
        and tokens[at + 1].quote is not None
        and starts_large(tokens[at + 1])
    )


def _quoted_as_saying(
    tokens: Sequence[Token], quoted: int, end: int, form: CueForm
) -> Predicate | None:
    """`X was quoted as saying …`."""
    if tokens[quoted].lower not in ("quoted", "cited", "reported", "recorded"):
        return None
    first = _verb_phrase_start(tokens, quoted)
    subject = find_subject(tokens, first - 1)
    if first == quoted or subject is None:
        return None
    return Predicate(form, (first, end), subject)


def _verb_phrase_start(tokens: Sequence[Token], index: int) -> int:
    """Where auxiliaries and adverbs before a verb begin."""
    first = index
    while first > 0:
        token = tokens[first - 1]
        if token.quote is not None:
            break
        if token.lower in words.AUXILIARIES or is_adverb(token):
            first -= 1
        elif (
            token.lower == "to"
            and first > 2
            and tokens[first - 2].lower == "on"
            and tokens[first - 3].lower in ("went", "goes", "go", "gone")
        ):
            first -= 3
        else:
            break
    return first


def _inflection_fits(
    form: CueForm, helpers: Sequence[str], tokens: Sequence[Token], first: int
) -> bool:
    """Whether the verb's form goes with the auxiliaries before it, in the active voice."""
    has_be = any(helper in words.BE for helper in helpers)
    has_have = any(helper in words.HAVE for helper in helpers)
    has_modal = any(helper in words.BEFORE_BASE for helper in helpers)
    if form.inflection == "base":
        if has_modal:
            return True
        before = tokens[first - 1] if first > 0 else None
        if form.lemma == "say" and before is not None and not helpers:
            return (
                before.text in (",", "%")
                or before.quote is not None
                or (before.is_word and before.lower.endswith(("s", "n", "e")))
                or before.lower in words.SUBJECT_PRONOUNS
            )
        if before is None or (helpers and (has_be or has_have)):
            return False
        return before.lower in ("they", "we", "i", "you", "who") or (
            before.is_word and before.lower.endswith("s") and not before.lower.endswith("'s")
        )
    if form.inflection == "s":
        return not (has_be or has_have or has_modal)
    if form.inflection == "participle":
        return has_have and not has_be
    return not has_be and (has_have or not has_modal)


def _unmistakable(
    tokens: Sequence[Token], subject: Range, helpers: Sequence[str], form: CueForm, end: int
) -> bool:
    """Whether a form that may be a noun is a verb: what stands around it rules the noun out."""
    last = tokens[subject[1] - 1]
    if any(helper in words.BEFORE_BASE for helper in helpers):
        return True
    after = tokens[end] if end < len(tokens) else None
    if after is not None and last.is_word and last.text == last.lower:
        plural = last.lower.endswith("s")
        begins = after.lower in ("that", "he", "she", "they", "it", "we", "there", "the", "a")
        if plural == (form.inflection == "base") and begins:
            return after.lower != "that" or not is_relative(tokens, end)
    return last.lower in words.SUBJECT_PRONOUNS or last.is_capital or last.text == ","


def is_relative(tokens: Sequence[Token], that: int) -> bool:
    """Whether "that" is the subject of a relative clause: a verb follows at once."""
    after = tokens[that + 1] if that + 1 < len(tokens) else None
    return (
        after is not None
        and after.quote is None
        and (after.lower in words.AUXILIARIES or is_verb_like(after))
    )
