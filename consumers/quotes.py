"""Articles to quotes: every attributed statement, with its speaker and its context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from models.quotes.statement import Document, QuoteExtractor, Statement
from stancewire.kafka import topics
from stancewire.records import Article, ArticleBrief, ModelInfo, Quote, Record

# A reader, and a classifier of 128 tokens, sees the statement and about a paragraph either side.
CONTEXT_CHARS = 400


class QuotesStep:
    """What `consume quotes` does to a batch of articles."""

    name = "quotes"
    source = topics.ARTICLES
    sink = topics.QUOTES
    reads = Article

    def __init__(self, extractor: QuoteExtractor, clock: Callable[[], datetime]) -> None:
        self._extractor = extractor
        self._clock = clock

    @property
    def info(self) -> ModelInfo:
        return self._extractor.info

    def __call__(self, records: Sequence[Article]) -> list[list[Quote]]:
        return extract_quotes(records, self._extractor, self._clock())

    def committed(self, outputs: Sequence[Record]) -> None:
        pass  # the loop's own metrics count quotes


def extract_quotes(
    articles: Sequence[Article], extractor: QuoteExtractor, now: datetime
) -> list[list[Quote]]:
    """The quotes of each article, in the articles' order and in the order of their text."""
    documents = [
        Document(a.text, a.published_at.date() if a.published_at else None) for a in articles
    ]
    found = extractor.extract(documents)
    return [
        [_quote(article, statement, extractor.info, now) for statement in statements]
        for article, statements in zip(articles, found, strict=True)
    ]


def _quote(article: Article, statement: Statement, model: ModelInfo, now: datetime) -> Quote:
    return Quote(
        id=Quote.identify(article.id, article.revision, statement.spans),
        article_id=article.id,
        kind=statement.kind,
        text=" ".join(article.text[start:end] for start, end in statement.spans),
        spans=statement.spans,
        cue=statement.cue,
        polarity=statement.polarity,
        speaker=statement.speaker,
        entities=statement.entities,
        said_on=statement.said_on,
        confidence=statement.confidence,
        context=context_of(article.text, statement.spans[0][0], statement.spans[-1][1]),
        article=ArticleBrief.of(article),
        extracted_at=now,
        model=model,
    )


def context_of(text: str, start: int, end: int) -> str:
    """The text around [start, end), cut at the nearest paragraph or word within the limit."""
    left = max(0, start - CONTEXT_CHARS)
    right = min(len(text), end + CONTEXT_CHARS)
    before, after = text[left:start], text[end:right]
    if left > 0:
        before = _from_boundary(before)
    if right < len(text):
        after = _from_boundary(after[::-1])[::-1]
    return (before + text[start:end] + after).strip()


def _from_boundary(piece: str) -> str:
    """Without what comes before the first paragraph break, or else the first blank."""
    for boundary in ("\n", " "):
        _, found, rest = piece.partition(boundary)
        if found:
            return rest
    return piece
