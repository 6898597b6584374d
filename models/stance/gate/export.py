"""Exports a trained gate to ONNX with int8 weights.

python -m models.stance.gate.export --weights FILE [--out DIR]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import onnx
import torch
from transformers import AutoTokenizer

from models.manifest import write_manifest
from models.onnx_export import quantise_embeddings, quantise_products, write_onnx
from models.stance.export import MAX_TOKENS
from models.stance.gate.encoder import SHIPPED_GATE, WEIGHTS
from models.stance.gate.network import GateNetwork, PairScorer
from models.stance.train import packaged_minilm


def export(weights: Path, directory: Path) -> None:
    """Writes a directory that `Encoder` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    state = torch.load(weights, weights_only=True)
    network, scorer = GateNetwork(packaged_minilm()), PairScorer()
    network.load_state_dict(state["network"])
    scorer.load_state_dict(state["scorer"])
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "fp32.onnx"
        write_onnx(network, ["whole", "words"], model)
        heads = network.encoder.config.num_attention_heads
        quantise_products(model, directory / "model.onnx", heads)
        quantised = quantise_embeddings(onnx.load(directory / "model.onnx"))
        onnx.save(quantised, directory / "model.onnx")
    AutoTokenizer.from_pretrained(packaged_minilm()).save_pretrained(directory)
    whole, words, bias = (round(weight, 4) for weight in scorer.weights.tolist())
    views = {"whole": whole, "words": words, "bias": bias}
    (directory / WEIGHTS).write_text(json.dumps(views, indent=1) + "\n", encoding="utf-8")
    write_manifest(directory, MAX_TOKENS)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.stance.gate.export", description=__doc__
    )
    parser.add_argument("--weights", type=Path, required=True, help="what train wrote")
    parser.add_argument("--out", type=Path, default=SHIPPED_GATE)
    arguments = parser.parse_args()
    export(arguments.weights, arguments.out)


if __name__ == "__main__":
    main()
