"""Exports a fine-tuned model to ONNX with 8-bit weights, calibrated on newsquotes dev.

python -m models.stance.export --model DIR --out DIR --data DIR [--fp32]
"""

from __future__ import annotations

import argparse
import inspect
import random
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.manifest import write_manifest
from models.onnx_export import (
    INPUTS,
    quantise_embeddings,
    save_split,
    write_onnx,
)
from models.onnx_rows import largest_inputs, quantise_rows
from models.stance.datasets import Example, load_split, swapped
from models.stance.metrics import LABELS
from models.stance.onnx_classifier import OnnxClassifier
from models.stance.text import encode_text
from stancewire.records import Label

# A statement of several paragraphs, its speaker and a target fit; MiniLM was trained for 256.
MAX_TOKENS = 256

# Swapped pairs for each labelled one in calibration. In a watchlist there are many more, but so
# rare a side would cost those that a quote takes without naming its target.
SWAPPED_SHARE = 1.5

# Pairs that show how large activations get; more changed nothing.
SAMPLES = 64


def _inputs(network: Any) -> list[str]:
    """What the network reads of what its tokenizer gives; MPNet has no token types."""
    return [name for name in INPUTS if name in inspect.signature(network.forward).parameters]


def fit_calibration(
    logits: Sequence[Sequence[float]], gold: Sequence[Label]
) -> tuple[float, float]:
    """The temperature, and the bias on the neutral logit, that make the gold labels likeliest.

    Source: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, whose vector scaling
    this is with one temperature for all and a bias for neutral alone.
    """
    outputs = torch.tensor(logits, dtype=torch.float64)
    wanted = torch.tensor([LABELS.index(label) for label in gold])
    is_neutral = torch.tensor([float(label == "neutral") for label in LABELS], dtype=torch.float64)
    log_temperature = torch.zeros((), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [log_temperature, bias], max_iter=200, line_search_fn="strong_wolfe"
    )

    def loss() -> Any:
        optimizer.zero_grad()
        scaled = (outputs + bias * is_neutral) / log_temperature.exp()
        value = torch.nn.functional.cross_entropy(scaled, wanted)
        value.backward()
        return value

    optimizer.step(loss)
    return round(log_temperature.exp().item(), 4), round(bias.item(), 4)


def calibration_set(data: Path, swapped_share: float = SWAPPED_SHARE) -> list[Example]:
    """Newsquotes dev with swapped pairs of it: a quote meets its own subject and others alike.

    Raises:
        InputError: dev cannot be read.
    """
    dev = load_split(data, "newsquotes", "dev")
    return dev + swapped(dev, round(swapped_share * len(dev)), random.Random(1))


def samples(data: Path, source: Path, inputs: Sequence[str]) -> list[dict[str, Any]]:
    """Pairs of newsquotes train as the network reads them, to see how large its activations get.

    Raises:
        InputError: train cannot be read.
    """
    tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=True)
    train = load_split(data, "newsquotes", "train")
    found = []
    for example in random.Random(1).sample(train, SAMPLES):
        texts = encode_text(example.pair, with_context=True)
        encoded = tokenizer(*texts, truncation=True, max_length=MAX_TOKENS)
        found.append({name: np.array([encoded[name]], dtype=np.int64) for name in inputs})
    return found


def export(
    source: Path,
    directory: Path,
    data: Path,
    fp32: bool = False,
    swapped_share: float = SWAPPED_SHARE,
) -> None:
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
            largest = largest_inputs(model, samples(data, source, _inputs(network)))
            quantised = quantise_embeddings(quantise_rows(model, largest))
            save_split(quantised, directory / "model.onnx")
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(directory)
    shutil.copyfile(source / "config.json", directory / "config.json")
    write_manifest(directory, MAX_TOKENS, reads_context=True, rows_apart=not fp32)
    examples = calibration_set(data, swapped_share)
    logits = OnnxClassifier(directory).logits([example.pair for example in examples])
    temperature, bias = fit_calibration(logits, [example.label for example in examples])
    write_manifest(
        directory, MAX_TOKENS, temperature, bias, reads_context=True, rows_apart=not fp32
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.export", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="what train wrote: OUT/epoch-N")
    parser.add_argument("--out", type=Path, required=True, help="its name is the model's")
    parser.add_argument("--data", type=Path, required=True, help="directory of the stance sets")
    parser.add_argument("--fp32", action="store_true", help="keep the weights in fp32")
    parser.add_argument(
        "--swapped",
        type=float,
        default=SWAPPED_SHARE,
        help="swapped pairs for each labelled one in the calibration",
    )
    arguments = parser.parse_args()
    export(arguments.model, arguments.out, arguments.data, arguments.fp32, arguments.swapped)


if __name__ == "__main__":
    main()
