"""Attention as one operator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is for training only")
torch = pytest.importorskip("torch", reason="PyTorch is for training only")

from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel  # noqa: E402

from models.onnx_attention import fuse_attention  # noqa: E402
from models.onnx_export import OPSET, write_onnx  # noqa: E402
from models.onnx_session import open_session  # noqa: E402
from stancewire.errors import ModelError  # noqa: E402

# PyTorch's exporter warns about names of its own making.
pytestmark = pytest.mark.filterwarnings("ignore")

HEADS = 4
SIZE = {
    "vocab_size": 99,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": HEADS,
    "intermediate_size": 64,
    "attn_implementation": "eager",
}


def answers(path: Path, inputs: list[str]) -> Any:
    ids = np.random.default_rng(3).integers(5, 99, size=(3, 11))
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": ids * 0}
    return open_session(path).run(None, {name: given[name] for name in inputs})[0]


@pytest.mark.parametrize(
    ("network", "inputs"),
    [
        (BertModel(BertConfig(**SIZE)), ["input_ids", "attention_mask", "token_type_ids"]),
        # Its scores have a bias for how far two tokens are apart.
        (MPNetModel(MPNetConfig(**SIZE)), ["input_ids", "attention_mask"]),
    ],
    ids=["bert", "mpnet"],
)
def test_a_fused_network_says_the_same(network: Any, inputs: list[str], tmp_path: Path) -> None:
    torch.manual_seed(0)
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    plain, fused = tmp_path / "plain.onnx", tmp_path / "fused.onnx"
    write_onnx(network, ["states", "pooled"], plain, inputs)
    model = onnx.load(plain)
    fuse_attention(model, HEADS)
    onnx.save(model, fused)
    operators = [node.op_type for node in model.graph.node]
    assert operators.count("MultiHeadAttention") == 2
    assert "Softmax" not in operators
    assert answers(fused, inputs) == pytest.approx(answers(plain, inputs), abs=1e-4)


def test_a_softmax_of_something_else_is_refused() -> None:
    make = onnx.helper.make_node
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 4]) for name in "xy"
    ]
    nodes = [make("Softmax", ["x"], ["y"], name="choice")]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(nodes, "choice", ends[:1], ends[1:]),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
    )
    with pytest.raises(ModelError, match=r"no attention.*choice"):
        fuse_attention(model, HEADS)
