"""The Dockerfile, without building anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.image.context import copy_context
from tests.image.dockerfile import read

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"


def test_the_linter_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_default_target_is_the_one_without_torch() -> None:
    dockerfile = read(DOCKERFILE)
    assert dockerfile.default.name == "default"
    assert {"torch", "default"} <= set(dockerfile.stages)
    for stage in dockerfile.stages.values():
        copied = {each.flags.get("from") for each in stage.instructions if each.name == "COPY"}
        assert copied <= {None, *dockerfile.stages}


@pytest.mark.parametrize(("image", "tested"), [("image", "dev"), ("image-torch", "train")])
def test_the_image_has_the_versions_that_are_tested(image: str, tested: str) -> None:
    assert _pins(image) <= _pins("run") | _pins(tested), "see `make lock`"


def test_the_context_is_the_package_and_its_requirements(tmp_path: Path) -> None:
    copy_context(ROOT, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "LICENSE", "README.md", "pyproject.toml",
        "requirements", "stancewire", "producers", "consumers", "models",
    }  # fmt: skip
    assert list(tmp_path.rglob("*.onnx"))
    assert not list(tmp_path.rglob("__pycache__"))


def _pins(name: str) -> set[str]:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([\w.\[\]-]+==[^\s;]+)", text, re.MULTILINE))
