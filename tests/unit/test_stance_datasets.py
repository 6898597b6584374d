import json
from pathlib import Path

import pytest

from models.stance.datasets import (
    DRAWS,
    JUDGED,
    MINED,
    SWAPPED,
    Example,
    deduplicate,
    draw_epoch,
    expand,
    load_training_pool,
    mined_dev,
    own_examples,
    read_examples,
    read_soft,
)
from models.stance.pair import Pair
from stancewire.errors import InputError
from stancewire.records import Label


def example(quote: str, target: str, label: Label = "favor", source: str = "newsquotes") -> Example:
    return Example(Pair(quote, target), label, source)


def test_both_shapes_of_row_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"quote": "Yes.", "target": "it", "label": "favor", "speaker": "Ana", "device": "plain"},
        {"text": "No.", "target": "it", "label": "against", "synthetic_neutral": False},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert read_examples(path, "some") == [
        Example(Pair("Yes.", "it", "Ana"), "favor", "some", "plain"),
        Example(Pair("No.", "it"), "against", "some"),
    ]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "a", "target": "b"}', '{"text":"a","target":"b","label":"pro"}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "target": "b", "label": "favor"}\n' + line + "\n")
    with pytest.raises(InputError, match=r"rows\.jsonl, line 2"):
        read_examples(path, "some")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        read_examples(tmp_path / "nowhere.jsonl", "some")


def test_copies_go_and_the_first_label_stays() -> None:
    first = example("We need it!", "The tram")
    copy = example("we need it", "the tram", "against")
    other_target = example("We need it!", "the bus", "neutral")
    assert deduplicate([first, copy, other_target], []) == [first, other_target]


def test_a_held_out_text_is_not_trained_on_with_any_target() -> None:
    held_out = example("“We need it”", "the tram")
    assert deduplicate([example("We need it", "the bus")], [held_out]) == []


