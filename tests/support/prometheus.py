"""A real Prometheus that scrapes what a test runs."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from tests.support.apache_kafka import free_port

SCRAPE_S = 1
START_LIMIT_S = 30.0


class Prometheus:
    """Scrapes each job's ports every second and evaluates the rules as often; ends with `stop`."""

    def __init__(self, folder: Path, jobs: Mapping[str, list[int]], rules: str) -> None:
        self.port = free_port()
        (folder / "rules.yaml").write_text(rules)
        config = {
            "global": {"scrape_interval": f"{SCRAPE_S}s", "evaluation_interval": f"{SCRAPE_S}s"},
            "rule_files": [str(folder / "rules.yaml")],
            "scrape_configs": [
                {
                    "job_name": job,
                    "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}],
                }
                for job, ports in jobs.items()
            ],
        }
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
        self._log = (folder / "prometheus.log").open("wb")
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder / 'prometheus.yaml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_LIMIT_S
        while not self._is_ready():
            assert self._process.poll() is None, (folder / "prometheus.log").read_text()
            assert time.monotonic() < deadline, "Prometheus did not start"
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5):
                return True
        except OSError:
            return False

    def get(self, path: str, **query: str) -> Any:
        """The data of an answer of the HTTP API; an error of PromQL fails with its words."""
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{query}: {error.read().decode()}") from error

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Series and their values at this moment."""
        found: list[dict[str, Any]] = self.get("query", query=expr)["result"]
        return found

    def query_range(self, expr: str, seconds: float) -> list[dict[str, Any]]:
        """Series and their values of the last so many seconds."""
        now = time.time()
        found: list[dict[str, Any]] = self.get(
            "query_range", query=expr, start=str(now - seconds), end=str(now), step="1"
        )["result"]
        return found

    def firing(self) -> set[str]:
        alerts = self.get("alerts")["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()
