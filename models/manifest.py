"""The file beside exported weights that says what they are and how to check them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stancewire.errors import ModelError
from stancewire.records import ModelInfo

MANIFEST = "stancewire.json"

# Enough of a SHA-256 to tell revisions apart, short enough to read in a record.
_REVISION_DIGITS = 12


class Manifest(BaseModel):
    """What `export` writes; `files` maps each file's name to its SHA-256 in hex."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    revision: str
    max_tokens: int = Field(gt=0, description="Longer pairs are cut, the longer sequence first.")
    temperature: float = Field(gt=0, description="Logits are divided by it, fitted on dev.")
    neutral_bias: float = Field(
        default=0.0, description="Stance weights: added to the neutral logit, fitted with it."
    )
    reads_context: bool = Field(
        default=False, description="Stance weights: whether they were trained with the context."
    )
    rows_apart: bool = Field(
        default=False,
        description="Whether a row's outputs do not depend on the rows that run beside it.",
    )
    files: dict[str, str]

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(name=self.name, revision=self.revision)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def revision_of(paths: Iterable[Path], settings: str = "") -> str:
    """A short hash of how the files are used and of their contents, in the order of their names."""
    digest = hashlib.sha256(settings.encode())
    for path in sorted(paths, key=lambda path: path.name):
        digest.update(f"{path.name} {file_digest(path)}\n".encode())
    return digest.hexdigest()[:_REVISION_DIGITS]


def write_manifest(
    directory: Path,
    max_tokens: int,
    temperature: float = 1.0,
    neutral_bias: float = 0.0,
    reads_context: bool = False,
    rows_apart: bool = False,
) -> None:
    """Writes the manifest of what a directory holds, under the directory's name."""
    files = sorted(path for path in directory.iterdir() if path.name != MANIFEST)
    settings = {
        "max_tokens": max_tokens,
        "temperature": temperature,
        "neutral_bias": neutral_bias,
        "reads_context": reads_context,
        "rows_apart": rows_apart,
    }
    manifest = Manifest(
        name=directory.name,
        # The same weights calibrated anew give other scores.
        revision=revision_of(files, json.dumps(settings)),
        files={path.name: file_digest(path) for path in files},
        **settings,
    )
    text = json.dumps(manifest.model_dump(), indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a directory of exported weights, after checking every file against it.

    Raises:
        ModelError: the manifest is missing or malformed, or a file is missing or altered.
    """
    path = directory / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"cannot read {MANIFEST}", directory=directory) from error
    except ValidationError as error:
        raise ModelError(f"{MANIFEST} is malformed: {error}", directory=directory) from error
    for name, expected in manifest.files.items():
        try:
            actual = file_digest(directory / name)
        except OSError as error:
            raise ModelError(f"model file missing: {name}", directory=directory) from error
        if actual != expected:
            raise ModelError(f"model file does not match its checksum: {name}", directory=directory)
    return manifest
