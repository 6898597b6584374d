from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stancewire.identity import content_hash, stable_id
from stancewire.records import Article, ArticleBrief, Quote, Scores, Stance
from tests.support.generated import article


def test_ids_are_the_same_on_every_run_and_machine() -> None:
    assert stable_id("article", "feed", 1) == "d5acf06bc434deb9e68d2078c1fb8c67"
    other_process = subprocess.run(
        [
            sys.executable,
            "-c",
            "from stancewire.identity import *; print(stable_id('article', 'feed', 1))",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert other_process.stdout.strip() == stable_id("article", "feed", 1)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_ids_of_different_parts_differ(one: list[str], other: list[str]) -> None:
    assert (stable_id(*one) == stable_id(*other)) == (one == other)


def test_content_hash_sees_title_and_text() -> None:
    hashes = {
        content_hash("a", "b"),
        content_hash("a", "c"),
        content_hash("b", "b"),
        content_hash(None, "b"),
    }
    assert len(hashes) == 4


def test_quote_id_depends_on_article_revision_and_every_span() -> None:
    ids = {
        Quote.identify("a", 1, [(0, 5)]),
        Quote.identify("b", 1, [(0, 5)]),
        Quote.identify("a", 2, [(0, 5)]),
        Quote.identify("a", 1, [(0, 6)]),
        Quote.identify("a", 1, [(0, 5), (7, 9)]),
    }
    assert len(ids) == 5
    assert Stance.identify("q", "t") != Stance.identify("q", "u")


@pytest.mark.parametrize(
    ("favor", "against", "neutral", "label"),
    [
        (0.5, 0.3, 0.2, "favor"),
        (0.2, 0.5, 0.3, "against"),
        (0.1, 0.2, 0.7, "neutral"),
        (0.4, 0.4, 0.2, "against"),
        (0.4, 0.2, 0.4, "neutral"),
    ],
)
def test_label_is_the_likeliest_and_a_tie_is_never_favor(
    favor: float, against: float, neutral: float, label: str
) -> None:
    assert Scores(favor=favor, against=against, neutral=neutral).label == label


@pytest.mark.parametrize("favor", [0.2, 0.9, -0.1, 1.1, float("nan")])
def test_scores_must_be_probabilities_that_sum_to_one(favor: float) -> None:
    with pytest.raises(ValidationError):
        Scores(favor=favor, against=0.3, neutral=0.3)


def test_readers_ignore_fields_that_they_do_not_know() -> None:
    value = article(1).model_dump(mode="json") | {
        "mood": "grim",
        "feed": {"id": "f", "url": "u", "x": 1},
    }
    read = Article.model_validate(value)
    assert read.feed.id == "f"
    assert not hasattr(read, "mood")


def test_article_brief_has_what_subscribers_need() -> None:
    whole = article(1)
    brief = ArticleBrief.of(whole)
    assert (brief.url, brief.title, brief.published_at, brief.feed, brief.revision) == (
        whole.url,
        whole.title,
        whole.published_at,
        whole.feed,
        whole.revision,
    )


def test_times_without_a_zone_are_refused() -> None:
    value = article(1).model_dump(mode="json") | {"fetched_at": "2026-03-01T12:00:00"}
    with pytest.raises(ValidationError, match="fetched_at"):
        Article.model_validate(value)
