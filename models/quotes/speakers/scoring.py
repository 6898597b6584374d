"""How often the speaker is right, by what the source is: a pronoun, a description, a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from models.quotes.layout import Layout, read_layout
from models.quotes.polnear import GoldArticle, GoldAttribution
from models.quotes.reading import Attribution
from models.quotes.speakers.gold import MENTION_TYPES, GoldSpeaker
from models.quotes.speakers.resolver import SpeakerResolver
from models.quotes.statement import Statement
from stancewire.records import Speaker

Rates = dict[str, dict[str, float]]
"""Type of mention, then `right` (a share of `gold`), `gold` (a count)."""


def score_extracted(
    gold: Sequence[GoldSpeaker], texts: Mapping[str, str], found: Mapping[str, Sequence[Statement]]
) -> Rates:
    """Of extracted statements: a mention at which none was found, or without speaker, is wrong."""
    return _rates(
        gold,
        [
            any(item.judge(speaker, texts[item.doc]) for speaker in _at(item, found[item.doc]))
            for item in gold
        ],
    )


def _at(item: GoldSpeaker, found: Sequence[Statement]) -> list[Speaker]:
    start, end = item.mention
    return [
        one.speaker
        for one in found
        if one.speaker is not None
        and one.speaker.mention_span[0] < end
        and start < one.speaker.mention_span[1]
    ]


def score_resolved(gold: Sequence[GoldSpeaker], articles: Mapping[str, GoldArticle]) -> Rates:
    """Of the annotators' attributions: what finding speakers is worth by itself."""
    resolved = {doc: _resolve(articles[doc]) for doc in {item.doc for item in gold}}
    return _rates(
        gold,
        [
            item.judge(resolved[item.doc].get(item.mention[0]), articles[item.doc].text)
            for item in gold
        ],
    )


def _resolve(article: GoldArticle) -> dict[int, Speaker | None]:
    """The speaker of each source, by where it starts."""
    layout = read_layout(article.text)
    resolver = SpeakerResolver(layout)
    speakers: dict[int, Speaker | None] = {}
    for item in sorted(article.attributions, key=lambda item: item.content or ((0, 0),)):
        if item.content:
            speaker = resolver.resolve(to_attribution(item, layout))
            if item.source:
                speakers[item.source[0][0]] = speaker
    return speakers


def to_attribution(item: GoldAttribution, layout: Layout) -> Attribution:
    """An attribution of PolNeAR as the extractor would give it."""
    anchor = (item.cue or item.source or item.content)[0][0]
    return Attribution(
        contents=list(item.content),
        source=(item.source[0][0], item.source[-1][1]) if item.source else None,
        cue=(item.cue[0][0], item.cue[-1][1]) if item.cue else None,
        rule="span-model" if item.source or item.cue else "standalone",
        sentence=sentence_at(layout, anchor),
    )


def sentence_at(layout: Layout, position: int) -> int:
    """The number of the sentence that a position is in, or that ends before it."""
    following = bisect_right(layout.sentences, position, key=lambda one: one.tokens[0].start)
    return max(0, following - 1)


def _rates(gold: Sequence[GoldSpeaker], right: Sequence[bool]) -> Rates:
    rates: Rates = {}
    for kind in (*MENTION_TYPES, "all"):
        of_kind = [ok for item, ok in zip(gold, right, strict=True) if kind in (item.type, "all")]
        if of_kind:
            rates[kind] = {
                "right": round(sum(of_kind) / len(of_kind), 4),
                "gold": len(of_kind),
            }
    return rates


def table(columns: Mapping[str, Rates]) -> str:
    """Types of mention as lines, one column for each way of measuring, in per cent."""
    lines = [f"{'speaker of a':<22}{'gold':>6}" + "".join(f"{name:>20}" for name in columns)]
    first = next(iter(columns.values()))
    for kind, figures in first.items():
        shares = "".join(f"{100 * rates[kind]['right']:20.1f}" for rates in columns.values())
        lines.append(f"{kind:<22}{figures['gold']:6.0f}{shares}")
    return "\n".join(lines)
