"""Whom and what a statement names, by invented articles; the statement stands in ⟦ ⟧."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.quotes import Document, load_extractor
from models.quotes.layout import read_layout
from models.quotes.speakers.mentioned import mentioned
from models.quotes.speakers.names import read_names
from stancewire.records import NamedEntity, Span, Speaker

MEGABYTE = 1_000_000


def names(marked: str, speaker: str | None = None) -> list[str]:
    """ "p Ona Lind" for a person, in order; "o" and "c" for organisations and countries."""
    spans: list[Span] = []
    text = ""
    for piece in re.split(r"(⟦[^⟧]*⟧)", marked):
        inner = piece.strip("⟦⟧")
        if piece.startswith("⟦"):
            spans.append((len(text), len(text) + len(inner)))
        text += inner
    return [
        f"{entity.kind[0]} {entity.name}"
        for entity in mentioned(text, spans, read_names(read_layout(text)), _speaker(speaker))
    ]


def _speaker(name: str | None) -> Speaker | None:
    if name is None:
        return None
    return Speaker(name=name, mention=name, mention_span=(0, 1), resolved_by="name")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The fullest name of the article, whoever says it, inside of quotation marks and outside.
        ("Helen Marsh won. Voters say ⟦that Marsh will fail⟧.", ["p Helen Marsh"]),
        ("Voters say ⟦that Marsh will fail⟧. Helen Marsh won.", ["p Helen Marsh"]),
        ("Helen Marsh won. ⟦“Marsh has no plan,”⟧ a voter said.", ["p Helen Marsh"]),
        ("Helen Marsh won. ⟦“I trust President Marsh,”⟧ he said.", ["p Helen Marsh"]),
        ("Helen Marsh won. He called it ⟦Marsh's “dam for the rich”⟧.", ["p Helen Marsh"]),
        ("Helen Marsh won. ⟦“Marsh’s dam is ours.”⟧", ["p Helen Marsh"]),
        ("⟦“We owe Mr. Okada an answer,”⟧ she said.", ["p Okada"]),
        ("⟦that Mayor Lind and Sen. Tom Rowe lied⟧", ["p Lind", "p Tom Rowe"]),
        ("⟦“Marsh came,”⟧ he said. ⟦“Marsh left.”⟧ Helen Marsh did.", ["p Helen Marsh"]),
        # Organisations by their words, their acronym, what the article calls them, or a list.
        ("The Harbour Workers Union (HWU) met. ⟦“The HWU is asleep,”⟧ he said.",
         ["o Harbour Workers Union"]),
        ("⟦that the National Ferry Board wastes money⟧", ["o National Ferry Board"]),
        ("The Alliance for Clean Bays (ACB) met. ⟦that the ACB lies⟧.",
         ["o Alliance for Clean Bays"]),
        ("He runs Norvik, a steel company. ⟦to sell Norvik⟧", ["o Norvik"]),
        ("⟦“NATO and the U.N. did nothing,”⟧ she said.", ["o NATO", "o United Nations"]),
        ("⟦that the EU needs the European Union’s own army⟧", ["o European Union"]),
        ("⟦that the Department of Justice is late⟧", ["o Justice Department"]),
        # Countries by any of their names; abbreviated, not before what they are an adjective of.
        ("⟦that America and the U.K. are friends⟧", ["c United States", "c United Kingdom"]),
        ("⟦to leave the US⟧", ["c United States"]),
        ("⟦that the U.S. needs help⟧", ["c United States"]),
        ("⟦that U.S. officials knew of it⟧", []),
        ("⟦Give Ukraine what it needs⟧", ["c Ukraine"]),
        ("⟦“Norway won. Does Sweden care?”⟧", ["c Norway", "c Sweden"]),
        ("⟦that South Korea, New Zealand and Peru signed⟧",
         ["c South Korea", "c New Zealand", "c Peru"]),
        ("⟦that New Mexico, Northern Ireland and Latin America are fine⟧", []),
        # Neither: nationalities, parties, places, times, texts, works, what is not sure.
        ("⟦that Russian and American troops left⟧", []),
        ("⟦that Democratic voters and Republicans agree⟧", []),
        ("⟦that Oslo, Port Ellis and Mill Street in Ohio were flooded⟧", []),
        ("Helen May won. ⟦that it opens in May, or on Monday 3 May⟧.", []),
        ("⟦that the Clean Air Act and the Harbour Treaty hold⟧", []),
        ("He liked ⟦the song “Leaving Norway”⟧.", []),
        ("⟦the Food and Drug Board was wrong⟧", []),
        ("Jim Jordan won. ⟦that Jordan is rich⟧", []),
        ("Will Rowe won. ⟦“Will it rain? Mark my words.”⟧", []),
        ("⟦that nobody knows⟧", []),
        ("Charlotte Rowe won. ⟦that Charlotte officials in Charlotte knew⟧", []),
        ("The Dover Bank closed. ⟦that it never paid in Dover⟧", []),
        ("Helen Marsh won. ⟦“Mr. Marsh is a fool,”⟧ he said.", []),
        # Text in capitals.
        ("Helen Marsh won. ⟦STOP MARSH AND FREE NORWAY NOW, IT IS ON US⟧",
         ["p Helen Marsh", "c Norway"]),
        ("Helen Marsh won. ⟦Voters Say Marsh Must Leave Norway With US Help⟧",
         ["p Helen Marsh", "c Norway", "c United States"]),
    ],
)  # fmt: skip
def test_names(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "speaker", "found"),
    [
        ("Ona Lind said ⟦Lind would beat Helen Marsh⟧.", "Ona Lind", ["p Helen Marsh"]),
        ("Ona Lind and Per Holm said ⟦Holm met Helen Marsh⟧.", "Ona Lind and Per Holm",
         ["p Helen Marsh"]),
        ("The U.S. said ⟦America would help France⟧.", "U.S.", ["c France"]),
        ("Anna Lind spoke. ⟦“Lind is right.”⟧", None, ["p Anna Lind"]),
        ("The Lind campaign said ⟦Anna Lind would win⟧.", "Lind campaign", ["p Anna Lind"]),
    ],
)  # fmt: skip
def test_the_speaker_is_left_out(text: str, speaker: str | None, found: list[str]) -> None:
    assert names(text, speaker) == found


def test_statements_carry_what_they_name() -> None:
    text = (
        "Helen Marsh opened the dam. “Marsh owes Norway an apology,” Ona Lind said.\n\n"
        "Lind added that nobody had asked her."
    )
    first, second = load_extractor("rules").extract([Document(text)])[0]
    assert first.entities == (
        NamedEntity(name="Helen Marsh", kind="person"),
        NamedEntity(name="Norway", kind="country"),
    )
    assert second.entities == ()


NEWS = (
    "Helen Marsh", "Marsh", "U.S.", "US", "NATO", "Gov.", "May", "3", "the", "The", "and", "&",
    "of", "“", "”", '"', "'", "’s", ",", ".", ":", "\n", "(", ")", "GIVE", "Give", "Norway", "said",
    "İ", "ß", "ﬁ", "\u0301", "\u200d", "\x00", "Union", "Mr.", "Rowe", "in", "-",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.lists(st.sampled_from(NEWS), max_size=60).map(" ".join), st.text(max_size=200)),
    st.data(),
)
def test_any_span_of_any_text_can_be_read(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4)))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    found = mentioned(text, spans, read_names(read_layout(text)), None)
    folded = [entity.name.casefold() for entity in found]
    assert all(name.strip() for name in folded)
    assert len(set(folded)) == len(folded)


@pytest.mark.parametrize(
    "unit", ["Helen Marsh met Norway. ", "Marsh of ", "STOP NORWAY ", "“Give "]
)
def test_time_is_linear(unit: str) -> None:
    text = unit * (MEGABYTE // len(unit) // 4)
    registry = read_names(read_layout("Helen Marsh won."))
    started = time.process_time()
    mentioned(text, [(0, len(text))], registry, None)
    assert time.process_time() - started < 10
