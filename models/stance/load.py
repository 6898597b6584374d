"""Choosing the runtime for a model directory."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.manifest import MANIFEST
from models.stance.pair import StanceClassifier
from stancewire.errors import ModelError

Runtime = Literal["auto", "onnx", "torch"]

SHIPPED_WEIGHTS = Path(__file__).with_name("weights") / "minilm-news"


def load_classifier(
    directory: Path | None = None, *, runtime: Runtime = "auto", threads: int | None = None
) -> StanceClassifier:
    """The classifier of a directory; without one, the weights that are shipped.

    `auto` takes ONNX Runtime for weights that `models.stance.export` wrote, PyTorch for any other
    Hugging Face directory. `threads` defaults to all cores.

    Raises:
        ModelError: the directory is unknown, incomplete or broken, or its runtime is missing.
    """
    directory = SHIPPED_WEIGHTS if directory is None else directory
    if not directory.is_dir():
        raise ModelError("no such model directory", directory=directory)
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
