"""JSON Lines in, JSON Lines out: any number of lines, in order, as they come."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TextIO, TypeVar

from stancewire.errors import InputError

T = TypeVar("T")

# Enough for a model to work in batches; few enough that a slow pipe sees results soon.
CHUNK_LINES = 64
# At the most what a pipe holds.
READ_BYTES = 64 * 1024


def transform(
    source: BinaryIO,
    parse: Callable[[dict[str, Any], int], T],
    run: Callable[[list[T]], Iterable[str]],
    out: TextIO,
    *,
    skip_bad: bool,
    errors: TextIO,
) -> int:
    """Writes a line for what `run` yields of each line; returns how many bad lines were skipped.

    `parse` takes an object and its line's number, and raises InputError if it cannot use it.
    Without `skip_bad`, the first bad line ends the work with an InputError that has its number,
    after the lines before it.
    """
    progress = Progress(errors)
    skipped = 0
    for chunk in _available(source):
        good: list[T] = []
        failure: InputError | None = None
        for number, line in chunk:
            try:
                good.append(parse(parse_object(line), number))
            except InputError as error:
                located = InputError(error.message, **{**error.context, "line": number})
                if not skip_bad:
                    failure = located
                    break
                skipped += 1
                progress.clear()
                print(f"skipped: {located}", file=errors)
        for text in run(good) if good else ():
            out.write(text + "\n")
        out.flush()
        if failure is not None:
            raise failure
        progress.show(chunk[-1][0])
    progress.clear()
    return skipped


def parse_object(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; raises InputError in words.

    Lone surrogates, which JSON can spell and UTF-8 cannot, become U+FFFD: offsets stay.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"a JSON object is wanted, not {type(value).__name__}")
    return {key: _encodable(item) for key, item in value.items()}


def text_field(item: dict[str, Any], name: str, *, required: bool = True) -> str | None:
    """A string field; null counts as absent. Raises InputError."""
    value = item.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str):
        raise InputError(f'"{name}" must be a string' if name in item else f'"{name}" is missing')
    return value


def texts_field(item: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of strings, empty where it is absent or null. Raises InputError."""
    value = item.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InputError(f'"{name}" must be a list of strings')
    return tuple(value)


def count_field(item: dict[str, Any], name: str) -> int:
    """A whole number from 1 on, 1 where it is absent or null. Raises InputError."""
    value = item.get(name)
    if value is None:
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(f'"{name}" must be a whole number, 1 or more')
    return value


def id_field(item: dict[str, Any]) -> str | int:
    """The line's own `id`, a string or a whole number, given back as it came."""
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError('"id" must be a string or a number' if "id" in item else '"id" is missing')
    return value


class Progress:
    """A count on one line of stderr, where that is a terminal."""

    def __init__(self, errors: TextIO) -> None:
        self._errors = errors
        self._on = errors.isatty()

    def show(self, lines: int) -> None:
        if self._on:
            self._errors.write(f"\r{lines} lines")
            self._errors.flush()

    def clear(self) -> None:
        if self._on:
            self._errors.write("\r\x1b[K")


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
    return value


def _available(source: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    """Numbered lines, not empty ones, as many at a time as have arrived, up to a chunk."""
    chunk: list[tuple[int, bytes]] = []
    for number, line, last in _lines(source):
        if line.strip():
            chunk.append((number, line))
        if chunk and (last or len(chunk) == CHUNK_LINES):
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Number, line, and whether the next one may be long in coming."""
    number = 0
    begun: list[bytes] = []
    try:
        while data := source.read1(READ_BYTES):  # type: ignore[attr-defined]
            *whole, rest = data.split(b"\n")
            for index, line in enumerate(whole):
                number += 1
                yield number, b"".join((*begun, line)), index == len(whole) - 1
                begun = []
            begun.append(rest)
    except OSError as error:
        raise InputError(f"cannot be read: {error}") from error
    yield number + 1, b"".join(begun), True


def standard_streams() -> tuple[BinaryIO, TextIO]:
    """Standard input as bytes, standard output as UTF-8 whatever the locale."""
    if isinstance(sys.stdout, TextIO) or hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    return sys.stdin.buffer, sys.stdout
