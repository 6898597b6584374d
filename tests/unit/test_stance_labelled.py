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
    "cue": [[9, 13]],
    "pairs": [["the tram", "favor", True], ["the road", "against", False]],
}


def test_pairs_are_cut_from_the_article(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW)
    context = "Ona Lind said we need the tram, not the road."
    sure = (Pair("we need the tram", "the tram", "Ona Lind", context), "favor")
    assert labelled_pairs(data, [labels]) == [sure]
    doubtful = (Pair("we need the tram", "the road", "Ona Lind", context), "against")
    assert labelled_pairs(data, [labels], doubtful=True) == [sure, doubtful]


def test_the_cue_tells_the_polarity(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW)
    denied = TEXT.replace("said we", "denied").replace("need", "that need")
    (tmp_path / "quotes" / "polnear" / "train" / "text" / "b.txt").write_text(denied)
    row = ROW | {"doc": "b", "content": [[16, 36]], "cue": [[9, 15]]}
    labels.write_text(json.dumps(row) + "\n")
    assert [pair.polarity for pair, _ in labelled_pairs(data, [labels])] == ["denied"]


def test_a_missing_article_is_named(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW | {"doc": "b"})
    with pytest.raises(InputError, match=r"b\.txt"):
        labelled_pairs(data, [labels])


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    data, labels = write(tmp_path, ROW, ROW | {"pairs": [["the tram", "pro", True]]})
    with pytest.raises(InputError, match=r"some\.labels, line 2"):
        labelled_pairs(data, [labels])


def test_a_sentence_is_found_by_its_line(tmp_path: Path) -> None:
    row = {name: value for name, value in ROW.items() if name != "doc"}
    data, labels = write(tmp_path, row | {"row": 2})
    (data / "newsmtsc").mkdir(parents=True)
    sentences = [{"text": "Another one."}, {"text": TEXT}]
    (data / "newsmtsc" / "train.jsonl").write_text("\n".join(map(json.dumps, sentences)) + "\n")
    [(pair, label)] = labelled_pairs(data, [labels])
    assert (pair.quote, pair.speaker, label) == ("we need the tram", "Ona Lind", "favor")
    labels.write_text(json.dumps(row | {"row": 9}) + "\n")
    with pytest.raises(InputError, match=r"some\.labels, line 1"):
        labelled_pairs(data, [labels])


@pytest.mark.parametrize(("labels", "place"), [(LABELS[0], "doc"), (LABELS[1], "row")])
def test_the_committed_labels_hold_offsets_and_no_text(labels: Path, place: str) -> None:
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    assert sum(len(row["pairs"]) for row in rows) > 2000
    keys = {place, "kind", "content", "source", "cue", "pairs"}
    assert {key for row in rows for key in row} == keys
    found = {label for row in rows for _, label, _ in row["pairs"]}
    assert found == {"favor", "against", "neutral"}
