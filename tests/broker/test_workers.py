"""Both workers as real processes, on a real broker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kafka import KafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from consumers.quotes import extract_quotes
from models.quotes import load_extractor
from stancewire import traceparent
from stancewire.kafka import topics
from stancewire.kafka.lag import drained
from stancewire.kafka.messages import Message, header
from stancewire.records import Quote, Stance
from stancewire.settings import KafkaSettings
from tests.support.brokers import apache_only
from tests.support.events import events
from tests.support.generated import FETCHED_AT, article
from tests.support.pipeline import Program, publish, read_all, send, values

TARGETS = ("--target", "a carbon tax", "--target", "the new tram line")


def until(condition: Callable[[], bool], limit_s: float = 90.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def samples(program: Program) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(program.get("/metrics")[1])
    return {(s.name, tuple(s.labels.values())): s.value for f in families for s in f.samples}


def test_articles_become_stances_and_bad_records_dead_letters(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    where = ("--bootstrap-servers", kafka.bootstrap_servers)
    quotes = Program("consume", "quotes", *where, log=tmp_path / "quotes.log")
    stances = Program("consume", "stances", *where, *TARGETS, log=tmp_path / "stances.log")
    articles = [article(number) for number in range(12)]
    empty = article(12).model_copy(update={"text": ""})
    unquoted = article(13).model_copy(update={"text": "The bridge is closed until May."})
    large = article(14).model_copy(
        update={"text": article(14).text + "\n\n" + "So it goes. " * 420_000}
    )
    bad = [b"not json at all", b'{"id": "x"}', b"[]"]
    publish(kafka, "articles.v1", [*articles[:6], *bad[1:], empty, unquoted, large, *articles[6:]])
    trace = traceparent.new()
    send(kafka, [Message("articles.v1", None, bad[0], (("traceparent", trace),))])
    try:
        quotes.wait_ready()
        stances.wait_ready()
        until(lambda: drained(kafka, "stancewire-quotes", "articles.v1"))
        until(lambda: drained(kafka, "stancewire-stances", "quotes.v1"))

        quoted = [Quote.model_validate(v) for v in values(kafka, "quotes.v1")]
        by_article = {a.id: a for a in [*articles, large]}
        assert {quote.article_id for quote in quoted} == set(by_article)
        for quote in quoted:
            text = by_article[quote.article_id].text
            assert quote.text == " ".join(text[start:end] for start, end in quote.spans)
        judged = [Stance.model_validate(v) for v in values(kafka, "stances.v1")]
        assert sorted((s.quote.id, s.target.name) for s in judged) == sorted(
            (q.id, target) for q in quoted for target in TARGETS[1::2]
        )
        assert len({s.id for s in judged}) == len(judged)

        letters = read_all(kafka, "articles.v1.dlq")
        assert sorted(raw.value for raw in letters) == sorted(bad)
        reasons = {raw.value: header(raw.headers, "dlq_reason") for raw in letters}
        assert reasons == {bad[0]: b"not_json", bad[1]: b"invalid", bad[2]: b"invalid"}
        for raw in letters:
            assert header(raw.headers, "dlq_topic") == b"articles.v1"
            assert header(raw.headers, "dlq_attempt") == b"1"
            assert (header(raw.headers, "dlq_offset") or b"").isdigit()

        shown = samples(quotes)
        assert shown["stancewire_dead_letters_total", ("not_json",)] == 1
        assert shown["stancewire_dead_letters_total", ("invalid",)] == 2
        assert shown["stancewire_records_consumed_total", ()] == 18
        assert sum(
            value
            for (name, _), value in samples(stances).items()
            if name == "stancewire_stances_total"
        ) == len(judged)
        assert quotes.get("/healthz")[0] == 200
    finally:
        assert quotes.end() == 0, quotes.log.read_text()
        assert stances.end() == 0, stances.log.read_text()

    traces = {raw.key: header(raw.headers, "traceparent") for raw in read_all(kafka, "articles.v1")}
    for topic in ("quotes.v1", "stances.v1"):
        for raw in read_all(kafka, topic):
            assert header(raw.headers, "traceparent") == traces[raw.key]

    told = [line for line in events(quotes.log) if line["message"].startswith("dead letter")]
    assert {(each["topic"], each["partition"], each["offset"]) for each in told} == {
        (
            "articles.v1",
            *(int(header(raw.headers, f"dlq_{n}") or -1) for n in ("partition", "offset")),
        )
        for raw in letters
    }
    assert sorted(each["reason"] for each in told) == ["invalid", "invalid", "not_json"]
    assert {each["reason"]: each.get("trace_id") for each in told} == {
        "invalid": None, "not_json": traceparent.trace_id(trace)
    }  # fmt: skip
    assert all(line["message"] for line in events(stances.log))


def test_what_was_processed_is_not_processed_again(kafka: KafkaSettings, tmp_path: Path) -> None:
    before = len(read_all(kafka, "quotes.v1"))
    where = ("--bootstrap-servers", kafka.bootstrap_servers, "--replica", "second")
    worker = Program("consume", "quotes", *where, log=tmp_path / "quotes.log").wait_ready()
    publish(kafka, "articles.v1", [article(100).model_dump_json().encode()])
    until(lambda: drained(kafka, "stancewire-quotes", "articles.v1"))
    assert worker.end() == 0
    added = read_all(kafka, "quotes.v1")
    ours = [raw for raw in added if raw.key == article(100).id.encode()]
    assert len(ours) > 1
    assert len(added) == before + len(ours)
    assert len({header(raw.headers, "traceparent") for raw in ours}) == 1


def test_records_of_an_open_or_aborted_transaction_are_not_read(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    rival = KafkaProducer(**kafka.client(), transactional_id="rival")
    rival.init_transactions()
    rival.begin_transaction()
    lost = article(200)
    rival.send("articles.v1", lost.model_dump_json().encode(), lost.id.encode()).get(10)
    rival.abort_transaction()
    rival.close()
    publish(kafka, "articles.v1", [article(201)])
    where = ("--bootstrap-servers", kafka.bootstrap_servers)
    worker = Program("consume", "quotes", *where, log=tmp_path / "quotes.log").wait_ready()
    until(lambda: drained(kafka, "stancewire-quotes", "articles.v1"))
    assert worker.end() == 0
    ids = {value["article_id"] for value in values(kafka, "quotes.v1")}
    assert article(201).id in ids
    assert lost.id not in ids


def test_sigterm_finishes_and_ends_well(kafka: KafkaSettings, tmp_path: Path) -> None:
    where = ("--bootstrap-servers", kafka.bootstrap_servers)
    worker = Program("consume", "quotes", *where, log=tmp_path / "quotes.log").wait_ready()
    publish(kafka, "articles.v1", [article(number) for number in range(300, 400)])
    time.sleep(0.5)
    assert worker.end(signal.SIGTERM) == 0
    # What was committed before and after the restart is everything, once.
    again = Program("consume", "quotes", *where, log=tmp_path / "again.log").wait_ready()
    until(lambda: drained(kafka, "stancewire-quotes", "articles.v1"))
    assert again.end() == 0
    ids = [value["id"] for value in values(kafka, "quotes.v1")]
    assert len(ids) == len(set(ids))
    expected = {article(number).id for number in range(300, 400)}
    assert expected <= {value["article_id"] for value in values(kafka, "quotes.v1")}


def test_tail_filters_and_prints_records(kafka: KafkaSettings) -> None:
    command = [
        sys.executable, "-m", "stancewire", "tail", "--bootstrap-servers", kafka.bootstrap_servers,
        "--no-follow", "--target", "a carbon tax",
    ]  # fmt: skip

    def tail(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *more], capture_output=True, text=True, timeout=120)

    done = tail("--from-start")
    assert done.returncode == 0, done.stderr
    out = done.stdout  # in a pipe: the records
    shown = [Stance.model_validate(json.loads(line)) for line in out.splitlines()]
    everything = [Stance.model_validate(v) for v in values(kafka, topics.STANCES.name)]
    wanted = {s.id for s in everything if s.target.name == "a carbon tax"}
    assert wanted
    assert {s.id for s in shown} == wanted
    assert tail("--since", "6h").stdout == out
    assert "a carbon tax | " in tail("--since", "6h", "--text").stdout
    for nothing in (tail(), tail("--since", "2100-01-01"), tail("--from-start", "--speaker", "@")):
        assert (nothing.returncode, nothing.stdout) == (3, ""), nothing.stderr
    assert tail("--since", "6h", "--from-start").returncode == 2
    assert "neither a time" in tail("--since", "yesterday").stderr


@apache_only
def test_replicas_share_the_partitions_and_take_over_from_a_killed_one(
    kafka: KafkaSettings, tmp_path: Path
) -> None:
    where = (
        "--bootstrap-servers", kafka.bootstrap_servers, "--group", "shared",
        "--session-timeout", "6", "--batch-records", "4",
    )  # fmt: skip
    one, other = (
        Program("consume", "quotes", *where, "--replica", name, log=tmp_path / f"{name}.log")
        for name in ("one", "other")
    )
    before = len(read_all(kafka, "quotes.v1"))
    try:
        one.wait_ready()
        other.wait_ready()
        publish(kafka, "articles.v1", [article(number) for number in range(500, 700)])
        until(lambda: len(read_all(kafka, "quotes.v1")) > before + 100)
        other.end(signal.SIGKILL)
        until(lambda: drained(kafka, "shared", "articles.v1"))
    finally:
        other.end(signal.SIGKILL)
        assert one.end() == 0, one.log.read_text()
    texts = [article(number) for number in range(500, 700)]
    expected = extract_quotes(texts, load_extractor(), FETCHED_AT)
    ids = {quote.id for quotes in expected for quote in quotes}

    def ours() -> list[str]:
        about = {text.id for text in texts}
        return [v["id"] for v in values(kafka, "quotes.v1") if v["article_id"] in about]

    # What the killed one left open hides what follows it until the broker's transaction timeout.
    until(lambda: len(ours()) >= len(ids))
    assert sorted(ours()) == sorted(ids)
