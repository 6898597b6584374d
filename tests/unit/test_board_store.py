from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.board import people, queries
from consumers.board.context import paragraphs
from consumers.board.queries import Filter
from consumers.board.store import Store
from stancewire.errors import StancewireError
from stancewire.records import ModelInfo, Stance
from tests.support.statements import START, article, quotes, stance

RUIZ = "Dana Ruiz: The wall will keep us dry."
BECK = "Alan Beck: The wall is a waste of forty million."
TURN = "Dana Ruiz: The wall was a mistake."
DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "board.sqlite") as store:
        yield store


@pytest.fixture
def db(store: Store) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(store.path)
    yield db
    db.close()


def day_one() -> list[Stance]:
    """Ruiz for, Beck against the wall; both neutral on the tax."""
    one, two = quotes(article(1, RUIZ, BECK))
    return [
        stance(one, "the-wall", "favor"), stance(one, "a-tax", "neutral"),
        stance(two, "the-wall", "against"), stance(two, "a-tax", "neutral"),
    ]  # fmt: skip


EVERYTHING = Filter()


def texts(db: sqlite3.Connection, wanted: Filter = EVERYTHING) -> list[str]:
    return [each["text"] for each in queries.statements(db, wanted)[0]]


def test_statements_come_newest_first_with_their_stances(
    store: Store, db: sqlite3.Connection
) -> None:
    first = store.add([article(1, RUIZ, BECK)], day_one(), {("stances.v1", 0): 4})
    [turn] = quotes(article(40, TURN, feed="herald"))
    second = store.add([], [stance(turn, "the-wall", "against")], {("stances.v1", 1): 1})
    assert (first, second) == ([1, 2], [3])
    found, following = queries.statements(db, Filter())
    assert [each["number"] for each in found] == [3, 2, 1]
    assert following is None
    assert found[0]["speaker"] == {"name": "Dana Ruiz", "role": None}
    assert found[0]["article"]["feed"] == {"id": "herald", "title": "The Herald"}
    sides = [(each["target"]["id"], each["label"], each["score"]) for each in found[2]["stances"]]
    assert sides == [("a-tax", "neutral", 0.8), ("the-wall", "favor", 0.8)]
    assert store.places("stances.v1") == {0: 4, 1: 1}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(text="WASTE of"), [BECK]),
        (Filter(text="mist"), [TURN]),
        (Filter(text="ruiz"), [TURN, RUIZ]),
        (Filter(text="story 40"), [TURN]),
        (Filter(text='"; DROP TABLE words --'), []),
        (Filter(text="OR NOT ("), []),
        (Filter(speaker="dana  RUIZ"), [TURN, RUIZ]),
        (Filter(target="the-wall", label="against"), [TURN, BECK]),
        (Filter(target="a-tax"), [BECK, RUIZ]),
        (Filter(target="a-tax", label="against"), []),
        (Filter(label="favor"), [RUIZ]),
        (Filter(feed="herald"), [TURN]),
        (Filter(since=START.timestamp() + DAY), [TURN]),
        (Filter(until=START.timestamp() + DAY), [BECK, RUIZ]),
        (Filter(speaker="Dana Ruiz", target="the-wall", label="against", text="wall"), [TURN]),
    ],
)
def test_filters(store: Store, db: sqlite3.Connection, wanted: Filter, found: list[str]) -> None:
    [turn] = quotes(article(40, TURN, feed="herald"))
    store.add([], [*day_one(), stance(turn, "the-wall", "against")], {})
    assert texts(db, wanted) == [f"“{each.partition(': ')[2]}”" for each in found]
    numbers = [each["number"] for each in queries.numbered(db, [1, 2, 3], wanted)]
    assert len(numbers) == len(found)


def test_pages_follow_each_other_without_gap_or_repetition(
    store: Store, db: sqlite3.Connection
) -> None:
    said = [f"Dana Ruiz: Point {number}." for number in range(23)]
    store.add([], [stance(q, "the-wall", "favor") for q in quotes(article(1, *said))], {})
    numbers: list[int] = []
    before = None
    while True:
        page, before = queries.statements(db, Filter(label="favor"), before, 5)
        numbers += [each["number"] for each in page]
        if before is None:
            break
    assert numbers == list(range(23, 0, -1))


def test_a_newer_model_replaces_its_judgement_alone(store: Store, db: sqlite3.Connection) -> None:
    store.add([], day_one(), {})
    [one, _] = quotes(article(1, RUIZ, BECK))
    newer = ModelInfo(name="made-up", revision="r2")
    assert store.add([], [stance(one, "the-wall", "against", newer)], {}) == [1]
    assert texts(db, Filter(target="the-wall", label="favor")) == []
    assert len(texts(db)) == 2


def test_a_revision_replaces_the_statements_of_earlier_ones(
    store: Store, db: sqlite3.Connection
) -> None:
    store.add([], day_one(), {})
    edited = article(1, BECK, revision=2)
    [quote] = quotes(edited)
    late = quotes(article(1, RUIZ, BECK))[0]
    store.add([], [stance(quote, "the-wall", "against")], {})
    store.add([], [stance(late, "the-wall", "favor")], {})  # of the revision before
    assert texts(db) == ["“The wall is a waste of forty million.”"]
    assert texts(db, Filter(text="dry")) == []
    store.add([article(1, revision=3)], [], {})  # nobody is quoted any more
    assert texts(db) == []
    assert queries.matrix(db, Filter(), 5, 5)["cells"] == []


