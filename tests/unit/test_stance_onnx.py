"""The default runtime on the shipped weights."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models.stance import Pair, load_classifier
from models.stance.load import LARGE, SMALL
from models.stance.onnx_classifier import OnnxClassifier
from models.stance.onnx_network import of_equal_length
from stancewire.errors import ModelError

PAIRS = [
    Pair("This dam will drown three villages, and for what?", "the dam", "Mayor Lund"),
    Pair("The dam is the best thing that ever happened to this valley.", "the dam", "Ana Ruiz"),
    Pair("The council meets on Tuesday at nine.", "the dam", "a clerk"),
    Pair("No.", "it"),
    Pair("“Ce n’est pas vrai,” 真的 🙂", "les impôts", "Zoé"),
    Pair("Taxes are theft. " * 30, "taxes", "Senator Whitlow"),
]


@pytest.fixture(scope="module", params=[SMALL, LARGE], ids=["small", "large"])
def directory(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(scope="module")
def classifier(directory: Path) -> OnnxClassifier:
    return OnnxClassifier(directory, threads=2)


def test_plain_statements_get_the_stance_a_reader_sees(classifier: OnnxClassifier) -> None:
    labels = [scores.label for scores in classifier.classify(PAIRS[:3])]
    assert labels == ["against", "favor", "neutral"]


def test_a_pair_has_the_same_scores_in_any_company_order_and_thread_count(
    classifier: OnnxClassifier, directory: Path
) -> None:
    together = classifier.classify(PAIRS)
    assert [classifier.classify([pair])[0] for pair in PAIRS] == together
    assert classifier.classify(PAIRS[::-1])[::-1] == together
    assert classifier.classify(PAIRS * 7) == together * 7
    assert OnnxClassifier(directory, threads=1).classify(PAIRS) == together


def test_rows_that_run_together_are_judged_as_if_alone(classifier: OnnxClassifier) -> None:
    verbs = ("build", "sell", "paint", "burn", "like", "hate", "see", "move", "keep", "close")
    pairs = [
        Pair(f"We {verb} {it} now.", "the dam", "a clerk")
        for verb in verbs
        for it in ("it", "that old thing")
    ]
    assert classifier.classify(pairs) == [classifier.classify([pair])[0] for pair in pairs]


@pytest.mark.parametrize("limit", [1, 2, 8])
def test_batches_hold_every_row_once_and_rows_of_one_length(limit: int) -> None:
    lengths = [7, 3, 7, 9, 3, 7, 7, 3]
    batches = of_equal_length(lengths, limit, tokens=100)
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    assert all(len(rows) <= limit for rows in batches)
    seen = [lengths[rows[0]] for rows in batches]
    assert seen == sorted(seen, reverse=True)
    assert all(len({lengths[row] for row in rows}) == 1 for rows in batches)


def test_batches_of_long_rows_are_smaller_but_never_empty() -> None:
    lengths = [10] * 6 + [4] * 6 + [30]
    sizes = [(lengths[rows[0]], len(rows)) for rows in of_equal_length(lengths, 4, tokens=20)]
    assert sizes == [(30, 1), (10, 2), (10, 2), (10, 2), (4, 4), (4, 2)]


def test_nothing_in_nothing_out(classifier: OnnxClassifier) -> None:
    assert classifier.classify([]) == []


@pytest.mark.parametrize(
    "pair",
    [
        Pair("We must never build it. " * 5000, "the tunnel", "Ana Ruiz"),
        Pair("We must never build it.", "the tunnel " * 5000, "Ana Ruiz"),
        Pair("", ""),
        Pair("\ud800 \x00", "\u200b"),
    ],
)
def test_absurd_lengths_and_characters_get_an_answer(
    classifier: OnnxClassifier, pair: Pair
) -> None:
    (scores,) = classifier.classify([pair])
    assert scores.favor + scores.against + scores.neutral == pytest.approx(1)


@pytest.mark.parametrize("runtime", ["auto", "onnx", "torch"])
def test_an_unknown_directory_is_named(tmp_path: Path, runtime: str) -> None:
    with pytest.raises(ModelError, match=r"no such model directory.*nowhere"):
        load_classifier(tmp_path / "nowhere", runtime=runtime)  # type: ignore[arg-type]


def test_an_empty_directory_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json, weights .*, tokenizer files missing"):
        load_classifier(tmp_path)
    with pytest.raises(ModelError, match=r"cannot read stancewire\.json"):
        load_classifier(tmp_path, runtime="onnx")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LARGE, tmp_path / "copy"))


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.2"])
def test_an_altered_file_is_refused(weights: Path, name: str) -> None:
    with (weights / name).open("r+b") as file:
        file.seek(10_000)
        file.write(b"altered")
    with pytest.raises(ModelError, match=rf"checksum: {re.escape(name)} .*copy"):
        load_classifier(weights)


def test_a_missing_file_is_named(weights: Path) -> None:
    (weights / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"missing: tokenizer\.json"):
        load_classifier(weights)


@pytest.mark.parametrize("text", ["{", "{}", '{"name": "x", "revision": "y", "temperature": 0}'])
def test_a_malformed_manifest_is_refused(weights: Path, text: str) -> None:
    (weights / "stancewire.json").write_text(text)
    with pytest.raises(ModelError, match=r"stancewire\.json is malformed"):
        load_classifier(weights)


def test_importing_is_light() -> None:
    code = "import sys, models.stance; sys.exit('transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_default_runtime_needs_no_pytorch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None; import models.stance as s;"
        "s.load_classifier().classify([s.Pair('Build it.', 'the tram')])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
