"""Exports a fine-tuned model to ONNX with int8 weights, calibrated on newsquotes dev.

python -m models.stance.export --model DIR --out DIR --data DIR [--fp32]
"""

from __future__ import annotations

import argparse
import inspect
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.manifest import write_manifest
from models.onnx_export import (
    INPUTS,
    quantise_blocks,
    quantise_embeddings,
    save_split,
    write_onnx,
)
from models.stance.datasets import load_split
from models.stance.load import SHIPPED_WEIGHTS
from models.stance.metrics import LABELS
from models.stance.onnx_classifier import OnnxClassifier
from stancewire.records import Label

# A statement of several paragraphs, its speaker and a target fit; MiniLM was trained for 256.
MAX_TOKENS = 256


def _inputs(network: Any) -> list[str]:
    """What the network reads of what its tokenizer gives; MPNet has no token types."""
    return [name for name in INPUTS if name in inspect.signature(network.forward).parameters]


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


def export(source: Path, directory: Path, data: Path, fp32: bool = False) -> None:
    """Writes a directory that `OnnxClassifier` loads."""
    directory.mkdir(parents=True, exist_ok=True)
    network = AutoModelForSequenceClassification.from_pretrained(
        source, local_files_only=True, dtype=torch.float32, attn_implementation="eager"
    )
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "fp32.onnx"
        write_onnx(network, ["logits"], model, _inputs(network))
        if fp32:
            shutil.copyfile(model, directory / "model.onnx")
        else:
            save_split(quantise_embeddings(quantise_blocks(model)), directory / "model.onnx")
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(directory)
    shutil.copyfile(source / "config.json", directory / "config.json")
    write_manifest(directory, MAX_TOKENS, reads_context=True)
    dev = load_split(data, "newsquotes", "dev")
    logits = OnnxClassifier(directory).logits([example.pair for example in dev])
    temperature = fit_temperature(logits, [example.label for example in dev])
    write_manifest(directory, MAX_TOKENS, temperature, reads_context=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="what train wrote: OUT/epoch-N")
    parser.add_argument("--out", type=Path, default=SHIPPED_WEIGHTS)
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--fp32", action="store_true", help="keep the weights in fp32")
    arguments = parser.parse_args()
    export(arguments.model, arguments.out, arguments.data, arguments.fp32)


if __name__ == "__main__":
    main()
