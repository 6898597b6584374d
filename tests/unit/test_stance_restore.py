"""Weights that were exported come back as what their 8 bits stand for."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is for training only")
torch = pytest.importorskip("torch", reason="PyTorch is for training only")

from transformers import AutoModelForSequenceClassification, MPNetConfig  # noqa: E402

from models import onnx_export  # noqa: E402
from models.onnx_rows import largest_inputs, quantise_rows  # noqa: E402
from models.stance import restore  # noqa: E402
from stancewire.errors import ModelError  # noqa: E402
from tests.unit.test_stance_prune import NoTokenizer  # noqa: E402

# PyTorch's exporter warns of its own deprecations.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, Any]]:
    """A small network's export, and its weights."""
    monkeypatch.setattr(restore, "AutoTokenizer", NoTokenizer)
    monkeypatch.setattr(onnx_export, "TABLE_FROM", 1000)
    config = MPNetConfig(
        vocab_size=200, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, num_labels=3, attn_implementation="eager",
    )  # fmt: skip
    network = AutoModelForSequenceClassification.from_config(config)
    # Of weights that are alike, as untrained ones are, the exporter keeps one.
    for weight in network.parameters():
        torch.nn.init.normal_(weight)
    inputs = [n for n in onnx_export.INPUTS if n in inspect.signature(network.forward).parameters]
    onnx_export.write_onnx(network, ["logits"], tmp_path / "fp32.onnx", inputs)
    tokens = np.random.default_rng(0).integers(3, 200, (8, 16))
    sample = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
    rows = quantise_rows(tmp_path / "fp32.onnx", largest_inputs(tmp_path / "fp32.onnx", [sample]))
    model = onnx_export.quantise_embeddings(rows)
    onnx.save(model, tmp_path / "model.onnx")
    network.config.save_pretrained(tmp_path)
    return tmp_path, network.state_dict()


def test_every_weight_comes_back(exported: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    source, before = exported
    restore.restore(source, tmp_path / "back")
    after = AutoModelForSequenceClassification.from_pretrained(tmp_path / "back").state_dict()
    assert after.keys() == before.keys()
    for name, weight in before.items():
        assert (after[name] - weight).norm() < 0.05 * weight.norm(), name
    products = [name for name in before if name.endswith("layer.1.intermediate.dense.weight")]
    assert not torch.equal(after[products[0]], before[products[0]])


def test_a_weight_that_is_missing_is_named(
    exported: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    source, _ = exported
    model = onnx.load(source / "model.onnx")
    for weight in model.graph.initializer:
        if weight.name == "classifier.dense.bias":
            weight.name = "other"
    onnx.save(model, source / "model.onnx")
    with pytest.raises(ModelError, match=r"not in the export: classifier\.dense\.bias"):
        restore.restore(source, tmp_path / "back")
