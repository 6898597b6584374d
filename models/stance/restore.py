"""Shipped weights as a PyTorch directory again: to fine-tune them further, or to compare runtimes.

python -m models.stance.restore --model DIR --out DIR

Each weight is what its 8 bits stand for, so the network says what the exported one says but for
the rounding of activations.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from models.onnx_rows import smoothing
from stancewire.errors import ModelError


def product_weights(model: Any) -> dict[str, Any]:
    """The matrices of the products that `quantise_rows` made, by their PyTorch names.

    An array of shape (outputs, inputs) each; the name is that of the bias that is added next.
    """
    arrays = {one.name: one for one in model.graph.initializer}
    biases = {
        used: next((name for name in node.input if name in arrays), None)
        for node in model.graph.node
        if node.op_type == "Add"
        for used in node.input
    }
    found: dict[str, Any] = {}
    for node in model.graph.node:
        if node.op_type != "MatMulIntegerToFloat":
            continue
        bias = biases.get(node.output[0].removesuffix("_unscaled"))
        if bias is None:
            raise ModelError("a product without a bias, so without a name", node=node.name)
        rows = smoothing(node.input[0].removesuffix("_rows"))
        stored, scales, smooth = (
            onnx.numpy_helper.to_array(arrays[name])
            for name in (node.input[1], f"{node.input[1]}_scales", rows)
        )
        found[bias.removesuffix("bias") + "weight"] = (stored * scales * smooth[:, None]).T.copy()
    return found


def stored_weights(model: Any) -> dict[str, Any]:
    """The other weights by their PyTorch names; tables whose rows `quantise_embeddings` scaled."""
    arrays = {one.name: one for one in model.graph.initializer}
    found: dict[str, Any] = {}
    for name, stored in arrays.items():
        if name.endswith(".weight_int8"):
            table = name.removesuffix("_int8")
            values = onnx.numpy_helper.to_array(stored).astype(np.float32)
            found[table] = values * onnx.numpy_helper.to_array(arrays[f"{table}_scales"])
        elif name.endswith((".weight", ".bias")):
            found[name] = onnx.numpy_helper.to_array(stored).copy()
    return found


def restore(source: Path, directory: Path) -> None:
    """Writes a directory that transformers loads.

    Raises:
        ModelError: a weight of the network is not in the export.
    """
    exported = onnx.load(source / "model.onnx")
    weights = stored_weights(exported) | product_weights(exported)
    network = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(source))
    missing, _ = network.load_state_dict(
        {name: torch.tensor(values) for name, values in weights.items()}, strict=False
    )
    if missing:
        raise ModelError(f"not in the export: {', '.join(missing)}", directory=source)
    network.save_pretrained(directory)
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(directory)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.restore", description=__doc__)
    parser.add_argument(
        "--model", type=Path, required=True, help="models/stance/weights/NAME, or what export wrote"
    )
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    restore(arguments.model, arguments.out)


if __name__ == "__main__":
    main()
