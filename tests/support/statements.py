"""Made-up stances for the board: who says what on what, when, in which revision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stancewire.identity import content_hash, stable_id
from stancewire.records import (
    Article,
    ArticleBrief,
    Cue,
    Feed,
    Label,
    ModelInfo,
    Quote,
    Scores,
    Speaker,
    Stance,
    TargetRef,
    Timings,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MODEL = ModelInfo(name="made-up", revision="r1")


def article(number: int, *said: str, revision: int = 1, feed: str = "post") -> Article:
    """One whose paragraphs are `said`; a paragraph is `Name: words`."""
    text = "\n\n".join(["It was a long day.", *(_paragraph(each) for each in said), "So it went."])
    title = f"Story {number}"
    return Article(
        id=stable_id("article", feed, str(number)),
        revision=revision,
        url=f"https://{feed}.example/{number}",
        title=title,
        text=text,
        published_at=START + timedelta(hours=number),
        fetched_at=START + timedelta(hours=number, minutes=5),
        feed=Feed(id=feed, url=f"https://{feed}.example/feed", title=f"The {feed.title()}"),
        content_hash=content_hash(title, text),
    )


def _paragraph(said: str) -> str:
    name, _, words = said.partition(": ")
    return f"“{words}” {name} said."


def quotes(of: Article) -> list[Quote]:
    """One a paragraph that is a quotation."""
    found = []
    for paragraph in of.text.split("\n\n"):
        if not paragraph.startswith("“"):
            continue
        start = of.text.index(paragraph)
        words, _, rest = paragraph.partition("” ")
        name = rest.removesuffix(" said.")
        end, at = start + len(words) + 1, start + len(words) + 2
        spans = ((start, end),)
        found.append(
            Quote(
                id=Quote.identify(of.id, of.revision, spans),
                article_id=of.id,
                kind="direct",
                text=of.text[start:end],
                spans=spans,
                cue=Cue(text="said", span=(at + len(name) + 1, at + len(name) + 5)),
                speaker=Speaker(
                    name=name, mention=name, mention_span=(at, at + len(name)), resolved_by="name"
                ),
                confidence=1.0,
                context=paragraph,
                article=ArticleBrief.of(of),
                extracted_at=of.fetched_at,
                model=MODEL,
            )
        )
    return found


def stance(quote: Quote, target: str, label: Label, model: ModelInfo = MODEL) -> Stance:
    rest = dict.fromkeys(("favor", "against", "neutral"), 0.1)
    return Stance(
        id=Stance.identify(quote.id, target),
        quote=quote,
        target=TargetRef(id=target, name=target.replace("-", " ")),
        label=label,
        scores=Scores(**{**rest, label: 0.8}),
        model=model,
        timings=Timings(
            published_at=quote.article.published_at,
            fetched_at=quote.article.fetched_at,
            extracted_at=quote.extracted_at,
            classified_at=quote.extracted_at,
        ),
    )
