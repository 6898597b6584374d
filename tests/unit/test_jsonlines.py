from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancewire.errors import InputError
from stancewire.jsonlines import id_field, parse_object, text_field, transform


def numbers(data: bytes | BinaryIO, *, skip_bad: bool = False) -> tuple[list[str], str, int]:
    """Each line's `n`, doubled."""

    def parse(item: dict[str, Any], _line: int) -> int:
        if not isinstance(item.get("n"), int):
            raise InputError("no n")
        return int(item["n"])

    def run(items: list[int]) -> Iterator[str]:
        return (str(2 * item) for item in items)

    out, errors = io.StringIO(), io.StringIO()
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    try:
        skipped = transform(source, parse, run, out, skip_bad=skip_bad, errors=errors)
    except InputError as error:
        return out.getvalue().split(), str(error), -1
    return out.getvalue().split(), errors.getvalue(), skipped


@given(st.lists(st.integers(), max_size=300))
def test_any_number_of_lines_in_order(given_numbers: list[int]) -> None:
    data = "".join(json.dumps({"n": n}) + "\n" for n in given_numbers).encode()
    assert numbers(data)[0] == [str(2 * n) for n in given_numbers]


def test_empty_lines_and_a_missing_last_newline_are_fine() -> None:
    assert numbers(b'\n{"n": 1}\n\r\n\n{"n": 2}') == (["2", "4"], "", 0)


@pytest.mark.parametrize(
    ("bad", "words"),
    [(b"nope", "not JSON"), (b"[1]", "a JSON object is wanted, not list"), (b"{}", "no n")],
)
def test_a_bad_line_ends_after_the_good_ones_with_its_number(bad: bytes, words: str) -> None:
    done, error, _ = numbers(b'{"n": 1}\n\n' + bad + b'\n{"n": 2}\n')
    assert done == ["2"]
    assert words in error
    assert "(line 3)" in error


def test_bad_lines_can_be_skipped() -> None:
    done, errors, skipped = numbers(b'{"n": 1}\nnope\n{"n": 2}\n{}\n', skip_bad=True)
    assert (done, skipped) == (["2", "4"], 2)
    assert "(line 2)" in errors
    assert "(line 4)" in errors


def test_results_come_before_the_input_ends() -> None:
    read_end, write_end = os.pipe()
    seen = threading.Event()

    class Out(io.StringIO):
        def flush(self) -> None:
            if self.getvalue():
                seen.set()

    def parse(item: dict[str, Any], _line: int) -> int:
        return int(item["n"])

    def work() -> None:
        with os.fdopen(read_end, "rb") as source:
            transform(
                source, parse, lambda items: map(str, items), Out(), skip_bad=False,
                errors=io.StringIO(),
            )  # fmt: skip

    worker = threading.Thread(target=work)
    worker.start()
    os.write(write_end, b'{"n": 1}\n{"n": 2')
    assert seen.wait(10)
    os.write(write_end, b"}")
    os.close(write_end)
    worker.join(10)


def test_a_lone_surrogate_becomes_a_replacement_of_the_same_length() -> None:
    item = parse_object(rb'{"text": "a\ud83d b"}')
    assert item == {"text": "a\ufffd b"}


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    with pytest.raises(InputError):
        parse_object(b'{"a":' * 100_000)


def test_fields_are_checked() -> None:
    assert text_field({"a": "x"}, "a") == "x"
    assert text_field({"a": None}, "a", required=False) is None
    assert (id_field({"id": 7}), id_field({"id": "x"})) == (7, "x")
    for item in ({}, {"id": True}, {"id": None}, {"id": 1.5}):
        with pytest.raises(InputError, match="id"):
            id_field(item)
    with pytest.raises(InputError, match='"a" must be a string'):
        text_field({"a": 1}, "a")
