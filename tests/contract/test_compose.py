"""The Compose file: what the specification says of it, and what it says of this repository."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from producers.feedlist import load_feeds
from stancewire.cli import cli
from stancewire.watchlist import load_targets
from tests.support.apache_kafka import ApacheKafka

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def test_it_is_as_specified() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    schema = ["--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([checker, *schema, DEPLOY / "compose.yaml"], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_contained(name: str) -> None:
    service = SERVICES[name]
    assert {"mem_limit", "cpus", "pids_limit", "restart", "logging"} <= set(service)
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "build" in service or re.search(r":v?\d+\.\d+\.\d+$", service["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_come(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        awaited = SERVICES[other]
        match how["condition"]:
            case "service_healthy":
                assert "healthcheck" in awaited
            case "service_completed_successfully":
                assert awaited["restart"] == "on-failure"
            case condition:
                assert condition == "service_started"


def test_what_is_mounted_is_there() -> None:
    for source, _ in mounts():
        found = DEPLOY / source if source.startswith("./") else COMPOSE["volumes"].keys() & {source}
        assert found.exists() if isinstance(found, Path) else found, source


@pytest.mark.parametrize("name", OURS)
def test_commands_and_variables_are_the_programs(name: str) -> None:
    service = OURS[name]
    shown = CliRunner().invoke(cli, [*service["command"], "--help"])
    assert shown.exit_code == 0, shown.output
    documented = (DEPLOY.parent / "docs/configuration.md").read_text(encoding="utf-8")
    for variable, value in service["environment"].items():
        assert f"`{variable}`" in documented
        for source, target in mounts(service):
            if value.startswith(target):
                assert (DEPLOY / source / value.removeprefix(f"{target}/")).is_file()


def test_the_examples_are_read() -> None:
    assert load_feeds(DEPLOY / "compose/feeds.yaml")
    assert load_targets(DEPLOY / "compose/targets.yaml").targets


def test_prometheus_takes_its_configuration() -> None:
    done = subprocess.run(
        ["promtool", "check", "config", DEPLOY / "prometheus/prometheus.yaml"], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def test_prometheus_asks_every_role_at_the_images_port() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yaml").read_text(encoding="utf-8"))
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    asked = {
        (name, lookup["port"])
        for job in config["scrape_configs"]
        for lookup in job.get("dns_sd_configs", [])
        for name in lookup["names"]
    }
    port = int(re.findall(r"STANCEWIRE_METRICS_PORT=(\d+)", image)[0])
    assert asked == {(name, port) for name in OURS if name not in ("topics", "board")}


def test_the_brokers_settings_serve(tmp_path: Path) -> None:
    """As the image reads them: KAFKA_ABC_DEF is abc.def. Places alone are this test's."""
    settings = {
        name.removeprefix("KAFKA_").replace("_", ".").lower(): value
        for name, value in SERVICES["kafka"]["environment"].items()
    }
    ours = [name for name in settings if re.search(r"listener|voters|log\.dirs|opts", name)]
    kept = {name: value for name, value in settings.items() if name not in ours}
    broker = ApacheKafka(tmp_path, "\n".join(f"{name}={value}" for name, value in kept.items()))
    (tmp_path / "article.txt").write_text("“We will build it,” the mayor said.\n", encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("- file:article.txt\n", encoding="utf-8")
    publish = ["produce", "--once", "--feeds", tmp_path / "feeds.yaml", "--metrics-port", "0"]
    broker.start()
    try:
        for command in (["topics"], publish):
            done = subprocess.run(
                [sys.executable, "-m", "stancewire", *command],
                env={"STANCEWIRE_BOOTSTRAP_SERVERS": broker.bootstrap_servers},
                capture_output=True,
            )
            assert done.returncode == 0, done.stderr.decode()
    finally:
        broker.close()


def mounts(*services: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every source and target, of all services if none is given."""
    for service in services or SERVICES.values():
        for mount in service.get("volumes", []):
            source, target, *_ = mount.split(":")
            yield source, target
