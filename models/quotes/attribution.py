"""Which words of a sentence a source is said to have said, by rules of syntax."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.clause import find_predicates
from models.quotes.layout import Sentence
from models.quotes.lexicon import Lexicon
from models.quotes.phrases import Range, find_object
from models.quotes.postposed import find_postposed, rest_of_content
from models.quotes.preposed import find_preposed, opening_subject
from models.quotes.reading import (
    MIN_CLAUSE,
    Attribution,
    Reading,
    add,
    is_long,
    is_opening,
    sentence_opening,
    starts_large,
    trim,
)
from models.quotes.sources import find_source_after
from models.quotes.tokens import Token


def attribute_sentence(sentence: Sentence, index: int, lexicon: Lexicon) -> list[Attribution]:
    """The attributions of one sentence, in the order of their contents."""
    tokens = sentence.tokens
    end = len(tokens)
    while end > 0 and tokens[end - 1].text in (".", "?", "!", "…", "..", "..."):
        end -= 1
    reading = Reading(tokens, index, end, find_predicates(tokens, lexicon), [False] * len(tokens))
    _according_to(reading)
    find_postposed(reading)
    find_preposed(reading)
    _colon(reading)
    _dash(reading)
    reading.found.sort(key=lambda item: item.contents[0] if item.contents else (item.cue or (0, 0)))
    return reading.found


def _according_to(reading: Reading) -> None:
    tokens = reading.tokens
    for at in range(reading.end - 2):
        name_at = _source_phrase(tokens, at)
        if name_at is None:
            continue
        source_end = find_source_after(tokens, name_at, reading.end)
        if source_end >= reading.end and not any(token.is_word for token in tokens[:at]):
            # "According to X, the plan …": what follows the comma is the content.
            source_end = find_source_after(tokens, name_at, reading.end, appositive=False)
        if source_end < reading.end and tokens[source_end].lower in ("by", "from"):
            # "a report by the ministry"
            source_end = find_object(tokens, source_end + 1, reading.end)
        if source_end == name_at or not reading.free((at, source_end)):
            continue
        after = trim(tokens, source_end, reading.end)
        before = trim(tokens, sentence_opening(reading, at), at)
        contents: list[Range]
        rest = rest_of_content(reading, source_end, quoted=False)
        if before[1] - before[0] >= (1 if rest else MIN_CLAUSE) and (
            source_end >= reading.end or not is_opening(tokens, before)
        ):
            contents = [before] if rest is None else [before, rest]
        elif source_end < reading.end and tokens[source_end].text == ",":
            contents = [after]
        else:
            continue
        if any(
            token.quote is not None or last - first >= MIN_CLAUSE
            for first, last in contents
            for token in tokens[first:last]
        ) and all(reading.free(content) for content in contents):
            add(reading, contents, (name_at, source_end), (at, name_at), "according-to")


_SOURCE_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in ("according to", "in the words of", "in the view of", "in the opinion of")
)


def _source_phrase(tokens: Sequence[Token], at: int) -> int | None:
    """Where the source begins, if a phrase that introduces one stands here."""
    if tokens[at].lower not in ("according", "in"):
        return None
    for phrase in _SOURCE_PHRASES:
        found = tokens[at : at + len(phrase)]
        if tuple(token.lower for token in found) == phrase:
            return at + len(phrase)
    return None


def _colon(reading: Reading) -> None:
    """A sentence that leads to a quotation by a colon without any cue verb."""
    tokens = reading.tokens
    for at in range(1, len(tokens) - 1):
        if tokens[at].text != ":" or tokens[at + 1].quote is None or reading.taken[at + 1]:
            continue
        subject = opening_subject(reading)
        if subject is not None and subject[1] > at:
            subject = None
        if not starts_large(tokens[at + 1]) or not (is_long(tokens[at + 1]) or subject == (0, at)):
            continue
        if subject is not None and not reading.free(subject):
            subject = None
        add(reading, [(at + 1, at + 2)], subject, (at, at + 1), "colon")


def _dash(reading: Reading) -> None:
    """`"…" – Dana Ruiz`: a quotation signed with a name."""
    tokens = reading.tokens
    if len(tokens) < 3 or tokens[0].quote is None or tokens[1].text not in words.DASHES:
        return
    end = find_source_after(tokens, 2, reading.end)
    if end == reading.end and end > 2 and tokens[2].is_capital and not reading.taken[0]:
        add(reading, [(0, 1)], (2, end), (1, 2), "dash")
