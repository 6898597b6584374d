"""`stancewire board` as a real process on Apache Kafka: its API, and what comes while it is up."""

from __future__ import annotations

import csv
import io
import json
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from consumers.board.openapi import document
from stancewire.records import Stance
from stancewire.settings import KafkaSettings
from tests.broker.test_workers import until
from tests.support.apache_kafka import free_port
from tests.support.brokers import running_kafka
from tests.support.pipeline import Program, publish
from tests.support.statements import article, quotes, stance

RUIZ = "Dana Ruiz: The wall will keep us dry."
BECK = "Alan Beck: =SUM(A1) is what it costs."


class Board:
    def __init__(self, kafka: KafkaSettings, store: Path) -> None:
        self.port = free_port()
        self.program = Program(
            "board", "--bootstrap-servers", kafka.bootstrap_servers, "--store", str(store),
            "--port", str(self.port), log=store.with_suffix(".log"), serves=False,
        )  # fmt: skip
        until(self._is_up)

    def _is_up(self) -> bool:
        assert self.program.process.poll() is None, self.program.log.read_text()
        try:
            return self.answer("/healthz")[0] == 200
        except OSError:
            return False

    def answer(self, path: str, **query: object) -> tuple[int, dict[str, str], str]:
        address = f"http://127.0.0.1:{self.port}{path}?{urlencode(query)}"
        try:
            with urllib.request.urlopen(address, timeout=20) as found:
                return found.status, dict(found.headers), found.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def get(self, path: str, **query: object) -> Any:
        status, _, body = self.answer(path, **query)
        assert status == 200, body
        return json.loads(body)

    def texts(self, **query: object) -> list[str]:
        return [each["text"] for each in self.get("/api/statements", **query)["statements"]]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    with running_kafka(tmp_path_factory.mktemp("apache"), partitions=2) as settings:
        yield settings


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("board") / "board.sqlite"


@pytest.fixture(scope="module")
def board(kafka: KafkaSettings, store: Path) -> Iterator[Board]:
    of = article(1, RUIZ, BECK)
    one, two = quotes(of)
    publish(kafka, "articles.v1", [of])
    publish(
        kafka, "stances.v1", [stance(one, "the-wall", "favor"), stance(one, "a-tax", "neutral")]
    )
    publish(kafka, "stances.v1", [stance(two, "the-wall", "against"), b"not a stance"])
    board = Board(kafka, store)
    until(lambda: len(board.texts()) == 2)
    yield board
    assert board.program.end(signal.SIGTERM) == 0, board.program.log.read_text()


def spec(board: Board, path: str) -> dict[str, Any]:
    document = board.get("/openapi.json")
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    return {**answer["schema"], "components": document["components"]}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/api/statements", {}),
        ("/api/statements/{number}", {"number": "1"}),
        ("/api/matrix", {}),
        ("/api/targets", {}),
        ("/api/targets/{id}", {"id": "the-wall"}),
        ("/api/speakers", {}),
        ("/api/speakers/{name}", {"name": "Dana Ruiz"}),
        ("/api/feeds", {}),
    ],
)
def test_answers_are_what_the_document_says(
    board: Board, path: str, values: dict[str, str]
) -> None:
    asked = path.format(**{name: quoted(value) for name, value in values.items()})
    found = board.get(asked)
    jsonschema.validate(found, spec(board, path))
    assert any(found.values())


# An answer of events has no end.
API = schemathesis.openapi.from_dict(document()).exclude(path="/api/events")


@API.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_request_is_answered_as_documented(board: Board, case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(base_url=f"http://127.0.0.1:{board.port}")


def test_a_statement_is_shown_where_it_stands(board: Board) -> None:
    [found] = board.get("/api/statements", speaker="dana ruiz")["statements"]
    shown = board.get(f"/api/statements/{found['number']}")
    held = shown["paragraphs"][1]
    marks = {mark["kind"]: held["text"][mark["start"] : mark["end"]] for mark in held["marks"]}
    assert marks["speaker"] == "Dana Ruiz"
    assert marks["quote"] == found["text"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/api/statements", {"label": "maybe"}, 400),
        ("/api/statements", {"since": "yesterday"}, 400),
        ("/api/statements", {"limit": "0"}, 400),
        ("/api/statements", {"limit": "501"}, 400),
        ("/api/statements", {"before": "9" * 30}, 400),
        ("/api/statements", {"q": "x" * 201}, 400),
        ("/api/statements/0", {}, 400),
        ("/api/statements/x", {}, 400),
        ("/api/statements/4711", {}, 404),
        ("/api/targets/unheard-of", {}, 404),
        ("/api/speakers/nobody", {}, 404),
    ],
)
def test_what_cannot_be_answered_says_why(
    board: Board, path: str, query: dict[str, str], status: int
) -> None:
    found, headers, body = board.answer(path, **query)
    assert found == status
    assert json.loads(body)["error"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("q", ['"', "*", "a OR", "NEAR(", "-", "''", "{x}: y", "\x00", "ﷺ"])
def test_no_search_is_a_command(board: Board, q: str) -> None:
    board.get("/api/statements", q=q)
    board.get("/api/speakers", q=q)
    board.get("/api/matrix", q=q)


def test_exports_have_all_that_fits(board: Board) -> None:
    status, headers, body = board.answer("/api/export.csv", target="the-wall")
    assert status == 200
    assert headers["Content-Disposition"] == 'attachment; filename="statements.csv"'
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {(row["speaker"], row["target"], row["label"]) for row in rows} == {
        ("Dana Ruiz", "the wall", "favor"), ("Dana Ruiz", "a tax", "neutral"),
        ("Alan Beck", "the wall", "against"),
    }  # fmt: skip
    lines = board.answer("/api/export.json", label="against")[2].splitlines()
    assert [json.loads(line)["speaker"]["name"] for line in lines] == ["Alan Beck"]


def test_what_comes_is_told_to_whom_it_concerns(board: Board, kafka: KafkaSettings) -> None:
    address = f"http://127.0.0.1:{board.port}/api/events?label=against"
    with urllib.request.urlopen(address, timeout=30) as events:
        assert events.readline() == b": here\n"
        one, two = quotes(article(2, "Ann Lee: It is fine.", "Bo Carr: It is not fine."))
        publish(kafka, "stances.v1", [stance(one, "the-wall", "favor")])
        publish(kafka, "stances.v1", [stance(two, "the-wall", "against")])
        lines = iter(events.readline, b"")
        data = next(line for line in lines if line.startswith(b"data: "))
    assert json.loads(data.removeprefix(b"data: "))["speaker"]["name"] == "Bo Carr"


def test_a_restart_goes_on_where_it_was(board: Board, kafka: KafkaSettings, store: Path) -> None:
    until(lambda: len(board.texts()) == 4)
    before = board.get("/api/statements")
    assert board.program.end(signal.SIGKILL) == -signal.SIGKILL
    late: list[Stance] = [
        stance(quote, "the-wall", "favor") for quote in quotes(article(3, "Cy Dunn: Build it."))
    ]
    publish(kafka, "stances.v1", late)
    again = Board(kafka, store)
    board.program, board.port = again.program, again.port
    until(lambda: len(board.texts()) == 5)
    assert board.get("/api/statements")["statements"][1:] == before["statements"]
