"""The first real article, read by the shipped extractor as a careful reader would.

The article states no licence, so it is not kept here: STANCEWIRE_EXAMPLES names its directory,
or it lies in shared/examples beside the checkout.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from models.quotes import Document, Statement, load_extractor

EXAMPLES = Path(
    os.environ.get("STANCEWIRE_EXAMPLES")
    or Path(__file__).parents[2].parent / "shared" / "examples"
)
ARTICLE = EXAMPLES / "kallas.txt"
PUBLISHED_ON = date(2025, 2, 28)
FEB_18 = date(2025, 2, 18)

pytestmark = pytest.mark.skipif(not ARTICLE.exists(), reason=f"{ARTICLE} is not here")

# Kind, contents, cue, mention, resolved by, said on: in the order of the article.
HERS = [
    (
        "indirect",
        ["ruling out NATO membership for Ukraine"],
        "decried",
        "EU foreign policy chief Kaja Kallas",
        "name",
        None,
    ),
    (
        "indirect",
        [
            "that there was no reason to offer concessions to Russia before formal peace "
            "negotiations even begin, especially given their ongoing occupation of Ukraine"
        ],
        "told",
        "Kallas",
        "name",
        None,
    ),
    (
        "direct",
        [
            '"My question is, why we should give Russia what they want on top of what they have '
            "already done — attacking Ukraine, annexing territory, occupying territory, and now "
            'offering something on top of it?"'
        ],
        None,
        "Kallas",
        "context",
        None,
    ),
    (
        "indirect",
        [
            "the proposed concessions to attempts to appease Al Qaeda following the Sept. 11 "
            "terrorist attacks against the U.S."
        ],
        "likened",
        "Kallas",
        "name",
        None,
    ),
    (
        "direct",
        [
            '"Consider here in America that after 9/11 you would have sat down with Osama bin '
            "Laden and said, 'OK, what else do you want?' I mean, it's unimaginable,\""
        ],
        "said",
        "she",
        "pronoun",
        None,
    ),
    ("mixed", ['these claims "totally untrue."'], "called", "Kallas", "name", None),
    (
        "direct",
        ['"That is the Russian narrative that we should not buy,"'],
        "said",
        "she",
        "pronoun",
        None,
    ),
    (
        "mixed",
        [
            'the Baltic country joined NATO because it is "afraid of Russia," with which it '
            "shares a border"
        ],
        "said",
        "Kallas, the former prime minister of Estonia,",
        "name",
        None,
    ),
    (
        "direct",
        [
            '"And the only thing that really works — the only security guarantee that works — is '
            "NATO's umbrella,\""
        ],
        "said",
        "she",
        "pronoun",
        None,
    ),
    (
        "indirect",
        [
            "Europe won't be able to assist Ukraine in an eventual peace deal if the White House "
            "does not include European nations in the process"
        ],
        "added",
        "the official",
        "description",
        None,
    ),
    (
        "indirect",
        ["strong support for Ukraine's defense"],
        "has voiced",
        "Kallas",
        "name",
        None,
    ),
    (
        "indirect",
        ["Western partners to maintain a robust alliance against Russian aggression"],
        "urged",
        "Kallas",
        "name",
        None,
    ),
    ("direct", ['"Russia will try to divide us,"'], "said", "Kallas", "name", FEB_18),
    (
        "direct",
        [
            "\"Let's not walk into their traps. By working together with the U.S., we can achieve "
            "a just and lasting peace — on Ukraine's terms.\""
        ],
        None,
        "Kallas",
        "context",
        FEB_18,
    ),
]


@pytest.fixture(scope="module")
def text() -> str:
    return ARTICLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(text: str) -> list[Statement]:
    return load_extractor().extract([Document(text, PUBLISHED_ON)])[0]


def speaker(statement: Statement) -> str | None:
    return None if statement.speaker is None else statement.speaker.name


def test_all_that_kallas_says_and_nothing_else(text: str, found: list[Statement]) -> None:
    hers = [statement for statement in found if speaker(statement) == "Kaja Kallas"]
    assert [
        (
            statement.kind,
            [text[start:end] for start, end in statement.spans],
            statement.cue and statement.cue.text,
            statement.speaker and statement.speaker.mention,
            statement.speaker and statement.speaker.resolved_by,
            # The day on which the interview was published is not asserted.
            None if statement.said_on == date(2025, 2, 27) else statement.said_on,
        )
        for statement in hers
    ] == HERS
    assert {statement.speaker and statement.speaker.role for statement in hers} == {
        "EU foreign policy chief"
    }


def test_the_day_is_that_of_the_nearest_cue(text: str, found: list[Statement]) -> None:
    """ "On Feb. 18 Kallas said" stands at the end of a paragraph, a heading run into it."""
    (divide,) = [item for item in found if text[slice(*item.spans[0])].startswith('"Russia will')]
    assert divide.cue is not None
    assert divide.cue.span[0] > divide.spans[0][1]


def test_the_others_are_not_taken_for_kallas(text: str, found: list[Statement]) -> None:
    others = {
        statement.cue.text: speaker(statement)
        for statement in found
        if statement.cue is not None and speaker(statement) != "Kaja Kallas"
    }
    assert others["alleged"] == "Russia"
    assert set(others.values()) <= {"Russia", "Donald Trump", "European NATO allies"}


def test_nothing_is_taken_from_the_head_line(text: str, found: list[Statement]) -> None:
    head = text.index("\n")
    assert "AI assistance" in text[:head]
    for statement in found:
        spans = [*statement.spans]
        if statement.cue is not None:
            spans.append(statement.cue.span)
        if statement.speaker is not None:
            spans.append(statement.speaker.mention_span)
        assert all(start > head for start, _ in spans)
