"""Reading a Hugging Face model directory: its labels and its tokenizer, from local files only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from stancewire.errors import ModelError


def read_labels(directory: Path) -> dict[int, str]:
    """The names of the outputs, from `id2label` in config.json.

    Raises:
        ModelError: config.json is missing, malformed, or names no labels.
    """
    try:
        config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
        return {int(output): str(name) for output, name in config["id2label"].items()}
    except OSError as error:
        raise ModelError("cannot read config.json", directory=directory) from error
    except KeyError as error:
        raise ModelError("config.json names no labels (id2label)", directory=directory) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"config.json is malformed: {error}", directory=directory) from error


def load_tokenizer(directory: Path) -> Any:
    """The directory's transformers tokenizer.

    Raises:
        ModelError: it has no tokenizer files that can be read.
    """
    # Its advice to install PyTorch would greet every user of the default runtime.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    # Importing transformers takes seconds, so only a process that loads a model pays for it.
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(directory, local_files_only=True)
    except Exception as error:  # depending on what is wrong, transformers raises anything
        raise ModelError(f"cannot load the tokenizer: {error}", directory=directory) from error
