"""Averages the weights of two fine-tunings of one base, to keep what each has learnt.

python -m models.stance.average --first DIR --second DIR --out DIR

Source: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def average(first: Path, second: Path, out: Path, share: float) -> None:
    """Writes the model whose weights are `share` of the way from the first to the second."""
    model = AutoModelForSequenceClassification.from_pretrained(first, local_files_only=True)
    other = AutoModelForSequenceClassification.from_pretrained(second, local_files_only=True)
    with torch.no_grad():
        for weight, target in zip(model.parameters(), other.parameters(), strict=True):
            weight.lerp_(target, share)
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(first, local_files_only=True).save_pretrained(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.stance.average", description=__doc__)
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second, from 0 to 1")
    arguments = parser.parse_args()
    average(arguments.first, arguments.second, arguments.out, arguments.share)


if __name__ == "__main__":
    main()
