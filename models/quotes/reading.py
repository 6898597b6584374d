"""A sentence while its attributions are being found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.quotes import words
from models.quotes.clause import Predicate
from models.quotes.phrases import Range
from models.quotes.tokens import Token, is_verb_like, starts_large
from stancewire.records import Span

# Rules whose contents are whole quotations.
QUOTING_RULES = ("quote-before", "inverted", "quote-after", "colon", "introduced")

# Shorter pieces before ", X said" are openings ("On Tuesday"), not clauses.
MIN_CLAUSE = 3


@dataclass(slots=True)
class Attribution:
    """Contents, source and cue, as offsets; `rule` names what found them."""

    contents: list[Span]
    source: Span | None
    cue: Span | None
    rule: str
    sentence: int
    clause: Span | None = None
    """Where the source's own clause stands: a date in it dates the statement.

    A quotation that stands alone after a quotation has that one's.
    """
    open: bool = False
    """Introduces words that the next sentence or paragraph gives."""
    confidence: float | None = None
    """How likely it is right, where more is known than the rule's name."""
    margin: float = 0.0
    """The span model's lead over its second choice, in logits; 0 for what a rule found."""


@dataclass(slots=True)
class Reading:
    """A sentence being read: which of its tokens are already content."""

    tokens: Sequence[Token]
    index: int
    end: int
    predicates: list[Predicate]
    taken: list[bool]
    found: list[Attribution] = field(default_factory=list)

    def free(self, span: Range) -> bool:
        return not any(self.taken[span[0] : span[1]])

    def take(self, *spans: Range) -> None:
        for first, last in spans:
            self.taken[first:last] = [True] * (last - first)


def offsets(tokens: Sequence[Token], span: Range) -> Span:
    return tokens[span[0]].start, tokens[span[1] - 1].end


def trim(tokens: Sequence[Token], first: int, last: int) -> Range:
    """Without commas and dashes at the edges."""
    while first < last and tokens[first].text in (",", "—", "–", "-", ":", ";", ")"):
        first += 1
    while last > first and tokens[last - 1].text in (",", "—", "–", "-", ":", ";", "(", "."):
        last -= 1
    return first, last


# Fewer words in quotation marks are a scare quote or a title unless a cue takes them.
MIN_FREE_QUOTE_WORDS = 5


def is_whole_sentence(token: Token) -> bool:
    return starts_large(token) and token.text.count(" ") >= MIN_FREE_QUOTE_WORDS


def is_long(token: Token) -> bool:
    return token.text.count(" ") + 1 >= MIN_FREE_QUOTE_WORDS


def add(
    reading: Reading, contents: Sequence[Range], source: Range | None, cue: Range, rule: str
) -> None:
    tokens = reading.tokens
    pieces = [piece for piece in contents if piece[0] < piece[1]]
    if cue[1] < len(tokens) and tokens[cue[1]].text == ":":
        cue = (cue[0], cue[1] + 1)
    reading.take(*pieces, cue)
    if source is not None:
        reading.take(source)
    edges = [*(source or ()), *cue]
    reading.found.append(
        Attribution(
            contents=[offsets(tokens, piece) for piece in pieces],
            source=None if source is None else offsets(tokens, source),
            cue=offsets(tokens, cue),
            rule=rule,
            sentence=reading.index,
            clause=_clause_around(reading, min(edges), max(edges), pieces),
            open=not pieces,
        )
    )


def _clause_around(reading: Reading, first: int, last: int, contents: Sequence[Range]) -> Span:
    """From the source and cue outwards as far as no content stands in the way."""
    low = max((piece[1] for piece in contents if piece[1] <= first), default=0)
    high = min((piece[0] for piece in contents if piece[0] >= last), default=len(reading.tokens))
    return offsets(reading.tokens, (min(low, first), max(high, last)))


def sentence_opening(reading: Reading, before: int) -> int:
    """Where the clause before a token begins: after what an earlier content took."""
    first = before
    while first > 0 and not reading.taken[first - 1] and reading.tokens[first - 1].text != ";":
        first -= 1
    return first


def is_opening(tokens: Sequence[Token], span: Range) -> bool:
    """An adverbial opening like "In Iowa" rather than a clause."""
    first, last = span
    piece = tokens[first:last]
    if not piece or any(token.quote is not None for token in piece):
        return False
    comma = next((at for at in range(first, last) if tokens[at].text == ","), last)
    if any(is_verb_like(token) for token in tokens[comma + 1 : last]):
        return False
    start = piece[0].lower
    if start in words.LEADERS and len(piece) > 1:
        start = piece[1].lower
    if start in words.SUBORDINATORS:
        return True
    return not any(is_verb_like(token) for token in piece) and len(piece) < 8
