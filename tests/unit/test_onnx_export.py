"""Weights that are too large for one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="onnx is for training only")
pytest.importorskip("torch", reason="PyTorch is for training only")

from models import onnx_export  # noqa: E402
from models.onnx_session import open_session  # noqa: E402


def network(layers: int, width: int) -> object:
    """A chain of products with known weights."""
    helper = onnx.helper
    rng = np.random.default_rng(0)
    weights = [
        onnx.numpy_helper.from_array(rng.normal(size=(width, width)).astype(np.float32), f"w{n}")
        for n in range(layers)
    ]
    names = ["x", *(f"h{n}" for n in range(1, layers)), "y"]
    nodes = [helper.make_node("MatMul", [names[n], f"w{n}"], [names[n + 1]]) for n in range(layers)]
    shape = [None, width]
    ends = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name in ("x", "y")
    ]
    graph = helper.make_graph(nodes, "chain", ends[:1], ends[1:], weights)
    opset = [helper.make_opsetid("", onnx_export.OPSET)]
    return helper.make_model(graph, opset_imports=opset, ir_version=10)


def answer(path: Path) -> np.ndarray:
    (result,) = open_session(path).run(["y"], {"x": np.ones((1, 32), dtype=np.float32)})
    return result  # type: ignore[no-any-return]


def test_a_small_model_is_one_file(tmp_path: Path) -> None:
    onnx_export.save_split(network(2, 32), tmp_path / "model.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["model.onnx"]


def test_a_large_model_is_split_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, split = tmp_path / "whole.onnx", tmp_path / "split" / "model.onnx"
    split.parent.mkdir()
    onnx_export.save_split(network(5, 32), whole)
    limit = 2 * 32 * 32 * 4
    monkeypatch.setattr(onnx_export, "MAX_FILE_BYTES", limit)
    for _ in range(2):
        onnx_export.save_split(network(5, 32), split)
    sizes = {path.name: path.stat().st_size for path in split.parent.iterdir()}
    assert sorted(sizes) == ["model.onnx", "model.onnx.1", "model.onnx.2", "model.onnx.3"]
    assert max(sizes.values()) <= limit
    assert answer(split) == pytest.approx(answer(whole))
