"""The short form of the chaos test: ten faults, at least one of each kind, change no record."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.faults import KINDS
from tests.chaos.run import Plan, report
from tests.support.apache_kafka import free_port

ARTICLES = 200
FAULTS = 10


def test_ten_faults_lose_double_and_change_no_record(tmp_path: Path) -> None:
    assert len(KINDS) <= FAULTS
    plan = Plan(free_port(), ARTICLES, FAULTS, seed=1, limit_s=420)
    difference = report(tmp_path, plan, Path("build/chaos.json"))
    assert difference.records > 10 * ARTICLES
    assert difference.none, difference
