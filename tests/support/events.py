"""Log lines of processes, as machines read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def events(log: Path) -> list[dict[str, Any]]:
    """The events of a JSON log; fails on a line that is none."""
    return [json.loads(line) for line in log.read_text().split("\n")[:-1]]
