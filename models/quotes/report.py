"""What extracted statements score against PolNeAR's attributions, part by part and kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from models.quotes.polnear import KINDS, GoldArticle, GoldAttribution
from models.quotes.scoring import Score, SpanSet, exact, merge, overlap
from models.quotes.statement import Statement

Report = dict[str, dict[str, dict[str, float]]]
"""Part and kind, then way of matching, then figure (0 to 1; `found` and `gold` are counts)."""

_Match = Callable[[Sequence[SpanSet], Sequence[SpanSet]], Score]
_WAYS: dict[str, _Match] = {"exact": exact, "overlap": overlap}

_Item = TypeVar("_Item", Statement, GoldAttribution)


def _content_of(item: Statement, text: str) -> SpanSet:
    return merge(item.spans, text)


def _source_of(item: Statement, text: str) -> SpanSet:
    # A source taken over from the context stands at another statement.
    told = item.speaker is not None and item.cue is not None
    return merge([item.speaker.mention_span], text) if told and item.speaker else ()


def _cue_of(item: Statement, text: str) -> SpanSet:
    return () if item.cue is None else merge([item.cue.span], text)


_FOUND: dict[str, Callable[[Statement, str], SpanSet]] = {
    "content": _content_of,
    "source": _source_of,
    "cue": _cue_of,
}


def score(articles: Sequence[GoldArticle], statements: Sequence[Sequence[Statement]]) -> Report:
    """Exact and overlap scores of content, source, cue and whole attributions, all and by kind.

    A whole attribution is right if its content, source and cue are; it has no overlap score. By
    kind, precision is over what was found as that kind, recall over the gold of that kind, and a
    hit may be of any kind on the other side: `kind` itself is not what is scored.
    """
    totals: dict[tuple[str, str], Score] = {}
    for article, found in zip(articles, statements, strict=True):
        for key, result in _score_article(article, found):
            totals.setdefault(key, Score()).add(result)
    report: Report = {}
    for (part, way), result in totals.items():
        report.setdefault(part, {})[way] = {
            "precision": round(result.precision, 4),
            "recall": round(result.recall, 4),
            "f1": round(result.f1, 4),
            "found": result.found,
            "gold": result.gold,
        }
    return report


def _score_article(
    article: GoldArticle, found: Sequence[Statement]
) -> Iterator[tuple[tuple[str, str], Score]]:
    for part in _FOUND:
        every_found = _spans_found(part, found, article.text)
        every_gold = _spans_gold(part, article.attributions)
        for way, match in _WAYS.items():
            yield (part, way), match(every_found, every_gold)
            for kind in KINDS:
                of_kind = _spans_found(part, _of_kind(found, kind), article.text)
                gold_of_kind = _spans_gold(part, _of_kind(article.attributions, kind))
                precision, recall = match(of_kind, every_gold), match(every_found, gold_of_kind)
                yield (f"{part} {kind}", way), _join(precision, recall)
    every_whole = [_whole(item, article.text) for item in found]
    every_gold_whole = [_gold_whole(item) for item in article.attributions]
    yield ("attribution", "exact"), exact(every_whole, every_gold_whole)
    for kind in KINDS:
        of_kind_whole = [_whole(item, article.text) for item in _of_kind(found, kind)]
        gold_whole = [_gold_whole(item) for item in _of_kind(article.attributions, kind)]
        precision, recall = exact(of_kind_whole, every_gold_whole), exact(every_whole, gold_whole)
        yield (f"attribution {kind}", "exact"), _join(precision, recall)


def _of_kind(items: Iterable[_Item], kind: str) -> list[_Item]:
    return [item for item in items if item.kind == kind]


def _spans_found(part: str, items: Iterable[Statement], text: str) -> list[SpanSet]:
    return [spans for item in items if (spans := _FOUND[part](item, text))]


def _spans_gold(part: str, items: Iterable[GoldAttribution]) -> list[SpanSet]:
    return [spans for item in items if (spans := getattr(item, part))]


def _whole(item: Statement, text: str) -> tuple[SpanSet, ...]:
    return tuple(spans(item, text) for spans in _FOUND.values())


def _gold_whole(item: GoldAttribution) -> tuple[SpanSet, ...]:
    return item.content, item.source, item.cue


def _join(precision: Score, recall: Score) -> Score:
    return Score(precision.hits_found, precision.found, recall.hits_gold, recall.gold)


def table(report: Report) -> str:
    """The report as lines of text, figures in per cent."""
    head = f"{'part':<22}{'match':<9}{'P':>7}{'R':>7}{'F1':>7}{'found':>8}{'gold':>8}"
    lines = [head]
    for part, ways in report.items():
        for way, figures in ways.items():
            ratios = "".join(f"{100 * figures[key]:7.1f}" for key in ("precision", "recall", "f1"))
            lines.append(f"{part:<22}{way:<9}{ratios}{figures['found']:8.0f}{figures['gold']:8.0f}")
    return "\n".join(lines)
