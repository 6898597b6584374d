"""What subscribers rely on: published schemas, golden examples, and today's workers agree."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stancewire.kafka.messages import decode, encode
from stancewire.records import Quote, Record, Stance
from stancewire.schemas import RECORDS, file_name, render
from tests.contract import golden

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "deploy" / "schemas"
EXAMPLES = ROOT / golden.EXAMPLES

# The model's int8 kernels differ a little between processors.
SCORE_TOLERANCE = 0.05


@pytest.fixture(scope="module")
def made() -> dict[str, list[Record]]:
    return golden.records()


def example(record: type[Record]) -> list[dict[str, Any]]:
    text = (EXAMPLES / file_name(record)).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def schema(record: type[Record]) -> dict[str, Any]:
    text = (SCHEMAS / file_name(record)).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


every_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.type_name)


@every_record
def test_published_schema_is_that_of_the_code(record: type[Record]) -> None:
    path = SCHEMAS / file_name(record)
    assert path.read_text(encoding="utf-8") == render(record), "run `make schemas`"
    jsonschema.Draft202012Validator.check_schema(schema(record))


EARLIER = sorted((Path(__file__).parent / "earlier").glob("*.json"))


@pytest.mark.parametrize("path", EARLIER, ids=lambda path: path.name)
def test_records_of_every_earlier_schema_are_read_with_all_that_they_hold(path: Path) -> None:
    record = next(
        one for one in RECORDS if path.name.startswith(f"{one.type_name}.v{one.version}.")
    )
    values = json.loads(path.read_text(encoding="utf-8"))
    assert values
    for value in values:
        headers = [("ce_type", f"stancewire.{record.type_name}.v{record.version}".encode())]
        again = decode(record, json.dumps(value).encode(), headers).model_dump(mode="json")
        assert holds(again, value)


def holds(whole: Any, part: Any) -> bool:
    """Whether all that is in the part is in the whole, which may have more fields."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and holds(whole[name], value) for name, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(map(holds, whole, part)) and len(whole) == len(part)
    return bool(whole == part)


@every_record
def test_fields_of_a_later_schema_are_passed_over(record: type[Record]) -> None:
    for value in example(record):
        later = copy.deepcopy(value) | {"from_the_future": {"deep": [1]}}
        assert decode(record, json.dumps(later).encode(), []) == record.model_validate(value)


@every_record
def test_golden_examples_fit_the_schema_and_are_read(record: type[Record]) -> None:
    for value in example(record):
        jsonschema.validate(value, schema(record))
        assert record.model_validate(value).model_dump(mode="json") == value


@every_record
def test_workers_make_the_golden_examples(
    record: type[Record], made: dict[str, list[Record]]
) -> None:
    messages = [encode(r, "t", source="test", traceparent=None) for r in made[file_name(record)]]
    decoded = [decode(record, m.value, m.headers).model_dump(mode="json") for m in messages]
    wanted = example(record)
    assert [without_scores(value) for value in decoded] == [without_scores(v) for v in wanted]
    for value, want in zip(decoded, wanted, strict=True):
        assert value.get("scores", {}) == pytest.approx(want.get("scores", {}), abs=SCORE_TOLERANCE)


def without_scores(value: dict[str, Any]) -> dict[str, Any]:
    rest = copy.deepcopy(value)
    rest.pop("scores", None)
    return rest


@every_record
def test_a_reader_by_schema_accepts_later_optional_fields(record: type[Record]) -> None:
    for value in example(record):
        jsonschema.validate({**value, "added_later": {"any": "thing"}}, schema(record))


def test_a_quote_from_before_polarity_is_asserted() -> None:
    """Old records stay readable: alone, and within a stance."""
    for old in example(Quote):
        del old["polarity"]
        jsonschema.validate(old, schema(Quote))
        assert Quote.model_validate(old).polarity == "asserted"
    for old in example(Stance):
        del old["quote"]["polarity"]
        jsonschema.validate(old, schema(Stance))
        assert Stance.model_validate(old).quote.polarity == "asserted"


def test_a_quote_from_before_entities_names_none() -> None:
    for old in example(Quote):
        del old["entities"]
        jsonschema.validate(old, schema(Quote))
        assert Quote.model_validate(old).entities == ()
    for old in example(Stance):
        del old["quote"]["entities"]
        jsonschema.validate(old, schema(Stance))
        assert Stance.model_validate(old).quote.entities == ()


@every_record
def test_a_missing_required_field_does_not_fit_the_schema(record: type[Record]) -> None:
    value = dict(example(record)[0])
    name = schema(record)["required"][0]
    del value[name]
    with pytest.raises(jsonschema.ValidationError, match=f"'{name}' is a required property"):
        jsonschema.validate(value, schema(record))
