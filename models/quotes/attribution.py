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
    trim,
)
from models.quotes.sources import find_source_after
from models.quotes.tokens import Token, is_verb_like, starts_large
from stancewire.records import Span

# Words and signs of ", librarian at the old mill" after the name that signs a quotation.
MAX_SIGNED_ROLE = 10


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
    _opening_colon(reading)
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
        if at > 1 and tokens[at - 1].text == "," and tokens[at - 2].lower == "that":
            # "X said that, according to Y, …": the outer source's statement.
            continue
        after = trim(tokens, source_end, reading.end)
        before = trim(tokens, sentence_opening(reading, at), at)
        contents: list[Range]
        rest = rest_of_content(reading, source_end, quoted=False)
        if before[1] - before[0] >= (1 if rest else MIN_CLAUSE) and (
            source_end >= reading.end or not is_opening(tokens, before)
        ):
            contents = [before] if rest is None else [before, rest]
        elif source_end < reading.end and tokens[source_end].text in (",", ":"):
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
        if subject is not None and (subject[1] > at or _is_letter(tokens, subject)):
            subject = None
        if not starts_large(tokens[at + 1]) or not (is_long(tokens[at + 1]) or subject == (0, at)):
            continue
        if subject is not None and not reading.free(subject):
            subject = None
        add(reading, [(at + 1, at + 2)], subject, (at, at + 1), "colon")


def _opening_colon(reading: Reading) -> None:
    """`Dana Ruiz had one answer:` before the paragraph that holds the answer."""
    tokens = reading.tokens
    last = len(tokens) - 1
    subject = opening_subject(reading)
    if tokens[last].text != ":" or subject is None or any(item.open for item in reading.found):
        return
    head = tokens[subject[1] - 1]
    named = head.is_capital and not _is_letter(tokens, subject)
    if named or head.lower in ("he", "she"):
        add(reading, [], subject, (last, last + 1), "introduction")


def _is_letter(tokens: Sequence[Token], span: Range) -> bool:
    """ "A: …" in an interview of questions and answers."""
    return span[1] - span[0] == 1 and len(tokens[span[0]].text) == 1


def _dash(reading: Reading) -> None:
    """`"…" – Dana Ruiz`: a quotation signed with a name."""
    tokens = reading.tokens
    if tokens[0].quote is not None and not reading.taken[0] and _is_signed(tokens, 1, reading.end):
        add(reading, [(0, 1)], (2, reading.end), (1, 2), "dash")


def _is_signed(tokens: Sequence[Token], dash: int, end: int) -> bool:
    """Whether a dash, a name and perhaps what that person is are all that there is."""
    if end <= dash + 1 or tokens[dash].text not in words.DASHES or not tokens[dash + 1].is_capital:
        return False
    name_end = find_source_after(tokens, dash + 1, end, appositive=False)
    rest = tokens[name_end:end]
    return name_end > dash + 1 and (
        not rest
        or (
            rest[0].text in (",", "(")
            and len(rest) <= MAX_SIGNED_ROLE
            and not any(token.quote is not None or is_verb_like(token) for token in rest)
        )
    )


def find_signature(sentence: Sentence) -> tuple[Span, Span] | None:
    """Source and cue of a paragraph such as "— Dana Ruiz", which signs the quotation before it."""
    tokens = sentence.tokens
    if not _is_signed(tokens, 0, len(tokens)):
        return None
    return (tokens[1].start, tokens[-1].end), (tokens[0].start, tokens[0].end)
