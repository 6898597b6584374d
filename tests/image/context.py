"""What of the repository an engine gets to build from: what .dockerignore leaves."""

from __future__ import annotations

import os
import shutil
from fnmatch import fnmatchcase
from pathlib import Path


def copy_context(root: Path, destination: Path) -> None:
    rules = [
        line
        for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    for folder, names, files in os.walk(root):
        here = Path(folder).relative_to(root)
        names[:] = [name for name in names if not _ignored(here / name, rules)]
        for name in files:
            if not _ignored(here / name, rules):
                (destination / here).mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / here / name, destination / here / name)


def _ignored(path: Path, rules: list[str]) -> bool:
    """The last rule that names the path or a folder above it decides."""
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        if any(_names(pattern, part) for part in (path, *path.parents)):
            ignored = not rule.startswith("!")
    return ignored


def _names(pattern: str, path: Path) -> bool:
    if pattern.startswith("**/"):
        return fnmatchcase(path.name, pattern.removeprefix("**/"))
    return len(path.parts) == len(Path(pattern).parts) and fnmatchcase(str(path), pattern)
