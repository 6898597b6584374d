"""The demo as a stranger runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.broker.test_workers import until

COMMAND = [sys.executable, "-m", "stancewire", "demo"]
LIMIT_S = 180


def children_of(session: str) -> list[str]:
    """Command lines of live processes whose environment carries the mark."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if session.encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().decode().replace("\0", " "))
            except OSError:
                pass  # it ended, or is not ours to look at
    return found


def statements_on(address: str) -> int:
    with urllib.request.urlopen(f"{address}api/statements", timeout=20) as answer:
        return len(json.load(answer)["statements"])


def test_once_prints_stances_of_every_sample_feed_and_ends() -> None:
    done = subprocess.run(
        [*COMMAND, "--once"], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = done.stdout
    for speaker in ("Kaja Kallas, EU foreign policy chief", "Elena Ruiz", "Anneke Vos", "Mbeki"):
        assert speaker in shown, "one for each sample feed"
    cards = shown.strip().split("\n\n")
    assert len(cards) > 20
    (umbrella,) = (card for card in cards if "NATO's umbrella" in card)
    assert re.search(r"▲ favor +0\.\d\d +NATO membership for Ukraine", umbrella)
    statements, stances = map(int, re.findall(r"(\d+) statements, (\d+) stances", done.stderr)[0])
    assert statements == len(cards)
    assert stances == 6 * statements


def test_the_board_fills_and_ctrl_c_ends_it_with_all_its_processes() -> None:
    mark = f"STANCEWIRE_TEST_SESSION={os.getpid()}-demo"
    name, value = mark.split("=")
    process = subprocess.Popen(
        COMMAND,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, name: value},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    address = next(line.split()[1] for line in process.stderr if line.startswith("board"))
    assert process.stdout.readline()
    until(lambda: statements_on(address) > 0)
    assert len(children_of(mark)) >= 5, "the demo, its broker, the board and two workers"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert children_of(mark) == []
