"""Products in int8 with a scale a token: nearly as exact as fp32, and about half as long."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime as ort

# The largest of a signed byte; the smallest is left out, so that zero is in the middle.
INT8_TOP = 127

# Rows and columns of zeros have a scale, too.
LEAST = 1e-9

# How much of an input's outliers its weights take over: half, as the source has it.
SHARE = 0.5

# A channel that the samples did not move may be moved by others: it counts as a twentieth of the
# mean at least.
QUIET = 0.05

# ONNX Runtime's own operators: one of them multiplies bytes and scales the sums in one pass.
RUNTIME = "com.microsoft"

# What the products share.
TOP, ZERO, UNIT, LEAST_TOP, AXIS = (f"row_{n}" for n in ("top", "zero", "unit", "least", "axis"))


def products(model: Any) -> dict[str, list[Any]]:
    """The nodes that multiply by a weight, by the name of what they multiply."""
    weights = {weight.name for weight in model.graph.initializer}
    found: dict[str, list[Any]] = {}
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            found.setdefault(node.input[0], []).append(node)
    return found


def largest_inputs(source: Path, samples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of each product's input the largest size of each channel, over the samples: (channels,)."""
    model = onnx.load(source)
    names = list(products(model))
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: dict[str, Any] = {}
    for sample in samples:
        for name, values in zip(names, session.run(names, dict(sample)), strict=True):
            largest = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            found[name] = np.maximum(found.get(name, LEAST), largest)
    return found


def quantise_rows(source: Path, largest: Mapping[str, Any]) -> Any:
    """Products in int8: weights with a scale a channel, activations with one a token at run time.

    A scale for one token, instead of one for all, keeps outliers of some from drowning the rest,
    and makes a row's outputs independent of the rows beside it (Yao et al., "ZeroQuant", NeurIPS
    2022). Channels that are large in every token hand half of it to the weights (Xiao et al.,
    "SmoothQuant", ICML 2023); `largest` is what `largest_inputs` found.
    """
    model = onnx.load(source)
    weights = {weight.name: weight for weight in model.graph.initializer}
    by_rows = products(model)
    added = {
        TOP: np.array(INT8_TOP, np.float32),
        ZERO: np.array(INT8_TOP + 1, np.uint8),
        UNIT: np.array(1, np.float32),
        LEAST_TOP: np.array(LEAST, np.float32),
        AXIS: np.array([-1], np.int64),
    }
    replaced: dict[str, list[Any]] = {}
    for rows, nodes in by_rows.items():
        values = [onnx.numpy_helper.to_array(weights[node.input[1]]) for node in nodes]
        factors = _factors(largest[rows], np.abs(values).max((0, 2)))
        added[smoothing(rows)] = 1 / factors
        for node, matrix in zip(nodes, values, strict=True):
            stored = f"{node.input[1]}_int8"
            smooth = matrix * factors[:, None]
            scales = np.abs(smooth).max(0).clip(min=LEAST) / INT8_TOP
            added[f"{stored}_scales"] = scales.astype(np.float32)
            whole = np.round(smooth / scales).astype(np.int8)
            weights[node.input[1]].CopyFrom(onnx.numpy_helper.from_array(whole, stored))
            replaced[node.output[0]] = _product(rows, stored, node.output[0])
        replaced[nodes[0].output[0]] = _quantised(rows) + replaced[nodes[0].output[0]]
    kept = [copy.deepcopy(node) for node in model.graph.node]
    del model.graph.node[:]
    for node in kept:
        model.graph.node.extend(replaced.get(node.output[0], [node]))
    model.graph.initializer.extend(
        onnx.numpy_helper.from_array(values, name) for name, values in added.items()
    )
    model.opset_import.append(onnx.helper.make_opsetid(RUNTIME, 1))
    return model


def smoothing(rows: str) -> str:
    """The name of what the channels of `rows` are multiplied by before they are rounded."""
    return f"{rows}_smoothing"


def _factors(largest: Any, weights: Any) -> Any:
    """What each channel's weights are multiplied by, one on geometric average."""
    moved = largest.clip(min=max(QUIET * largest.mean(), LEAST))
    logs = SHARE * np.log(moved) - (1 - SHARE) * np.log(weights.clip(min=LEAST))
    return np.exp(logs - logs.mean()).astype(np.float32)


def _quantised(rows: str) -> list[Any]:
    """Nodes that make each row 8 bits wide, about a zero in the middle, and give its scale.

    Unsigned, since processors multiply unsigned by signed bytes in one instruction.
    """
    make, to = onnx.helper.make_node, f"{rows}_rows"
    return [
        make("Mul", [rows, smoothing(rows)], [f"{to}_smooth"]),
        make("Abs", [f"{to}_smooth"], [f"{to}_sizes"]),
        make("ReduceMax", [f"{to}_sizes", AXIS], [f"{to}_largest"], keepdims=1),
        make("Max", [f"{to}_largest", LEAST_TOP], [f"{to}_tops"]),
        make("Div", [TOP, f"{to}_tops"], [f"{to}_factors"]),
        make("Mul", [f"{to}_smooth", f"{to}_factors"], [f"{to}_scaled"]),
        make("QuantizeLinear", [f"{to}_scaled", UNIT, ZERO], [to]),
        make("Div", [f"{to}_tops", TOP], [f"{to}_scales"]),
    ]


def _product(rows: str, stored: str, out: str) -> list[Any]:
    """Nodes of one product: sums by the scales of the channels, then by those of the tokens."""
    make = onnx.helper.make_node
    inputs = [f"{rows}_rows", stored, UNIT, f"{stored}_scales", ZERO]
    return [
        make("MatMulIntegerToFloat", inputs, [f"{out}_unscaled"], domain=RUNTIME),
        make("Mul", [f"{out}_unscaled", f"{rows}_rows_scales"], [out]),
    ]
