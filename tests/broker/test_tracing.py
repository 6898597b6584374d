"""The trace of an article, from its feed to its stances, as a collector gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stancewire.kafka.lag import drained
from stancewire.kafka.messages import header
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import TARGETS, until
from tests.support.collector import Collector, Seen
from tests.support.events import events
from tests.support.pipeline import Program, publish, read_all
from tests.support.website import served

ITEM = """<item><guid isPermaLink="false">{0}</guid><title>{0}</title>
<content:encoded>"We need a carbon tax," said Ada Byrne, the mayor. {0}.</content:encoded></item>"""
FEED = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Traced</title>{}</channel></rss>"""


def carried(raw: Any) -> str:
    """What a record carries on, without the flags."""
    return (header(raw.headers, "traceparent") or b"").decode().rpartition("-")[0]


def place(span: Seen) -> tuple[int, int]:
    about = span.attributes
    return int(about["messaging.destination.partition.id"]), about["messaging.kafka.offset"]


def test_a_trace_leads_from_the_feed_to_the_stances(
    kafka: KafkaSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "feed.xml").write_text(FEED.format(ITEM.format("One") + ITEM.format("Two")))
    where = ("--bootstrap-servers", kafka.bootstrap_servers, "--replica", "tracer")
    feeds = tmp_path / "feeds.yaml"
    names = ("produce", "quotes", "stances")
    logs = {name: tmp_path / f"{name}.log" for name in names}
    with Collector() as collector, served(site) as host:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        feeds.write_text(f"- id: traced\n  url: http://{host}/feed.xml\n")
        producer = Program(
            "produce", "--feeds", str(feeds), "--allow-host", host, "--once", *where,
            log=logs["produce"],
        )  # fmt: skip
        assert producer.process.wait(120) == 0, logs["produce"].read_text()
        publish(kafka, "articles.v1", [b"not json"])
        quotes = Program("consume", "quotes", *where, log=logs["quotes"])
        stances = Program("consume", "stances", *where, *TARGETS, log=logs["stances"])
        quotes.wait_ready()
        stances.wait_ready()
        until(lambda: drained(kafka, "stancewire-quotes", "articles.v1"))
        until(lambda: drained(kafka, "stancewire-stances", "quotes.v1"))
        assert quotes.end() == stances.end() == 0

    lines = {name: events(log) for name, log in logs.items()}
    (poll,), (send,) = collector.named("poll"), collector.named("send articles.v1")
    of_articles = {place(span): span for span in collector.named("process articles.v1")}
    of_quotes = {place(span): span for span in collector.named("process quotes.v1")}
    assert len(collector.spans) == 2 + len(of_articles) + len(of_quotes)

    assert (poll.parent_id, send.parent_id) == ("", poll.span_id)
    assert poll.attributes == {
        "stancewire.feed.id": "traced",
        "url.full": f"http://{host}/feed.xml",
    }
    assert send.attributes["messaging.batch.message_count"] == 2
    (found,) = [line for line in lines["produce"] if line["message"] == "feed traced: 2 articles"]
    assert found["trace_id"] == poll.trace_id

    articles = {raw.key: raw for raw in read_all(kafka, "articles.v1") if raw.key}
    assert len(articles) == 2
    for raw in articles.values():
        assert carried(raw) == send.traceparent
        worked = of_articles[raw.partition, raw.offset]
        assert (worked.trace_id, worked.parent_id) == (poll.trace_id, send.span_id)
    quoted = read_all(kafka, "quotes.v1")
    assert {raw.key for raw in quoted} == set(articles)
    for raw in quoted:
        article = articles[raw.key]
        parent = of_articles[article.partition, article.offset]
        assert carried(raw) == parent.traceparent
        worked = of_quotes[raw.partition, raw.offset]
        assert (worked.trace_id, worked.parent_id) == (poll.trace_id, parent.span_id)
    judged = read_all(kafka, "stances.v1")
    assert {raw.key for raw in judged} == set(articles)
    assert {carried(raw) for raw in judged} == {span.traceparent for span in of_quotes.values()}

    (worked,) = (
        span
        for span in of_quotes.values()
        if place(span) == (quoted[0].partition, quoted[0].offset)
    )
    assert worked.attributes == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "quotes.v1",
        "messaging.destination.partition.id": str(quoted[0].partition),
        "messaging.kafka.offset": quoted[0].offset,
        "messaging.kafka.message.key": quoted[0].key.decode(),
        "messaging.consumer.group.name": "stancewire-stances",
    }
    assert worked.resource["service.name"] == "stancewire-stances"
    assert worked.resource["service.instance.id"] == "tracer"
    assert [each.kind for each in (poll, send, worked)] == ["INTERNAL", "PRODUCER", "CONSUMER"]
    assert all(span.seconds > 0 for span in collector.spans)

    (letter,) = [line for line in lines["quotes"] if "dead letter" in line["message"]]
    (failed,) = [span for span in collector.spans if span.error]
    assert (letter["partition"], letter["offset"]) == place(failed)
    assert (letter["reason"], letter["trace_id"]) == ("not_json", failed.trace_id)
    assert failed.attributes["error.type"] == "not_json"
