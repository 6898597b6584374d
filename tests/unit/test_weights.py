"""What is committed under `models/`."""

from __future__ import annotations

from pathlib import Path

import pytest

import models
from models.manifest import MANIFEST, read_manifest

ROOT = Path(models.__file__).parent
DIRECTORIES = [path.parent for path in ROOT.rglob(MANIFEST)]

# Hosts of repositories refuse files of 100 MB.
LARGEST_BYTES = 90_000_000


def test_no_file_is_too_large_for_a_repository() -> None:
    sizes = {path.name: path.stat().st_size for path in ROOT.rglob("*") if path.is_file()}
    assert max(sizes.values()) < LARGEST_BYTES


@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
def test_the_manifest_names_every_file(directory: Path) -> None:
    names = {path.name for path in directory.iterdir()} - {MANIFEST}
    assert read_manifest(directory).files.keys() == names
