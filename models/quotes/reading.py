"""A sentence while its attributions are being found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.quotes.clause import Predicate, Range
from models.quotes.tokens import Token
from stancewire.records import Span


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


def starts_large(token: Token) -> bool:
    inner = token.text.lstrip("\"“”„‟＂'‘’‚«»‹›「『` ")
    return inner[:1].isupper() or inner[:1] in ("…", "[", ".")


def is_long(token: Token) -> bool:
    return token.text.count(" ") + 1 >= MIN_FREE_QUOTE_WORDS
