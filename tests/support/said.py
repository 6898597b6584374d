"""Texts with the statements that a reader finds in them, and what the shipped extractor finds."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from models.quotes import Document, QuoteExtractor, Statement, load_extractor
from stancewire.records import Kind, ResolvedBy

PUBLISHED_ON = date(2025, 2, 20)
_PIECE = re.compile("⟦(.*?)⟧", re.DOTALL)


class Said(NamedTuple):
    """One statement."""

    kind: Kind
    contents: list[str]
    cue: str | None
    speaker: str | None
    resolved_by: ResolvedBy | None
    said_on: date | None


class Case(NamedTuple):
    """A text and all the statements that it makes, in order."""

    section: str
    text: str
    expected: list[Said]


def read_cases(path: Path) -> list[Case]:
    """The cases of a file; the file's head says how they are written."""
    cases: list[Case] = []
    section = ""
    text: list[str] = []
    notes: list[str] = []

    def finish() -> None:
        if notes:
            marked = "\n".join(text).strip()
            cases.append(Case(section, _PIECE.sub(r"\1", marked), _expected(marked, notes)))
            text.clear()
            notes.clear()

    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            notes.append(line.removeprefix("= "))
            continue
        finish()
        if line.startswith("# "):
            section = line.removeprefix("# ")
        elif not line.startswith("##"):
            text.append(line)
    finish()
    return cases


def _expected(marked: str, notes: list[str]) -> list[Said]:
    pieces = [match.group(1) for match in _PIECE.finditer(marked)]
    if notes == ["nothing"]:
        notes = []
    expected: list[Said] = []
    for note in notes:
        kind, cue, speaker, resolved_by, said_on = (*note.split(" | "), None, None)[:5]
        kind, _, number = (kind or "").partition(" ")
        taken = int(number or 1)
        expected.append(
            Said(
                cast("Kind", kind),
                pieces[:taken],
                None if cue == "-" else cue,
                None if speaker == "-" else speaker,
                cast("ResolvedBy | None", resolved_by),
                None if said_on is None else date.fromisoformat(said_on),
            )
        )
        del pieces[:taken]
    assert not pieces, f"more pieces than noted in {marked!r}"
    return expected


def extract(text: str) -> list[Said]:
    """All statements that the shipped extractor finds, each offset checked against its words."""
    (found,) = _shipped().extract([Document(text, PUBLISHED_ON)])
    return [_noted(statement, text) for statement in found]


@cache
def _shipped() -> QuoteExtractor:
    return load_extractor()


def _noted(statement: Statement, text: str) -> Said:
    cue, speaker = statement.cue, statement.speaker
    if cue is not None:
        assert text[slice(*cue.span)] == cue.text
    if speaker is not None:
        assert text[slice(*speaker.mention_span)] == speaker.mention
    return Said(
        statement.kind,
        [text[start:end] for start, end in statement.spans],
        None if cue is None else cue.text,
        None if speaker is None else speaker.name,
        None if speaker is None else speaker.resolved_by,
        statement.said_on,
    )
