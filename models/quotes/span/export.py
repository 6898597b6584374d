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

import onnx

from models.manifest import write_manifest
from models.onnx_export import quantise_embeddings, quantise_products, write_onnx
from models.quotes.span.network import SpanNetwork, average
from models.quotes.span.tagger import HEAD, load_tokenizer, window_edges
from models.quotes.span.windows import LONGEST
from models.stance.train import packaged_minilm

OUTPUTS = ("tags", "left", "right")


def quantise(source: Path, path: Path, heads: int) -> None:
    """Most weights as int8: products with a scale a channel, word embeddings with one a word."""
    quantise_products(source, path, heads)
    onnx.save(quantise_embeddings(onnx.load(path)), path)


def write_head(model: SpanNetwork, first_token: int, last_token: int, path: Path) -> None:
    head = {
        # A fifth decimal is beyond what int8 can tell apart.
        "transitions": model.transitions.detach().double().numpy().round(4).tolist(),
        "link_bias": model.link_bias.detach().double().numpy().round(4).tolist(),
        "first_token": first_token,
        "last_token": last_token,
    }
    path.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")


def export(weights: Sequence[Path], base: Path, directory: Path, fp32: bool = False) -> None:
    """Writes a directory that `SpanTagger` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    model = SpanNetwork(base)
    model.load_state_dict(average(weights))
    with tempfile.TemporaryDirectory() as scratch:
        network = Path(scratch) / "fp32.onnx"
        write_onnx(model, OUTPUTS, network)
        if fp32:
            shutil.copyfile(network, directory / "model.onnx")
        else:
            heads = model.encoder.config.num_attention_heads
            quantise(network, directory / "model.onnx", heads)
    tokenizer = load_tokenizer(base / "tokenizer.json")
    tokenizer.save(str(directory / "tokenizer.json"))
    write_head(
        model,
        *window_edges(tokenizer),
        directory / HEAD,
    )
    write_manifest(directory, LONGEST)


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
