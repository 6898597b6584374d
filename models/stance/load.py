"""Choosing the runtime for a model directory."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.manifest import MANIFEST
from models.stance.pair import StanceClassifier
from stancewire.errors import ModelError

Runtime = Literal["auto", "onnx", "torch"]

_WEIGHTS = Path(__file__).with_name("weights")

# What is shipped: which of the two to take is a matter of how many pairs a second are needed.
SIZES = {"accurate": _WEIGHTS / "mpnet-news", "fast": _WEIGHTS / "minilm-news"}

SHIPPED_WEIGHTS = SIZES["accurate"]


def load_classifier(
    model: Path | None = None, *, runtime: Runtime = "auto", threads: int | None = None
) -> StanceClassifier:
    """The classifier of a directory, or of a shipped size by its name; without one, the default.

    `auto` takes ONNX Runtime for weights that `models.stance.export` wrote, PyTorch for any other
    Hugging Face directory. `threads` defaults to all cores.

    Raises:
        ModelError: the directory is unknown, incomplete or broken, or its runtime is missing.
    """
    directory = SHIPPED_WEIGHTS if model is None else SIZES.get(str(model), model)
    if not directory.is_dir():
        sizes = " or ".join(SIZES)
        raise ModelError(f"no such model directory, nor is it {sizes}", directory=directory)
    exported = (directory / MANIFEST).is_file()
    if runtime == "onnx" or (runtime == "auto" and exported):
        from models.stance.onnx_classifier import OnnxClassifier

        return OnnxClassifier(directory, threads)
    missing = _missing_for_torch(directory)
    if missing:
        raise ModelError(f"not a model directory: {missing} missing", directory=directory)
    from models.stance.torch_classifier import TorchClassifier

    return TorchClassifier(directory, threads)


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
