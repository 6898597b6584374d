"""Which targets a quote is judged against, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from consumers.stances import judge
from consumers.targets import Watched
from models.stance.pair import Pair
from stancewire.records import ArticleBrief, EntityKind, ModelInfo, NamedEntity, Quote, Scores
from stancewire.watchlist import Target, Watchlist, parse_target
from tests.support.generated import FEED, FETCHED_AT

NOW = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)


class Recorder:
    """Answers neutral, and keeps what it was asked."""

    info = ModelInfo(name="recorder", revision="1")

    def __init__(self) -> None:
        self.asked: list[Pair] = []

    def classify(self, pairs: Sequence[Pair]) -> list[Scores]:
        self.asked.extend(pairs)
        return [Scores(favor=0, against=0, neutral=1)] * len(pairs)


def quote(number: int, *names: str, kind: EntityKind = "person") -> Quote:
    return Quote(
        id=f"q{number}",
        article_id="a",
        kind="indirect",
        text=f"words {number}",
        spans=((0, 7),),
        entities=tuple(NamedEntity(name=name, kind=kind) for name in names),
        confidence=1.0,
        article=ArticleBrief(feed=FEED, fetched_at=FETCHED_AT),
        extracted_at=NOW,
        model=ModelInfo(name="m", revision="1"),
    )


def ids(quotes: Sequence[Quote], watchlist: Watchlist) -> list[list[str]]:
    found = judge(quotes, Watched(watchlist), Recorder(), lambda: NOW)
    return [[stance.target.id for stance in stances] for stances in found]


def test_listed_targets_come_first_then_each_quotes_own() -> None:
    quotes = [quote(1, "Ona Lind", "Norway"), quote(2), quote(3, "Per Holm")]
    watchlist = Watchlist((parse_target("the dam"), parse_target("a toll")), entities=True)
    classifier = Recorder()
    stances = judge(quotes, Watched(watchlist), classifier, lambda: NOW)
    assert [[(s.quote.id, s.target.name) for s in of_one] for of_one in stances] == [
        [("q1", "the dam"), ("q1", "a toll"), ("q1", "Ona Lind"), ("q1", "Norway")],
        [("q2", "the dam"), ("q2", "a toll")],
        [("q3", "the dam"), ("q3", "a toll"), ("q3", "Per Holm")],
    ]
    assert [(pair.quote, pair.target) for pair in classifier.asked] == [
        (s.quote.text, s.target.name) for of_one in stances for s in of_one
    ]
    assert stances[0][2].target.id == "entity-ona-lind"


def test_what_is_listed_by_name_or_alias_is_no_target_twice() -> None:
    watchlist = Watchlist(
        (
            parse_target("ONA LIND"),
            Target(id="eu", name="the Union", aliases=("european union",)),
            Target(id="entity-per-holm", name="Holm of the harbour"),
        ),
        entities=True,
    )
    quotes = [quote(1, "Ona Lind", "European Union", "Per Holm", "Lindgren")]
    assert ids(quotes, watchlist) == [["ona-lind", "eu", "entity-per-holm", "entity-lindgren"]]


def test_two_names_of_one_id_are_one_target() -> None:
    quotes = [quote(1, "Al-Noor", "Al Noor", kind="organisation")]
    assert ids(quotes, Watchlist((), entities=True)) == [["entity-al-noor"]]


def test_entities_are_no_targets_unless_the_watchlist_says_so() -> None:
    assert ids([quote(1, "Ona Lind")], Watchlist((parse_target("the dam"),))) == [["the-dam"]]


def test_a_quote_that_names_nobody_has_no_stance_if_nothing_is_listed() -> None:
    assert ids([quote(1), quote(2, "Ona Lind")], Watchlist((), entities=True)) == [
        [],
        ["entity-ona-lind"],
    ]


class OddPlaces:
    """A gate that passes every second target."""

    def __init__(self, count: int) -> None:
        self.count = count

    def choose(self, quotes: Sequence[Pair]) -> list[list[int]]:
        return [list(range(1, self.count, 2)) for _ in quotes]


def gated(*quotes: Quote, entities: bool = False) -> list[list[str]]:
    names = ["the dam", "a toll", "Ona Lind", "a wall", "Per Holm"]
    watchlist = Watchlist(tuple(map(parse_target, names)), entities)
    watched = Watched(watchlist, OddPlaces(len(names)))
    stances = judge(quotes, watched, Recorder(), lambda: NOW)
    return [[stance.target.id for stance in of_one] for of_one in stances]


def test_with_a_gate_a_quote_is_judged_against_what_passes_it() -> None:
    assert gated(quote(1), quote(2)) == [["a-toll", "a-wall"]] * 2


def test_a_listed_target_that_the_quote_names_needs_not_pass() -> None:
    assert gated(quote(1, "Per Holm", "Norway"), quote(2)) == [
        ["a-toll", "a-wall", "per-holm"],
        ["a-toll", "a-wall"],
    ]
    assert gated(quote(1, "Per Holm", "Norway"), entities=True) == [
        ["a-toll", "a-wall", "per-holm", "entity-norway"]
    ]
