"""A classifier by the name of a shipped size, or by a model directory and its runtime."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

from models.manifest import MANIFEST
from models.stance.cascade import Cascade
from models.stance.pair import StanceClassifier
from stancewire.errors import ModelError
from stancewire.settings import OFF_TOPIC_BELOW, OFF_TOPIC_BELOW_SMALL

Runtime = Literal["auto", "onnx", "torch"]

_WEIGHTS = Path(__file__).with_name("weights")

SMALL = _WEIGHTS / "minilm-news"
LARGE = _WEIGHTS / "mpnet-news"

# The shipped sizes: from which score on the small network's answer stands. `accurate` asks the
# large one always, `small` never; 0.8 leaves it an eighth of the pairs on different subjects.
DEFAULT, SMALLEST = "accurate", "small"
SIZES = {DEFAULT: math.inf, "fast": 0.8, SMALLEST: 0.0}


def load_classifier(
    model: Path | None = None, *, runtime: Runtime = "auto", threads: int | None = None
) -> StanceClassifier:
    """The classifier of a directory, or of a shipped size by its name; without one, the default.

    `auto` takes ONNX Runtime for weights that `models.stance.export` wrote, PyTorch for any other
    Hugging Face directory. `threads` defaults to all cores.

    Raises:
        ModelError: the directory is unknown, incomplete or broken, or its runtime is missing.
    """
    directory = Path(DEFAULT) if model is None else model
    size = str(directory)
    if size in SIZES:
        if runtime == "torch":
            raise ModelError("shipped sizes are for ONNX Runtime", model=size)
        return _shipped(size, threads)
    if not directory.is_dir():
        raise ModelError(
            f"no such model directory, nor is it one of {', '.join(SIZES)}", directory=directory
        )
    exported = (directory / MANIFEST).is_file()
    if runtime == "onnx" or (runtime == "auto" and exported):
        return _exported(directory, threads)
    missing = _missing_for_torch(directory)
    if missing:
        raise ModelError(f"not a model directory: {missing} missing", directory=directory)
    from models.stance.torch_classifier import TorchClassifier

    return TorchClassifier(directory, threads)


def off_topic_below(model: Path | None) -> float:
    """The likelihood of a side, by the gate, from which this classifier is worth asking."""
    return OFF_TOPIC_BELOW_SMALL if str(model) == SMALLEST else OFF_TOPIC_BELOW


def _shipped(size: str, threads: int | None) -> StanceClassifier:
    small = _exported(SMALL, threads)
    if SIZES[size] == 0:
        return small
    return Cascade(size, small, _exported(LARGE, threads), SIZES[size])


def _exported(directory: Path, threads: int | None) -> StanceClassifier:
    # Importing it loads ONNX Runtime, which commands that classify nothing need not wait for.
    from models.stance.onnx_classifier import OnnxClassifier

    return OnnxClassifier(directory, threads)


def _missing_for_torch(directory: Path) -> str:
    """What a Hugging Face directory lacks, in words; empty where nothing is missing."""
    wanted = {
        "config.json": ("config.json",),
        "weights (*.safetensors or pytorch_model*.bin)": ("*.safetensors", "pytorch_model*.bin"),
        "tokenizer files": ("tokenizer*", "vocab*", "spiece.model", "*.spm", "*.tiktoken"),
    }
    return ", ".join(
        name
        for name, patterns in wanted.items()
        if not any(any(directory.glob(pattern)) for pattern in patterns)
    )