def test_what_fails_leaves_nothing_and_the_place_as_it_was(
    store: Store, db: sqlite3.Connection
) -> None:
    store.add([], day_one()[:1], {("stances.v1", 0): 1})
    broken = day_one()[2].model_copy(update={"timings": None, "target": None})
    with pytest.raises(AttributeError):
        store.add([], [*day_one(), broken], {("stances.v1", 0): 9})
    assert store.places("stances.v1") == {0: 1}
    assert len(texts(db)) == 1


def test_a_restart_goes_on_and_a_file_of_another_version_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "board.sqlite"
    with Store(path) as store:
        store.add([article(1, RUIZ, BECK)], day_one(), {("stances.v1", 0): 4})
    with Store(path) as store:
        assert store.places("stances.v1") == {0: 4}
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with Store(path) as store:
        assert store.places("stances.v1") == {}
        assert store.add([], day_one(), {}) == [1, 2]


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, and no database. " * 100)
    with pytest.raises(StancewireError, match=r"cannot be used.*notes\.txt"):
        Store(path)
    assert path.read_text().startswith("These are my notes")


def test_the_matrix_counts_sides(store: Store, db: sqlite3.Connection) -> None:
    [turn] = quotes(article(40, TURN))
    store.add([], [*day_one(), stance(turn, "the-wall", "against")], {})
    found = queries.matrix(db, Filter(), speakers=5, targets=5)
    assert found["speakers"] == ["Dana Ruiz", "Alan Beck"]
    assert found["targets"] == [{"id": "the-wall", "name": "the wall"}]
    cells = {(cell["speaker"], cell["target"]): cell for cell in found["cells"]}
    ruiz = cells["Dana Ruiz", "the-wall"]
    assert (ruiz["favor"], ruiz["against"], ruiz["neutral"]) == (1, 1, 0)
    only = queries.matrix(db, Filter(until=START.timestamp() + DAY), speakers=1, targets=1)
    assert len(only["cells"]) == 1


@pytest.mark.parametrize("wanted", [Filter(label="neutral"), Filter(text="dry", label="neutral")])
def test_the_matrix_of_neutral_stances_alone(
    store: Store, db: sqlite3.Connection, wanted: Filter
) -> None:
    store.add([], day_one(), {})
    found = queries.matrix(db, wanted, speakers=5, targets=5)
    assert "Dana Ruiz" in found["speakers"]
    assert [cell["neutral"] for cell in found["cells"]] == [1] * len(found["speakers"])
    assert found["targets"] == [{"id": "a-tax", "name": "a tax"}]


def test_people_and_targets(store: Store, db: sqlite3.Connection) -> None:
    [turn] = quotes(article(40, TURN))
    store.add([], [*day_one(), stance(turn, "the-wall", "against")], {})
    counts = {
        row["id"]: (row["favor"], row["against"], row["neutral"]) for row in people.targets(db)
    }
    assert counts == {"the-wall": (1, 2, 0), "a-tax": (0, 0, 2)}
    wall = people.target(db, "the-wall")
    assert wall is not None
    assert [row["speaker"] for row in wall["favor"]] == ["Dana Ruiz"]
    assert {row["speaker"] for row in wall["against"]} == {"Dana Ruiz", "Alan Beck"}
    assert wall["series"] == [
        {"day": "2026-03-02", "favor": 1, "against": 1, "neutral": 0},
        {"day": "2026-03-04", "favor": 0, "against": 1, "neutral": 0},
    ]
    assert [(row["id"], row["favor"], row["against"]) for row in wall["feeds"]] == [("post", 1, 2)]
    assert people.target(db, "unheard-of") is None
    ruiz = people.speaker(db, "DANA ruiz")
    assert ruiz is not None
    assert (ruiz["name"], ruiz["statements"]) == ("Dana Ruiz", 2)
    [positions] = [row["positions"] for row in ruiz["targets"]]
    assert [(each["label"], each["changed"]) for each in positions] == [
        ("favor", False), ("against", True),
    ]  # fmt: skip
    assert people.speaker(db, "nobody") is None
    assert [row["name"] for row in people.speakers(db, None)] == ["Dana Ruiz", "Alan Beck"]
    assert [row["name"] for row in people.speakers(db, "beck")] == ["Alan Beck"]
    assert people.feeds(db) == [{"id": "post", "title": "The Post"}]


def test_a_statement_stands_in_its_paragraph(store: Store, db: sqlite3.Connection) -> None:
    of = article(1, "Zoë Ruiz: Ein 𝔘nding, the wall.", BECK)
    store.add([of], [stance(quote, "the-wall", "against") for quote in quotes(of)], {})
    found = queries.quote_and_text(db, 1)
    assert found is not None
    quote, text = found
    assert text == of.text
    shown = paragraphs(text, quote)
    assert [part["text"][:4] for part in shown] == ["It w", "“Ein", "“The"]
    marked = {
        mark["kind"]: shown[1]["text"][mark["start"] : mark["end"]] for mark in shown[1]["marks"]
    }
    assert marked == {"quote": "“Ein 𝔘nding, the wall.”", "cue": "said", "speaker": "Zoë Ruiz"}
    store.add([article(1, BECK, revision=2)], [], {})
    assert queries.quote_and_text(db, 1) is None
