"""Labels on articles that are kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.stance.labelled import LABELS, labelled_pairs
from models.stance.pair import Pair
from stancewire.errors import InputError

TEXT = "Ona Lind said we\n need the tram, not the road."


def write(tmp_path: Path, *rows: object) -> tuple[Path, Path]:
    articles = tmp_path / "quotes" / "polnear" / "train" / "text"
    articles.mkdir(parents=True)
    (articles / "a.txt").write_text(TEXT)
    labels = tmp_path / "some.labels"
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path / "stance", labels


ROW = {
    "doc": "a",
    "content": [[14, 31]],
    "source": [[0, 8]],
    "pairs": [["the tram", "favor", True], ["the road", "against", False]],
}


def test_pairs_are_cut_from_the_article(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW)
    sure = (Pair("we need the tram", "the tram", "Ona Lind"), "favor")
    assert labelled_pairs(data, labels) == [sure]
    doubtful = (Pair("we need the tram", "the road", "Ona Lind"), "against")
    assert labelled_pairs(data, labels, doubtful=True) == [sure, doubtful]


def test_a_missing_article_is_named(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW | {"doc": "b"})
    with pytest.raises(InputError, match=r"b\.txt"):
        labelled_pairs(data, labels)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW, ROW | {"pairs": [["the tram", "pro", True]]})
    with pytest.raises(InputError, match=r"some\.labels, line 2"):
        labelled_pairs(data, labels)


def test_the_committed_labels_hold_offsets_and_no_text() -> None:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert sum(len(row["pairs"]) for row in rows) > 4000
    assert {key for row in rows for key in row} == {
        "doc",
        "kind",
        "content",
        "source",
        "cue",
        "pairs",
    }
    assert {label for row in rows for _, label, _ in row["pairs"]} == {
        "favor",
        "against",
        "neutral",
    }
