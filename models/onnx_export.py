"""Exporting networks to ONNX, and the ways of storing their weights that both models share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.onnx_attention import fuse_attention

# ONNX Runtime 1.22, the oldest supported, knows it in full; the first with GELU as one operator.
OPSET = 20

# Tables with fewer numbers take no room worth saving.
TABLE_FROM = 100_000

# GitHub refuses files of 100 MB; smaller weights stay in the graph's own file.
MAX_FILE_BYTES = 80_000_000
INLINE_BYTES = 1_000

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def write_onnx(
    model: Any, outputs: Sequence[str], path: Path, inputs: Sequence[str] = INPUTS
) -> None:
    """The network in fp32, with any number of rows and tokens."""
    sample = {name: torch.ones((2, 16), dtype=torch.int64) for name in inputs}
    axes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("tokens")}
    torch.onnx.export(
        model.eval(),
        (),
        kwargs=sample,
        f=path,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_shapes=dict.fromkeys(inputs, axes),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )
    onnx.save(_without_traces(onnx.load(path)), path)


def _without_traces(model: Any) -> Any:
    """Without the exporter's notes of source lines: a revision must not depend on a folder."""
    del model.metadata_props[:]
    for piece in (model.graph, *model.graph.node, *model.graph.value_info):
        piece.doc_string = ""
        del piece.metadata_props[:]
    return model


def save_split(model: Any, path: Path) -> None:
    """Saves a model; where it is larger than a repository takes, its weights in files beside it."""
    # Weights are added to the end of files that are there.
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    if model.ByteSize() <= MAX_FILE_BYTES:
        onnx.save(model, path)
        return
    part = room = 0
    for weight in model.graph.initializer:
        if not weight.HasField("raw_data") or len(weight.raw_data) < INLINE_BYTES:
            continue
        if len(weight.raw_data) > room:
            part, room = part + 1, MAX_FILE_BYTES
        room -= len(weight.raw_data)
        set_external_data(weight, f"{path.name}.{part}")
    onnx.save(model, path)


def quantise_products(source: Path, path: Path, heads: int) -> None:
    """Weights of products as int8 with a scale a channel; activations are scaled at run time.

    Attention, of so many `heads`, becomes one operator: rows must run without padding.
    """
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        prepared,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm"],
    )
    # The library above does not know the types of what the fused operators give.
    model = onnx.load(path)
    fuse_attention(model, heads)
    onnx.save(model, path)


def quantise_embeddings(model: Any) -> Any:
    """Rows of large tables as int8, scaled back after they are looked up.

    One scale for the whole table, which the library would take, loses the small rows.
    """
    tables = {weight.name: weight for weight in model.graph.initializer}
    nodes: list[Any] = []
    for node in model.graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or np.prod(table.dims) < TABLE_FROM:
            nodes.append(node)
            continue
        values = onnx.numpy_helper.to_array(table)
        scales = np.abs(values).max(1, keepdims=True).clip(min=1e-12) / 127
        rows, row_scales, places = f"{table.name}_int8", f"{table.name}_scales", node.input[1]
        table.CopyFrom(
            onnx.numpy_helper.from_array(np.round(values / scales).astype(np.int8), rows)
        )
        model.graph.initializer.append(
            onnx.numpy_helper.from_array(scales.astype(np.float32), row_scales)
        )
        make, out = onnx.helper.make_node, node.output[0]
        nodes += [
            make("Gather", [rows, places], [f"{out}_int8"]),
            make("Cast", [f"{out}_int8"], [f"{out}_float"], to=onnx.TensorProto.FLOAT),
            make("Gather", [row_scales, places], [f"{out}_scales"]),
            make("Mul", [f"{out}_float", f"{out}_scales"], [out]),
        ]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
