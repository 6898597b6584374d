"""Apache Kafka, Prometheus, the producer and workers at work: what rules and boards then show."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.grafana.board import Board, Panel
from deploy.grafana.build import BOARDS
from stancewire import catalogue
from stancewire.kafka import topics
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.chaos.site import GrowingSite
from tests.monitoring.pipeline import FASTER, FEEDS, WINDOW_S, Pipeline, faster
from tests.support.apache_kafka import ApacheKafka, free_port

STORIES = 60
GROWS_S = 40.0


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    broker = ApacheKafka(tmp_path_factory.mktemp("apache"))
    broker.start()
    kafka = KafkaSettings(broker.bootstrap_servers, start_timeout_s=30)
    topics.create(kafka, partitions=3, replication_factor=1)
    with GrowingSite(free_port(), STORIES, FEEDS, GROWS_S, dated=True) as site:
        made = Pipeline(kafka, site, tmp_path_factory.mktemp("pipeline"))
        try:
            for program in made.programs.values():
                program.wait_ready()
            site.begin()
            until(lambda: bool(made.prometheus.query("stancewire_stances_total > 20")))
            time.sleep(WINDOW_S)
            yield made
        finally:
            made.stop()
            broker.stop()


@pytest.mark.parametrize("role", catalogue.ROLES)
def test_a_process_shows_what_the_catalogue_says(pipeline: Pipeline, role: str) -> None:
    text = pipeline.programs[role].get("/metrics")[1]
    shown = {
        (f"{family.name}_total" if family.type == "counter" else family.name, family.type)
        for family in text_string_to_metric_families(text)
    }
    assert shown == {(metric.name, metric.type) for metric in catalogue.metrics(role)}


PANELS = [(board, panel) for board in BOARDS for panel in board.panels]


@pytest.mark.parametrize(
    ("board", "panel"), PANELS, ids=[f"{board.id}: {panel.title}" for board, panel in PANELS]
)
def test_every_panel_shows_something(pipeline: Pipeline, board: Board, panel: Panel) -> None:
    for query in panel.queries:
        expr = faster(query.expr.replace("$__rate_interval", f"{WINDOW_S}s"))
        found = pipeline.prometheus.query_range(expr, WINDOW_S)
        values = [float(value) for series in found for _, value in series["values"]]
        assert [value for value in values if value == value], f"{query.legend}: no value"
        labels = set(re.findall(r"{{(\w+)}}", query.legend))
        assert all(labels <= set(series["metric"]) for series in found), query.legend


def test_every_rule_is_evaluated_and_every_record_has_a_value(pipeline: Pipeline) -> None:
    groups = pipeline.prometheus.get("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) == 17
    assert {rule["health"] for rule in rules} == {"ok"}, [rule.get("lastError") for rule in rules]
    for rule in rules:
        if rule["type"] == "recording":
            assert pipeline.prometheus.query(rule["name"]), rule["name"]


def test_a_killed_worker_is_noticed_and_forgotten_once_it_is_back(pipeline: Pipeline) -> None:
    prometheus = pipeline.prometheus
    until(lambda: "StancewireStalled" not in prometheus.firing())
    pipeline.kill("consume stances")
    until(lambda: "StancewireStalled" in prometheus.firing())
    [lag] = prometheus.query('job:stancewire_lag_seconds{job="consume stances"}')
    assert float(lag["value"][1]) > int(FASTER["300"])
    others = prometheus.query('job:stancewire_lag_seconds{job!="consume stances"}')
    assert max(float(each["value"][1]) for each in others) < int(FASTER["300"])
    pipeline.restart("consume stances")
    until(lambda: "StancewireStalled" not in prometheus.firing())
