"""Keeps some layers of a fine-tuned model: what a smaller pupil of it starts from.

python -m models.stance.prune --model DIR --layers N [N ...] --out DIR

Source: Sanh et al., "DistilBERT, a distilled version of BERT", 2019, which starts from every second
layer of its teacher.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancewire.errors import ModelError


def prune(source: Path, layers: Sequence[int], out: Path) -> None:
    """Writes the model with the layers of these numbers, counted from 0 at the embeddings.

    Raises:
        ModelError: it has no such layer.
    """
    model = AutoModelForSequenceClassification.from_pretrained(source, local_files_only=True)
    stack = model.base_model.encoder.layer
    unknown = [number for number in layers if number not in range(len(stack))]
    if unknown:
        raise ModelError(f"there are {len(stack)} layers, none is {unknown[0]}", directory=source)
    model.base_model.encoder.layer = torch.nn.ModuleList([stack[number] for number in layers])
    model.config.num_hidden_layers = len(layers)
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.prune", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--layers", type=int, nargs="+", required=True, help="to keep, from 0")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    prune(arguments.model, arguments.layers, arguments.out)


if __name__ == "__main__":
    main()
