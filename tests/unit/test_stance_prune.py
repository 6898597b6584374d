"""A pruned model has the chosen layers of the whole one, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is for training only")

from transformers import AutoModelForSequenceClassification, MPNetConfig  # noqa: E402

from models.stance import prune  # noqa: E402
from stancewire.errors import ModelError  # noqa: E402


class NoTokenizer:
    @classmethod
    def from_pretrained(cls, *_: object, **__: object) -> NoTokenizer:
        return cls()

    def save_pretrained(self, _: Path) -> None:
        pass


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prune, "AutoTokenizer", NoTokenizer)
    config = MPNetConfig(
        vocab_size=50, hidden_size=8, num_hidden_layers=4, num_attention_heads=2,
        intermediate_size=16, num_labels=3,
    )  # fmt: skip
    AutoModelForSequenceClassification.from_config(config).save_pretrained(tmp_path / "whole")
    return tmp_path / "whole"


def test_the_layers_are_those_asked_for(whole: Path, tmp_path: Path) -> None:
    prune.prune(whole, [0, 3], tmp_path / "half")
    before, after = (
        AutoModelForSequenceClassification.from_pretrained(path).state_dict()
        for path in (whole, tmp_path / "half")
    )
    kept = {"layer.0.": "layer.0.", "layer.1.": "layer.3."}
    for name, weight in after.items():
        source = name
        for new, old in kept.items():
            if new in name:
                source = name.replace(new, old)
        assert torch.equal(weight, before[source]), name
    assert not any("layer.2." in name for name in after)


def test_a_layer_that_is_not_there_is_named(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="4 layers, none is 4"):
        prune.prune(whole, [1, 4], tmp_path / "half")