def test_an_epoch_draws_the_same_for_a_seed_and_another_for_the_next() -> None:
    pool = [
        example(f"quote {n}", "it", source=s) for s in ("newsquotes", "vast") for n in range(5000)
    ]
    first, again, other = (draw_epoch(pool, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert sum(e.source == "vast" for e in first) == DRAWS["vast"]


def test_an_epoch_reads_every_mined_pair_and_the_share_of_the_rest_that_is_asked_for() -> None:
    sources = ("newsquotes", "vast", MINED)
    pool = [example(f"quote {n}", f"it {n}", source=s) for s in sources for n in range(1000)]
    drawn = [e.source for e in draw_epoch(pool, 1, rest=0.1)]
    assert drawn.count(MINED) == 1000
    assert drawn.count("newsquotes") == 100
    assert drawn.count("vast") == DRAWS["vast"] / 10
    assert drawn.count("swapped") == SWAPPED / 10 - 1000


def test_an_in_domain_epoch_reads_every_in_domain_pair_once() -> None:
    pool = [example(f"quote {n}", "it", source=s) for s in ("newsquotes", "iam") for n in range(9)]
    drawn = draw_epoch(pool, 1, in_domain_only=True)
    assert sorted(e.pair.quote for e in drawn) == [f"quote {n}" for n in range(9)]
    assert {e.source for e in drawn} == {"newsquotes"}


def test_the_pool_leaves_out_what_the_model_is_judged_on(tmp_path: Path) -> None:
    row = json.dumps({"text": "Shared text", "target": "it", "label": "favor"}) + "\n"
    alone = json.dumps({"text": "Of train only", "target": "it", "label": "favor"}) + "\n"
    for source in {"newsquotes", *JUDGED, *DRAWS}:
        (tmp_path / source).mkdir()
        (tmp_path / source / "dev.jsonl").write_text(row if source == "vast" else "")
        (tmp_path / source / "train.jsonl").write_text(row + alone)
    labels = tmp_path / "no.labels"
    labels.write_text("")
    pool = load_training_pool(tmp_path, [labels])
    quotes = [e.pair.quote for e in pool if e.source not in ("own", MINED)]
    assert quotes == ["Of train only"]


def test_mined_targets_of_dev_meet_the_statement_that_their_line_names(tmp_path: Path) -> None:
    (tmp_path / "newsquotes").mkdir()
    said = {"id": "P1", "quote": "We need it", "speaker": "Ana", "target": "it", "label": "favor"}
    (tmp_path / "newsquotes" / "dev.jsonl").write_text(json.dumps(said) + "\n")
    labels = tmp_path / "mined.labels"
    line = {"id": "P1", "pairs": [["the bus", "neutral", True], ["the tram", "favor", False]]}
    labels.write_text(json.dumps(line) + "\n")
    assert [(e.pair, e.label) for e in mined_dev(tmp_path, labels)] == [
        (Pair("We need it", "the bus", "Ana"), "neutral"),
        (Pair("We need it", "the tram", "Ana"), "favor"),
    ]
    for wrong in ({"id": "P2"}, {"pairs": [["the bus", "neither", True]]}):
        labels.write_text(json.dumps(line | wrong) + "\n")
        with pytest.raises(InputError, match=r"mined\.labels, line 1"):
            mined_dev(tmp_path, labels)
    labels.unlink()
    with pytest.raises(InputError, match=r"cannot read labels.*mined\.labels"):
        mined_dev(tmp_path, labels)


def test_own_pairs_are_readable_and_hold_every_label() -> None:
    own = own_examples()
    assert {e.label for e in own} == {"favor", "against", "neutral"}
    assert all(e.pair.quote and e.pair.target for e in own)
    assert deduplicate(own, []) == own


def test_a_frame_is_filled_with_topics_and_gets_one_target_of_another_subject() -> None:
    constructions = {
        "topics": ["the tram", "the tunnel"],
        "bodies": [["the pact", "joining the pact"], ["the fund", "a loan from the fund"]],
        "speakers": ["Ana Ruiz"],
        "favor": ["we need {t}"],
        "against": ["Not {t}!"],
        "neutral": ["{t} is debated"],
        "bodies_favor": ["{b} works."],
        "bodies_against": [],
        "bodies_neutral": [],
    }
    examples = expand(constructions, topics_a_frame=2)
    rows = {(e.pair.quote, e.pair.target, e.label) for e in examples}
    assert {
        ("we need the tram", "the tram", "favor"),
        ('"Not the tunnel!"', "the tunnel", "against"),
        ("the tram is debated", "the tram", "neutral"),
        ('"The pact works."', "joining the pact", "favor"),
    } <= rows
    crossed = [row for row in rows if row[0].startswith("we need") and row[2] == "neutral"]
    assert len(crossed) == 1
    assert crossed[0][1] not in crossed[0][0]
    assert expand(constructions, topics_a_frame=2) == examples


def test_soft_labels_are_read_with_and_without_gold(tmp_path: Path) -> None:
    gold = {"quote": "Build it.", "target": "the tram", "scores": [0.9, 0.1, 0], "label": "favor"}
    bare = {"quote": "Who knows.", "target": "the tram", "speaker": "Lind", "scores": [0, 0.5, 0.5]}
    path = tmp_path / "soft.jsonl"
    path.write_text(json.dumps(gold) + "\n" + json.dumps(bare) + "\n")
    first, second = read_soft(path)
    assert (first.label, first.source, first.soft) == ("favor", "labelled", (0.9, 0.1, 0))
    assert (second.pair.speaker, second.source, second.soft) == (
        "Lind",
        "unlabelled",
        (0, 0.5, 0.5),
    )


@pytest.mark.parametrize(
    "row", [{"quote": "a", "target": "b"}, {"scores": [1, 0]}, {"scores": 1}, 3]
)
def test_a_bad_soft_label_is_named(tmp_path: Path, row: object) -> None:
    path = tmp_path / "soft.jsonl"
    path.write_text(
        "\n".join([json.dumps({"quote": "a", "target": "b", "scores": [1, 0, 0]}), json.dumps(row)])
    )
    with pytest.raises(InputError, match=r"soft\.jsonl, line 2"):
        read_soft(path)
