"""The pipeline's processes, as the demo starts and watches them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stancewire.errors import StancewireError

# A batch in flight is finished first; more than this is stuck.
STOP_LIMIT_S = 20.0
LOG_TAIL_CHARS = 1500


@dataclass(slots=True)
class Child:
    """One `stancewire` command with its log in a file."""

    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, arguments: list[str], folder: Path) -> Child:
        log = folder / f"{'-'.join(a for a in arguments[:2] if a.isalpha())}.log"
        with log.open("ab") as out:
            # A session of its own: Ctrl-C is for the demo, which stops its children in order.
            process = subprocess.Popen(
                [sys.executable, "-m", "stancewire", *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "STANCEWIRE_LOG_FORMAT": "text"},  # its end may be shown
            )
        return cls(arguments, log, process)

    def check(self) -> bool:
        """True once it ended well; StancewireError with the end of its log if it failed."""
        status = self.process.poll()
        if status:
            said = self.log.read_text(errors="replace")[-LOG_TAIL_CHARS:].strip()
            raise StancewireError(
                f"`stancewire {self.arguments[0]}` ended with status {status}:\n{said}\n"
            )
        return status == 0

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
