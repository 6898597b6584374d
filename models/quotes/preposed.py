"""Content after its cue: "X said that the plan fails"."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.clause import Predicate
from models.quotes.content import content_after, skip_adverbials
from models.quotes.phrases import Range, find_object
from models.quotes.reading import (
    Reading,
    add,
)
from models.quotes.sources import can_speak
from models.quotes.tokens import Token, is_adverb, is_month


def find_preposed(reading: Reading) -> None:
    tokens = reading.tokens
    for predicate in reading.predicates:
        if not reading.free(predicate.cue) or predicate.doubtful:
            continue
        subject = predicate.subject
        rule_suffix = ""
        if predicate.participle:
            subject = _main_subject(reading, predicate)
            rule_suffix = "-participle"
            if subject is None:
                continue
        elif subject is None:
            subject = _shared_subject(reading, predicate)
            rule_suffix = "-shared"
            if subject is None:
                continue
        elif not reading.free(subject) or not (
            predicate.gerund or _well_placed(tokens, subject[0])
        ):
            continue
        content = content_after(reading, predicate)
        if content is None:
            if _introduces(reading, predicate):
                add(reading, [], subject, predicate.cue, "introduction")
            continue
        span, rule = content
        if subject[0] > 0 and tokens[subject[0]].lower in words.RELATIVES:
            span = _within_commas(tokens, subject[0], span)
        if not reading.free(span):
            continue
        add(reading, [span], subject, predicate.cue, rule + rule_suffix)


def _within_commas(tokens: Sequence[Token], relative: int, span: Range) -> Range:
    """The content of ", who says it will rain," ends where the clause does."""
    if tokens[relative - 1].text != ",":
        return span
    first, end = span
    return first, next((at for at in range(first + 1, end) if tokens[at].text == ","), end)


def _well_placed(tokens: Sequence[Token], first: int) -> bool:
    """Whether a subject may begin here."""
    if first == 0:
        return True
    before = tokens[first - 1]
    return (
        before.quote is not None
        or not before.is_word
        or before.lower in words.CONJUNCTIONS
        or before.lower in words.TIME_WORDS
        or before.lower in words.OCCASIONS
        or before.lower in words.LEADERS
        or before.text.isdigit()
        or is_month(before)
        or is_adverb(before)
    )


def _main_subject(reading: Reading, predicate: Predicate) -> Range | None:
    """The subject of the nearest earlier cue; else the phrase that opens the sentence."""
    for earlier in reversed(reading.predicates):
        if earlier.cue[0] < predicate.cue[0] and earlier.subject and not earlier.doubtful:
            return earlier.subject
    return opening_subject(reading)


def opening_subject(reading: Reading) -> Range | None:
    tokens = reading.tokens
    first = 0
    while first < reading.end and tokens[first].lower in words.LEADERS:
        first += 1
    if first < reading.end and (
        tokens[first].lower in words.SUBORDINATORS | words.PREPOSITIONS
        or tokens[first].lower.endswith("ing")
    ):
        # "Before the vote, Ruiz …": the subject comes after the opening.
        comma = next((at for at in range(first, reading.end) if tokens[at].text == ","), None)
        first = reading.end if comma is None else comma + 1
    if first >= reading.end:
        return None
    end = find_object(tokens, first, reading.end)
    if end == first or not (tokens[first].is_capital or can_speak(tokens, first, end)):
        return None
    return first, end


def _shared_subject(reading: Reading, predicate: Predicate) -> Range | None:
    """`X called it wrong and said that …`: the verb after "and" has the first verb's subject."""
    tokens = reading.tokens
    at = predicate.cue[0]
    while at > 0 and is_adverb(tokens[at - 1]):
        at -= 1
    if at == 0 or tokens[at - 1].lower not in ("and", "but", ",") or tokens[at - 1].quote:
        return None
    for earlier in reversed(reading.predicates):
        if earlier.cue[0] < at and earlier.subject and not earlier.doubtful:
            return earlier.subject
    return opening_subject(reading)


def _introduces(reading: Reading, predicate: Predicate) -> bool:
    """Whether the sentence ends with the cue, as before a quotation in the next one."""
    if not predicate.form.takes("stwhb"):
        return False
    index = predicate.cue[1]
    if index < len(reading.tokens) and predicate.form.takes("t"):
        index = max(index, find_object(reading.tokens, index, reading.end))
    index = skip_adverbials(reading, index)
    rest = [token.text for token in reading.tokens[index:]]
    return rest in ([], [":"], [","], ["."]) or rest[-1:] == [":"]
