"""Exports a trained span model to ONNX with int8 weights.

python -m models.quotes.span.export --weights FILE... --out DIR [--fp32]
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

from models.manifest import MANIFEST, Manifest, file_digest, revision_of
from models.quotes.span.network import SpanNetwork
from models.quotes.span.tagger import HEAD, load_tokenizer, window_edges
from models.quotes.span.windows import LONGEST
from models.stance.export import HALF_FROM, OPSET, quantise_products, store_half
from models.stance.train import packaged_minilm

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

OUTPUTS = ("tags", "left", "right")


def write_onnx(model: SpanNetwork, path: Path) -> None:
    """The network in fp32, with any number of rows and tokens."""
    sample = {name: torch.ones((2, 16), dtype=torch.int64) for name in INPUTS}
    axes = {0: torch.export.Dim("rows"), 1: torch.export.Dim("tokens")}
    torch.onnx.export(
        model.eval(),
        (),
        kwargs=sample,
        f=path,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_shapes=dict.fromkeys(INPUTS, axes),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
    )


def quantise(source: Path, path: Path) -> None:
    """Most weights as int8: products with a scale a channel, word embeddings with one a word."""
    quantise_products(source, path)
    onnx.save(store_half(quantise_embeddings(onnx.load(path))), path)


def quantise_embeddings(model: Any) -> Any:
    """Rows of large tables as int8, scaled back after they are looked up.

    One scale for the whole table, which the library would take, loses the small rows.
    """
    tables = {weight.name: weight for weight in model.graph.initializer}
    nodes: list[Any] = []
    for node in model.graph.node:
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or np.prod(table.dims) < HALF_FROM:
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


def write_head(model: SpanNetwork, first_token: int, last_token: int, path: Path) -> None:
    head = {
        # A fifth decimal is beyond what int8 can tell apart.
        "transitions": model.transitions.detach().double().numpy().round(4).tolist(),
        "link_bias": model.link_bias.detach().double().numpy().round(4).tolist(),
        "first_token": first_token,
        "last_token": last_token,
    }
    path.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")


def write_manifest(directory: Path) -> None:
    files = sorted(path for path in directory.iterdir() if path.name != MANIFEST)
    manifest = Manifest(
        name=directory.name,
        revision=revision_of(files),
        max_tokens=LONGEST,
        temperature=1.0,
        files={path.name: file_digest(path) for path in files},
    )
    text = json.dumps(manifest.model_dump(), indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def average(weights: Sequence[Path]) -> dict[str, Any]:
    """The mean of the weights of several epochs.

    Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization",
    UAI 2018.
    """
    states = [torch.load(path, weights_only=True) for path in weights]
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


def export(weights: Sequence[Path], base: Path, directory: Path, fp32: bool = False) -> None:
    """Writes a directory that `SpanTagger` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    model = SpanNetwork(base)
    model.load_state_dict(average(weights))
    with tempfile.TemporaryDirectory() as scratch:
        network = Path(scratch) / "fp32.onnx"
        write_onnx(model, network)
        if fp32:
            shutil.copyfile(network, directory / "model.onnx")
        else:
            quantise(network, directory / "model.onnx")
    tokenizer = load_tokenizer(base / "tokenizer.json")
    tokenizer.save(str(directory / "tokenizer.json"))
    write_head(
        model,
        *window_edges(tokenizer),
        directory / HEAD,
    )
    write_manifest(directory)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.quotes.span.export", description=__doc__
    )
    parser.add_argument(
        "--weights", type=Path, nargs="+", required=True, help="epochs of a run, to be averaged"
    )
    parser.add_argument("--base", type=Path, help="what it was trained from (default: MiniLM-L6)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", action="store_true", help="keep the weights in fp32")
    arguments = parser.parse_args()
    export(arguments.weights, arguments.base or packaged_minilm(), arguments.out, arguments.fp32)


if __name__ == "__main__":
    main()
