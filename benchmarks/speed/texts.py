"""Real articles cut or joined to a length, with about so many statements in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

from models.quotes import Document, QuoteExtractor
from models.quotes.polnear import read_articles

# What an article of the benchmarks is: about 400 words with about 8 statements.
WORDS = range(380, 440)
STATEMENTS = range(7, 10)
# The extractor finds a fifth more in such texts than the annotators did.
ANNOTATED = 6.7

# By how many statements a text may be off its pace while it is put together, and how many
# paragraphs wait to fit.
SLACK = 1.0
WAITING = 300

# Texts that the extractor reads at a time while texts are picked.
AT_A_TIME = 32

# What that news of 2016 speaks of.
TARGETS = ("Donald Trump", "Hillary Clinton", "the border wall", "gun control", "Obamacare")


class Part(NamedTuple):
    """A paragraph, its words, and how many statements its annotators found in it."""

    text: str
    words: int
    statements: int


def paragraphs(data: Path) -> Iterator[Part]:
    """Those of PolNeAR, dev first; DIR is …/data. Raises InputError."""
    for split in ("dev", "train"):
        for article in read_articles(data / "quotes" / "polnear" / split):
            starts = [each.content[0][0] for each in article.attributions if each.content]
            at = 0
            for text in article.text.split("\n\n"):
                end = at + len(text) + 2
                if text.strip():
                    said = sum(at <= start < end for start in starts)
                    yield Part(text, len(text.split()), said)
                at = end


def pieces(
    parts: Iterable[Part], words: range = WORDS, statements: float = ANNOTATED
) -> Iterator[str]:
    """Paragraphs, each once, joined to texts of about so many words and statements.

    Few paragraphs in a row are so even, so one that does not fit waits for another text.
    """
    pace = statements / (words.start + words.stop) * 2
    waiting: deque[Part] = deque(maxlen=WAITING)
    held: list[str] = []
    length = said = 0

    def fits(part: Part) -> bool:
        longer = length + part.words
        return longer < words.stop and abs(said + part.statements - pace * longer) <= SLACK

    for part in parts:
        waiting.append(part)
        while (chosen := next(filter(fits, waiting), None)) is not None:
            waiting.remove(chosen)
            held.append(chosen.text)
            length += chosen.words
            said += chosen.statements
            if length >= words.start:
                yield "\n\n".join(held)
                held, length, said = [], 0, 0


def picked(
    texts: Iterable[str], extractor: QuoteExtractor, statements: range = STATEMENTS
) -> Iterator[str]:
    """The distinct texts in which the extractor finds about so many statements, in order."""
    rest = iter(dict.fromkeys(texts))
    while some := list(islice(rest, AT_A_TIME)):
        found = extractor.extract([Document(text) for text in some])
        yield from (text for text, its in zip(some, found, strict=True) if len(its) in statements)


def news(data: Path, count: int, load: Callable[[], QuoteExtractor]) -> list[str]:
    """So many texts for articles. Raises ClickException if there are fewer, InputError."""
    found = list(islice(picked(pieces(paragraphs(data)), load()), count))
    if len(found) < count:
        raise click.ClickException(f"only {len(found)} such articles can be made of {data}")
    return found


def exact(parts: Iterable[str], words: int) -> Iterator[str]:
    """Paragraphs joined, and cut where they must be, to texts of exactly so many words."""
    held: list[str] = []
    left = words
    for part in parts:
        rest = part.split()
        while len(rest) >= left:
            yield "\n\n".join([*held, " ".join(rest[:left])])
            rest, held, left = rest[left:], [], words
        if rest:
            held.append(" ".join(rest))
            left -= len(rest)
