"""Exports a fine-tuned model to ONNX with int8 weights, calibrated on newsquotes dev.

python -m models.stance.export --model DIR --out DIR --data DIR [--fp32]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.manifest import MANIFEST, Manifest, file_digest, revision_of
from models.stance.datasets import load_split
from models.stance.load import SHIPPED_WEIGHTS
from models.stance.metrics import LABELS
from models.stance.onnx_classifier import OnnxClassifier
from stancewire.records import Label

# A statement of several paragraphs, its speaker and a target fit; MiniLM was trained for 256.
MAX_TOKENS = 256

# The opset that ONNX Runtime 1.20, the oldest supported, knows in full.
OPSET = 18

# Weights with fewer numbers take no room worth saving.
HALF_FROM = 100_000

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def write_onnx(source: Path, path: Path) -> None:
    """The model in fp32, with any number of rows and tokens."""
    model = AutoModelForSequenceClassification.from_pretrained(
        source, local_files_only=True, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    sample = {name: torch.ones((2, 16), dtype=torch.int64) for name in INPUTS}
    axes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("tokens")}
    torch.onnx.export(
        model,
        (),
        kwargs=sample,
        f=path,
        input_names=list(INPUTS),
        output_names=["logits"],
        dynamic_shapes=dict.fromkeys(INPUTS, axes),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )


def quantise(source: Path, path: Path) -> None:
    """Most weights as int8, the other large ones as fp16."""
    quantise_products(source, path)
    onnx.save(store_half(onnx.load(path)), path)


def quantise_products(source: Path, path: Path) -> None:
    """Weights of products as int8 with a scale a channel; activations are scaled at run time."""
    prepared = source.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        prepared,
        path,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm"],
        nodes_to_exclude=contracting_layers(onnx.load(prepared)),
    )


def contracting_layers(model: Any) -> list[str]:
    """The products that lead back from the feed-forward width.

    They read the activations with the largest outliers, which one int8 scale serves worst: with
    them in float the labels agree with fp32 on 97 % of dev instead of 95 %.
    """
    shapes = {weight.name: tuple(weight.dims) for weight in model.graph.initializer}
    return [
        node.name
        for node in model.graph.node
        if node.op_type == "MatMul"
        and any(
            len(shape := shapes.get(name, ())) == 2 and shape[0] > shape[1] for name in node.input
        )
    ]


def store_half(model: Any) -> Any:
    """The large float weights in fp16, cast back when the model is loaded: half the file."""
    casts = []
    for weight in model.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < HALF_FROM:
            continue
        name, stored = weight.name, f"{weight.name}_half"
        weight.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(onnx.helper.make_node("Cast", [stored], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def fit_temperature(logits: Sequence[Sequence[float]], gold: Sequence[Label]) -> float:
    """The temperature that makes the gold labels likeliest.

    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    outputs = torch.tensor(logits, dtype=torch.float64)
    wanted = torch.tensor([LABELS.index(label) for label in gold])
    # A grid of 1 % steps is finer than what the dev set can tell apart.
    grid = [1.01**step for step in range(-160, 161)]
    losses = [
        torch.nn.functional.cross_entropy(outputs / temperature, wanted).item()
        for temperature in grid
    ]
    return round(grid[losses.index(min(losses))], 4)


def write_manifest(directory: Path, temperature: float) -> None:
    files = sorted(path for path in directory.iterdir() if path.name != MANIFEST)
    manifest = Manifest(
        name=directory.name,
        revision=revision_of(files),
        max_tokens=MAX_TOKENS,
        temperature=temperature,
        files={path.name: file_digest(path) for path in files},
    )
    text = json.dumps(manifest.model_dump(), indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def export(source: Path, directory: Path, data: Path, fp32: bool = False) -> None:
    """Writes a directory that `OnnxClassifier` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "fp32.onnx"
        write_onnx(source, model)
        if fp32:
            shutil.copyfile(model, directory / "model.onnx")
        else:
            quantise(model, directory / "model.onnx")
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(directory)
    shutil.copyfile(source / "config.json", directory / "config.json")
    write_manifest(directory, temperature=1.0)
    dev = load_split(data, "newsquotes", "dev")
    logits = OnnxClassifier(directory).logits([example.pair for example in dev])
    write_manifest(directory, fit_temperature(logits, [example.label for example in dev]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="what train wrote: OUT/best")
    parser.add_argument("--out", type=Path, default=SHIPPED_WEIGHTS)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--fp32", action="store_true", help="keep the weights in fp32")
    arguments = parser.parse_args()
    export(arguments.model, arguments.out, arguments.data, arguments.fp32)


if __name__ == "__main__":
    main()
