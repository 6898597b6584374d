"""The PyTorch runtime on small random models; where PyTorch is missing, what it says then."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from models.stance import Pair, load_classifier
from models.stance.load import SMALL
from stancewire.errors import ModelError
from stancewire.records import Scores

PAIRS = [
    Pair("We need this bridge.", "the bridge", "Ana Ruiz"),
    Pair("No.", "it"),
    Pair("It rained on Tuesday. " * 40, "the weather", "a clerk"),
]


def torch_or_skip() -> Any:
    return pytest.importorskip("torch", reason='needs PyTorch: pip install "stancewire[torch]"')


def make_model(directory: Path, names: list[str], bias: list[float] | None = None) -> Path:
    """A tiny random BERT with these output names, the same weights every time."""
    torch = torch_or_skip()
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        id2label=dict(enumerate(names)),
        label2id={name: output for output, name in enumerate(names)},
        initializer_range=0.5,
    )
    model = BertForSequenceClassification(config)
    if bias is not None:
        with torch.no_grad():
            model.classifier.bias[:] = torch.tensor(bias)
    model.save_pretrained(directory)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(SMALL / name, directory)
    return directory


def values(scores: Scores) -> tuple[float, float, float]:
    return scores.favor, scores.against, scores.neutral


def test_without_pytorch_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r'pip install "stancewire\[torch\]"'):
        load_classifier(tmp_path)


def test_outputs_are_read_by_name_not_by_place(tmp_path: Path) -> None:
    straight = load_classifier(make_model(tmp_path / "a", ["favor", "against", "neutral"]))
    turned = load_classifier(make_model(tmp_path / "b", ["NONE", "PRO", "CON"]))
    for one, other in zip(straight.classify(PAIRS), turned.classify(PAIRS), strict=True):
        assert (one.favor, one.against, one.neutral) == (other.neutral, other.favor, other.against)


@pytest.mark.parametrize("names", [["favor", "against", "neutral"], ["ENTAILMENT", "x"]])
def test_order_is_kept_and_company_changes_nothing(tmp_path: Path, names: list[str]) -> None:
    names = [name.replace("x", "not_entailment") for name in names]
    classifier = load_classifier(make_model(tmp_path / "m", names), threads=1)
    together = classifier.classify(PAIRS)
    assert [classifier.classify([pair])[0] for pair in PAIRS] == together
    assert classifier.classify(PAIRS[::-1])[::-1] == together
    assert len({values(scores) for scores in together}) == len(PAIRS)
    assert classifier.classify([]) == []


@pytest.mark.parametrize(
    ("bias", "neutral"),
    [([9.0, -9.0, -9.0], 1.0), ([-9.0, 9.0, -9.0], 1.0), ([-9.0, -9.0, 9.0], 1)],
)
def test_entailing_both_or_neither_hypothesis_is_neutral(
    tmp_path: Path, bias: list[float], neutral: float
) -> None:
    names = ["contradiction", "entailment", "neutral"]
    classifier = load_classifier(make_model(tmp_path / "nli", names, bias))
    assert classifier.classify(PAIRS[:1])[0].neutral == pytest.approx(neutral, abs=0.05)


def test_labels_that_are_no_stance_are_listed(tmp_path: Path) -> None:
    directory = make_model(tmp_path / "moods", ["joy", "anger", "fear"])
    with pytest.raises(ModelError, match=r"'joy', 'anger', 'fear'.*moods"):
        load_classifier(directory)


def test_the_revision_follows_the_weights(tmp_path: Path) -> None:
    names = ["favor", "against", "neutral"]
    one = load_classifier(make_model(tmp_path / "one", names)).info
    again = load_classifier(make_model(tmp_path / "again", names)).info
    other = load_classifier(make_model(tmp_path / "other", names, [1.0, 0.0, 0.0])).info
    assert (one.name, one.revision) == ("one", again.revision)
    assert other.revision != one.revision


def test_broken_weights_are_named(tmp_path: Path) -> None:
    directory = make_model(tmp_path / "broken", ["favor", "against", "neutral"])
    (directory / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match=r"cannot load the model.*broken"):
        load_classifier(directory)


def test_a_directory_without_a_tokenizer_says_so(tmp_path: Path) -> None:
    directory = make_model(tmp_path / "bare", ["favor", "against", "neutral"])
    for path in directory.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(ModelError, match=r"tokenizer files missing.*bare"):
        load_classifier(directory)
