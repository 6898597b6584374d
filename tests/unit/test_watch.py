"""Long watchlists with the gate that is shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from consumers.targets import pair_of, watch
from models.stance.gate.encoder import SHIPPED_GATE, WEIGHTS, Encoder
from stancewire.errors import ModelError
from stancewire.watchlist import Target, Watchlist, parse_target
from tests.unit.test_stances_step import quote

OTHERS = (
    "the new runway", "school uniforms", "a wealth tax", "the Iran deal", "vaccination of children",
    "fox hunting", "the four-day week", "arms sales to Saudi Arabia", "daylight saving time",
    "self-driving taxis", "rent control", "the monarchy", "a football World Cup every two years",
    "the closure of the steelworks", "police use of facial recognition", "space tourism",
    "free school meals", "the death penalty", "bullfighting", "a second referendum",
)  # fmt: skip
SUBJECTS = {
    "Every tonne of CO2 must cost something, or nobody will ever burn less coal.": Target(
        id="carbon-tax", name="a carbon tax", aliases=("carbon pricing",)
    ),
    "We will not let a single refugee boat land on this coast.": parse_target("migration"),
    "Nurses have not had a real rise in ten years, so we walk out on Monday.": parse_target(
        "the hospital strike"
    ),
}
WATCHLIST = Watchlist((*map(parse_target, OTHERS), *SUBJECTS.values()))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@pytest.mark.parametrize("text", SUBJECTS)
def test_what_a_statement_is_about_is_among_the_nearest(text: str, encoder: Encoder) -> None:
    [chosen] = watch(WATCHLIST, 4, encoder).by([quote(1).model_copy(update={"text": text})])
    assert SUBJECTS[text] in chosen
    assert len(chosen) == 4
    assert list(chosen) == [target for target in WATCHLIST.targets if target in chosen]


def test_a_statement_is_judged_against_all_of_a_list_that_is_no_longer(encoder: Encoder) -> None:
    count = len(WATCHLIST.targets)
    assert watch(WATCHLIST, count, encoder).by([quote(1)]) == [WATCHLIST.targets]


def test_an_alias_brings_its_target(encoder: Encoder) -> None:
    text = "As for carbon pricing, ask me again in the spring."
    [chosen] = watch(WATCHLIST, 1, encoder).by([quote(1).model_copy(update={"text": text})])
    assert [target.id for target in chosen] == ["carbon-tax"]


def test_the_classifier_is_told_of_the_list(encoder: Encoder) -> None:
    tax = Target(id="tax", name="a toll", aliases=("a levy",), hint="what the council wants")
    watchlist = Watchlist((tax, *WATCHLIST.targets[1:]), entities=True)
    said = quote(1, "Norway")
    watched = watch(watchlist, 1, encoder)
    pair = watched.pair(said, tax)
    assert (pair.target, pair.among) == ("a toll", len(watchlist.targets))
    assert pair.aliases == ("a levy", "what the council wants")
    assert watched.pair(said, Target(id="entity-norway", name="Norway")).among == 1


def test_a_short_list_is_judged_pair_by_pair(encoder: Encoder) -> None:
    alias = Target(id="tax", name="a toll", aliases=("a levy",))
    watched = watch(Watchlist((alias, *WATCHLIST.targets)), 100, encoder)
    assert watched.pair(quote(1), alias) == pair_of(quote(1), "a toll")


def test_a_listed_target_that_the_quote_names_is_picked_by_the_quote(encoder: Encoder) -> None:
    person = Target(id="lind", name="Minister Ona Lind", aliases=("Ona Lind",))
    watched = watch(Watchlist((person, *WATCHLIST.targets)), 1, encoder)
    assert watched.pair(quote(1, "Ona Lind"), person).among == 1
    assert watched.pair(quote(1, "Per Holm"), person).among == len(WATCHLIST.targets) + 1


def test_an_altered_gate_is_refused(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(SHIPPED_GATE, tmp_path / "gate"))
    (copy / WEIGHTS).write_text('{"whole": 1}')
    with pytest.raises(ModelError, match=f"checksum: {WEIGHTS}"):
        Encoder(copy)
