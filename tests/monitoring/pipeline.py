"""Producer, workers and a Prometheus that watches them, on a clock that is faster than a day's."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from stancewire.settings import KafkaSettings
from tests.chaos.site import GrowingSite
from tests.support.pipeline import Program
from tests.support.prometheus import Prometheus

ROOT = Path(__file__).parents[2]
FEEDS = 12
# Hours and minutes of an operator's day, as seconds of a test.
FASTER = {"300": "12", "5m": "20s", "15m": "20s", "10m": "20s", "30m": "20s", "1h": "20s",
          "2m": "2s", "6h": "60s", "7d": "60s", "3h": "2s"}  # fmt: skip
WINDOW_S = 15


def faster(rules: str) -> str:
    """The same rules for a test that lasts a minute: windows, waits and the limit of a stall."""
    rules = re.sub(r"(?<=\[)\w+(?=\])|(?<=for: )\w+", lambda at: FASTER.get(at[0], at[0]), rules)
    return rules.replace(
        "stancewire_lag_seconds > 300", f"stancewire_lag_seconds > {FASTER['300']}"
    )


class Pipeline:
    """Producer and workers of one list of feeds, and the Prometheus that watches them."""

    def __init__(self, kafka: KafkaSettings, site: GrowingSite, folder: Path) -> None:
        self._folder = folder
        self._where = ["--bootstrap-servers", kafka.bootstrap_servers]
        feeds = folder / "feeds.yaml"
        feeds.write_text(site.feed_list())
        self._commands = {
            "produce": ["produce", *site.options(feeds), "--replica", "p"],
            "consume quotes": ["consume", "quotes", "--replica", "q"],
            "consume stances": [
                "consume", "stances", "--replica", "s", "--model", "small",
                "--target", "a carbon tax", "--target", "the new harbour wall",
            ],
        }  # fmt: skip
        self.programs = {role: self._start(role) for role in self._commands}
        rules = faster((ROOT / "deploy/prometheus/rules.yaml").read_text())
        ports = {role: [program.port] for role, program in self.programs.items()}
        self.prometheus = Prometheus(folder, ports, rules)

    def _start(self, role: str, port: int | None = None) -> Program:
        log = self._folder / f"{role.replace(' ', '-')}.log"
        return Program(*self._commands[role], *self._where, log=log, port=port)

    def kill(self, role: str) -> None:
        self.programs[role].end(signal.SIGKILL)

    def restart(self, role: str) -> None:
        self.programs[role] = self._start(role, self.programs[role].port)

    def stop(self) -> None:
        self.prometheus.stop()
        for program in self.programs.values():
            program.end(signal.SIGKILL)
