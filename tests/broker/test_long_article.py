"""An article a hundred times the usual length, met by workers that have only just begun."""

from __future__ import annotations

import signal
from pathlib import Path

from stancewire.kafka.lag import drained
from stancewire.settings import KafkaSettings, WorkerSettings
from tests.broker.test_workers import TARGETS, samples, until
from tests.support.brokers import apache_only
from tests.support.generated import article
from tests.support.pipeline import Program, publish, values

CHARACTERS = 100_000
# A batch's time stays under a third of what the group allows between two polls.
MODEL_LIMIT_S = WorkerSettings("any").max_poll_interval_s / 3


@apache_only
def test_it_passes_in_time_and_costs_no_membership(kafka: KafkaSettings, tmp_path: Path) -> None:
    texts: list[str] = []
    length = 0
    while length < CHARACTERS:
        texts.append(article(len(texts)).text)
        length += len(texts[-1]) + 2
    publish(kafka, "articles.v1", [article(0).model_copy(update={"text": "\n\n".join(texts)})])
    commands = {
        "quotes": ("consume", "quotes"),
        "stances": ("consume", "stances", "--model", "small", *TARGETS),
    }
    workers = {
        name: Program(
            *command, "--group", f"long-{name}", "--session-timeout", "6",
            "--bootstrap-servers", kafka.bootstrap_servers, log=tmp_path / f"{name}.log",
        )
        for name, command in commands.items()
    }  # fmt: skip
    try:
        until(lambda: drained(kafka, "long-quotes", "articles.v1"), 300)
        until(lambda: drained(kafka, "long-stances", "quotes.v1"), 300)
        for name, worker in workers.items():
            measured = samples(worker)
            assert measured["stancewire_transactions_total", ("failed",)] == 0, name
            assert measured["stancewire_loop_phase_seconds_sum", ("model",)] < MODEL_LIMIT_S, name
            assert "the group changed" not in worker.log.read_text()
    finally:
        for worker in workers.values():
            worker.end(signal.SIGTERM)
    quotes = values(kafka, "quotes.v1")
    assert len(quotes) > len(texts)
    assert len({quote["id"] for quote in quotes}) == len(quotes)
    assert len(values(kafka, "stances.v1")) == 2 * len(quotes)
