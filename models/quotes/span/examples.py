"""PolNeAR as training rows: windows of whole paragraphs with their tags and spans."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.quotes.marks import find_quotations
from models.quotes.polnear import GoldArticle
from models.quotes.span.encoding import Encoding, encode
from models.quotes.span.labels import PARTS, begin, inside

# Pairs of marks that take the place of those of the text, one code point each.
STYLES = ('""', "“”", "«»", "‘’", "''", "„“", "»«")

# How often the marks of an article are rewritten.
REWRITTEN = 0.35


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """First and last word of a span, counted in its window, and which attribution it is of."""

    first: int
    last: int
    part: int
    attribution: int


@dataclass(frozen=True, slots=True)
class Row:
    """A window; `words` are the places of the words' first pieces."""

    ids: np.ndarray
    types: np.ndarray
    words: np.ndarray
    tags: np.ndarray
    spans: tuple[GoldSpan, ...]

    def __len__(self) -> int:
        return len(self.ids)


def rewrite_marks(text: str, style: str) -> str:
    """The text with all its quotations in other marks; offsets stay."""
    signs = list(text)
    for quotation in find_quotations(text):
        if text[quotation.start] in "'`‘‚‹":
            continue
        for start, end in quotation.pieces:
            signs[start] = style[0]
            if end - start > 1 and not text[end - 1].isalnum() and text[end - 1] in '"”»“':
                signs[end - 1] = style[1]
    return "".join(signs)


def make_rows(
    articles: Sequence[GoldArticle], tokenizer: Any, rng: random.Random, longest: int
) -> list[Row]:
    """All articles, cut at paragraphs into windows of differing length (in word pieces)."""
    rows: list[Row] = []
    for article in articles:
        text = article.text
        if rng.random() < REWRITTEN:
            text = rewrite_marks(text, rng.choice(STYLES))
        encoding = encode(tokenizer, text)
        tags, spans = _label(encoding, article)
        for start, end in _windows(encoding, rng, longest):
            rows.append(_row(encoding, tags, spans, start, end))
    return rows


def _windows(encoding: Encoding, rng: random.Random, longest: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(encoding.paragraph)) + 1
    windows: list[tuple[int, int]] = []
    start, target = 0, rng.randint(longest // 8, longest)
    for edge in [*edges.tolist(), len(encoding)]:
        while edge - start > longest:
            windows.append((start, start + longest))
            start += longest
        if edge - start >= target:
            windows.append((start, edge))
            start, target = edge, rng.randint(longest // 8, longest)
    if start < len(encoding):
        windows.append((start, len(encoding)))
    return windows


def _label(
    encoding: Encoding, article: GoldArticle
) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
    """A tag a piece, and the spans as (first piece, last piece + 1, part, attribution)."""
    tags = np.zeros(len(encoding), dtype=np.int64)
    spans: list[tuple[int, int, int, int]] = []
    for number, item in enumerate(article.attributions):
        for part, name in enumerate(PARTS):
            for start, end in getattr(item, name):
                first = int(np.searchsorted(encoding.ends, start, side="right"))
                last = int(np.searchsorted(encoding.starts, end))
                if first < last:
                    tags[first:last] = inside(part)
                    tags[first] = begin(part)
                    spans.append((first, last, part, number))
    return tags, sorted(spans)


def _row(
    encoding: Encoding,
    tags: np.ndarray,
    spans: Sequence[tuple[int, int, int, int]],
    start: int,
    end: int,
) -> Row:
    words = np.flatnonzero(encoding.first[start:end])
    within = []
    for first, last, part, number in spans:
        if first >= start and last <= end:
            head = int(np.searchsorted(words, first - start, side="right")) - 1
            tail = int(np.searchsorted(words, last - start)) - 1
            within.append(GoldSpan(max(head, 0), max(head, tail, 0), part, number))
    return Row(
        encoding.ids[start:end],
        encoding.types[start:end],
        words,
        tags[start:end][words],
        tuple(within),
    )
