"""The AsyncAPI document: that of the code, and one by AsyncAPI's own schema.

The schema is that of the npm package @asyncapi/specs 6.11.1 (Apache-2.0).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stancewire.asyncapi import document, render
from stancewire.kafka import topics
from stancewire.kafka.messages import encode
from stancewire.schemas import file_name
from tests.contract import golden

ROOT = Path(__file__).parents[2]
SPEC = json.loads(gzip.decompress(Path(__file__).with_name("asyncapi-3.0.0.json.gz").read_bytes()))


def test_the_published_document_is_that_of_the_code() -> None:
    path = ROOT / "deploy" / "asyncapi.json"
    assert path.read_text(encoding="utf-8") == render(), "run `make schemas`"


def test_it_is_a_document_by_the_specification() -> None:
    validator = jsonschema.Draft7Validator(SPEC)
    assert not list(validator.iter_errors(document()))
    broken = document()
    broken["channels"]["stance"]["address"] = 5
    assert list(validator.iter_errors(broken))


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [each for part in value.values() for each in references(part)]
        return (
            [each for part in value for each in references(part)] if isinstance(value, list) else []
        )

    found = document()
    outside = [each for each in references(found) if not each.startswith("#/$defs/")]
    assert outside
    for each in outside:
        place: Any = found
        for name in each.removeprefix("#/").split("/"):
            place = place[name]


@pytest.mark.parametrize("name", ["article", "quote", "stance"])
def test_what_we_write_is_what_it_says(name: str) -> None:
    message = document()["components"]["messages"][name]
    [record] = golden.records()[f"{name}.v1.json"][:1]
    assert file_name(type(record)) == f"{name}.v1.json"
    sent = encode(record, "t", source="stancewire/test", traceparent=None)
    assert sent.value is not None
    jsonschema.validate(json.loads(sent.value), message["payload"]["schema"])
    headers = {key: value.decode() for key, value in sent.headers}
    jsonschema.validate(headers, message["headers"])
    assert set(headers) == set(message["headers"]["properties"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(headers | {"ce_type": "another"}, message["headers"])


def test_it_names_what_subscribers_may_read() -> None:
    addresses = {channel["address"] for channel in document()["channels"].values()}
    internal = {topics.FEEDS.name, topics.PUSHES.name, topics.REPLAYS.name}
    assert addresses == {topic.name for topic in topics.TOPICS} - internal
