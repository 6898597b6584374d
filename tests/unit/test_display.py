from __future__ import annotations

from datetime import UTC, datetime

import click
import pytest

from consumers.display import card, line, plain
from stancewire.records import (
    ArticleBrief,
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

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCORES: dict[Label, Scores] = {
    "favor": Scores(favor=0.8, against=0.1, neutral=0.1),
    "against": Scores(favor=0.1, against=0.8, neutral=0.1),
    "neutral": Scores(favor=0.1, against=0.1, neutral=0.8),
}


def stance(
    label: Label, target: str = "the wall", text: str = "We need it.", name: str = "Ada"
) -> Stance:
    speaker = Speaker(
        name=name, mention=name, mention_span=(0, 3), role="mayor", resolved_by="name"
    )
    quote = Quote(
        id="q",
        article_id="a",
        kind="direct",
        text=text,
        spans=((0, 5),),
        speaker=speaker,
        confidence=0.9,
        article=ArticleBrief(fetched_at=NOW, feed=Feed(id="f", url="u")),
        extracted_at=NOW,
        model=ModelInfo(name="m", revision="1"),
    )
    return Stance(
        id="s",
        quote=quote,
        target=TargetRef(id="t", name=target),
        label=label,
        scores=SCORES[label],
        model=ModelInfo(name="m", revision="1"),
        timings=Timings(fetched_at=NOW, extracted_at=NOW, classified_at=NOW),
    )


@pytest.mark.parametrize(
    "text", ["\x1b[31mred\x1b[0m", "a\x07b\x00c", "x\u202egnp.exe", "a\r\nb\tc"]
)
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    assert all(c.isprintable() for c in plain(text))
    for shown in (
        line(stance("favor", text, text, text), 200),
        card([stance("favor", text, text, text)], 80),
    ):
        assert all(c.isprintable() or c == "\n" for c in click.unstyle(shown))


def test_a_line_fits_the_width() -> None:
    shown = click.unstyle(line(stance("against", text="word " * 200), 120))
    assert len(shown) <= 120
    assert shown.startswith("▼ against 0.80  the wall | Ada, mayor: word")


def test_who_does_not_say_the_words_is_marked() -> None:
    said = stance("favor")
    denied = said.model_copy(update={"quote": said.quote.model_copy(update={"polarity": "denied"})})
    assert click.unstyle(card([denied], 80)).splitlines()[0] == "Ada, mayor (denied)"
    assert "| Ada, mayor (denied): We need it." in click.unstyle(line(denied, 120))
    assert "asserted" not in card([said], 80)


def test_a_card_names_each_target_once() -> None:
    stances = [
        stance("favor", "one"),
        stance("neutral", "two"),
        stance("against", "three"),
        stance("neutral", "four"),
    ]
    assert click.unstyle(card(stances, 80)).splitlines() == [
        "Ada, mayor",
        "    We need it.",
        "    ▲ favor   0.80  one",
        "    ▼ against 0.80  three",
        "    · neutral       two, four",
    ]
