"""Scores of parts, kinds and whole attributions, on a text whose right answers are written down."""

from __future__ import annotations

import pytest

from models.quotes.polnear import GoldArticle, GoldAttribution
from models.quotes.report import score, table
from models.quotes.scoring import SpanSet
from models.quotes.statement import Statement
from stancewire.records import Cue, Kind, Span, Speaker

TEXT = '"We will stay," Ona Lind said. Her brother thinks that they should go.'


def span(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def gold(kind: str, content: str, source: str, cue: str) -> GoldAttribution:
    spans: list[SpanSet] = [(span(words),) for words in (content, source, cue)]
    return GoldAttribution(kind, *spans)


def found(kind: Kind, content: str, source: str | None, cue: str) -> Statement:
    speaker = source and Speaker(
        name=source, mention=source, mention_span=span(source), resolved_by="name"
    )
    return Statement(
        kind=kind,
        spans=(span(content),),
        cue=Cue(text=cue, span=span(cue)),
        speaker=speaker or None,
        said_on=None,
        confidence=1.0,
    )


ARTICLE = GoldArticle(
    "a",
    TEXT,
    [
        gold("direct", '"We will stay,"', "Ona Lind", "said"),
        gold("indirect", "that they should go", "Her brother", "thinks"),
    ],
)


def test_what_the_annotators_marked_scores_one_hundred() -> None:
    statements = [
        found("direct", '"We will stay,"', "Ona Lind", "said"),
        found("indirect", "that they should go", "Her brother", "thinks"),
    ]
    report = score([ARTICLE], [statements])
    assert {figures["exact"]["f1"] for name, figures in report.items() if "mixed" not in name} == {
        1.0
    }
    assert report["attribution"]["exact"]["gold"] == 2


def test_a_wrong_edge_costs_the_content_and_the_whole_attribution_only() -> None:
    statements = [
        found("direct", '"We will stay,"', "Ona Lind", "said"),
        found("indirect", "they should go", "Her brother", "thinks"),
    ]
    report = score([ARTICLE], [statements])
    assert report["content"]["exact"]["f1"] == 0.5
    assert report["content"]["overlap"]["f1"] == 1.0
    assert report["content direct"]["exact"]["f1"] == 1.0
    assert report["content indirect"]["exact"]["f1"] == 0.0
    assert report["source"]["exact"]["f1"] == report["cue"]["exact"]["f1"] == 1.0
    assert report["attribution"]["exact"]["f1"] == 0.5


def test_a_missing_speaker_costs_the_source_and_the_whole_attribution() -> None:
    statements = [found("direct", '"We will stay,"', None, "said")]
    report = score([ARTICLE], [statements])
    assert report["source"]["exact"]["found"] == 0
    assert report["source direct"]["exact"]["recall"] == 0.0
    assert report["attribution"]["exact"]["f1"] == 0.0
    assert report["content"]["exact"]["recall"] == pytest.approx(0.5)


def test_the_table_has_a_line_for_each_part_and_way() -> None:
    lines = table(score([ARTICLE], [[]])).splitlines()
    # Three parts in two ways and whole attributions in one, each for all and for three kinds.
    assert len(lines) == 1 + (3 * 2 + 1) * 4
