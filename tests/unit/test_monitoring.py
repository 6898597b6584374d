"""Rules, their tests, the runbook and the metrics page hold together."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest

from deploy.grafana.board import Board
from deploy.grafana.build import BOARDS, render
from stancewire import catalogue
from stancewire.process import new_registry

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules.yaml"
TESTS = ROOT / "deploy" / "prometheus" / "rules_test.yaml"


def promtool(*arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(["promtool", *arguments], input=given, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return (done.stdout + done.stderr).decode()


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from group["rules"]


ALERTS = [rule for rule in rules() if "alert" in rule]


def test_the_page_of_metrics_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert page == catalogue.render(), "run `make docs`"


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: str(board.id))
def test_the_dashboards_are_those_of_the_code(board: Board) -> None:
    path = ROOT / "deploy" / "grafana" / "dashboards" / f"{board.id}.json"
    assert path.read_text(encoding="utf-8") == render(board), "run `make docs`"


@pytest.mark.parametrize("role", catalogue.ROLES)
def test_names_and_units_are_as_prometheus_wants_them(role: str) -> None:
    registry = new_registry()
    catalogue.ROLES[role](registry)
    assert promtool("check", "metrics", given=generate_latest(registry)) == ""


@pytest.mark.parametrize("role", catalogue.ROLES)
def test_labels_are_few(role: str) -> None:
    registry = new_registry()
    catalogue.ROLES[role](registry)
    for family in registry.collect():
        series = {tuple(sorted(sample.labels.items())) for sample in family.samples}
        assert len(series) <= 60, family.name


def test_rules_do_what_their_tests_say() -> None:
    promtool("check", "rules", str(RULES))
    assert "SUCCESS" in promtool("test", "rules", str(TESTS))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_every_alert_is_tested_both_ways_and_has_a_runbook_entry(alert: dict[str, Any]) -> None:
    name = alert["alert"]
    tests = yaml.safe_load(TESTS.read_text())["tests"]
    cases = [case for test in tests for case in test.get("alert_rule_test", ())]
    fires = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == name}
    assert fires == {True, False}
    page, _, anchor = alert["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / page).read_text(), re.MULTILINE)
    assert name in headings
    assert anchor == name.lower()
    assert alert["labels"]["severity"] in ("page", "warning")


def test_rules_use_metrics_that_exist() -> None:
    shown = {metric.name for role in catalogue.ROLES for metric in catalogue.metrics(role)}
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    used = {
        name for rule in rules() for name in re.findall(r"[\w:]*stancewire_[\w:]+", rule["expr"])
    }
    endings = ("_bucket", "_sum", "_count")
    for name in used - recorded:
        base = next((name.removesuffix(end) for end in endings if name.endswith(end)), name)
        assert base in shown, name
