"""What an installed package must hold is in the list of what is packed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import models
from models.manifest import MANIFEST, read_manifest

ROOT = Path(models.__file__).parent
MANIFESTS = sorted(ROOT.rglob(MANIFEST))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_every_file_of_the_shipped_weights_is_packed(manifest: Path) -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["models"]
    packed = {path for pattern in patterns for path in ROOT.glob(pattern)}
    needed = {manifest.parent / name for name in read_manifest(manifest.parent).files}
    assert needed | {manifest} <= packed
