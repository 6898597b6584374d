"""What the board is asked: statements by filter, counts of sides, people, targets."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from consumers.board.store import person

WORD = re.compile(r"\w+")
# What a page shows, and what a client may ask for at a time.
PAGE = 50
MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """What statements must fit, each if given; `since` and `until` are Unix time in seconds.

    With a target or a label, one stance of the statement must fit both.
    """

    text: str | None = None
    speaker: str | None = None
    target: str | None = None
    label: str | None = None
    feed: str | None = None
    since: float | None = None
    until: float | None = None

    def statements(self) -> tuple[str, list[Any]]:
        """SQL conditions on `statement`, and their values."""
        parts: list[tuple[str, list[Any]]] = []
        if self.text is not None:
            parts.append(
                ("number IN (SELECT rowid FROM words WHERE words MATCH ?)", [match(self.text)])
            )
        if self.speaker is not None:
            parts.append(("who = ?", [person(self.speaker)]))
        if self.feed is not None:
            parts.append(("feed = ?", [self.feed]))
        sides, values = self._sides()
        if sides:
            parts.append((f"number IN (SELECT statement FROM stance WHERE {sides})", values))
        parts += self._times()
        return _joined(parts)

    def stances(self) -> tuple[str, list[Any]]:
        """SQL conditions on `stance`, and their values."""
        parts: list[tuple[str, list[Any]]] = []
        sides, values = self._sides()
        if sides:
            parts.append((sides, values))
        if self.speaker is not None:
            parts.append(("who = ?", [person(self.speaker)]))
        if self.text is not None:
            # The plus keeps SQLite from a look-up for each statement that has the words: a pass
            # over the stances is faster where words are common, and fast enough where not.
            parts.append(
                ("+statement IN (SELECT rowid FROM words WHERE words MATCH ?)", [match(self.text)])
            )
        if self.feed is not None:
            parts.append(
                ("+statement IN (SELECT number FROM statement WHERE feed = ?)", [self.feed])
            )
        parts += self._times()
        return _joined(parts)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for speaker, target and label alone."""
        return not any(each is not None for each in (self.text, self.feed, self.since, self.until))

    def _sides(self) -> tuple[str, list[Any]]:
        given = [("target", self.target), ("label", self.label)]
        named = [(name, value) for name, value in given if value is not None]
        return " AND ".join(f"{name} = ?" for name, _ in named), [value for _, value in named]

    def _times(self) -> list[tuple[str, list[Any]]]:
        times = [("said >= ?", self.since), ("said < ?", self.until)]
        return [(condition, [value]) for condition, value in times if value is not None]


def _joined(parts: Sequence[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    return (
        " AND ".join(condition for condition, _ in parts) or "TRUE",
        [value for _, values in parts for value in values],
    )


def match(text: str) -> str:
    """All words of a search, the last one as a beginning; nothing of it is a command."""
    words = WORD.findall(text)
    return " ".join(f'"{word}"' for word in words) + "*" if words else '""'


def statements(
    db: sqlite3.Connection, wanted: Filter, before: int | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], int | None]:
    """The newest that fit, with their stances; and from which number older ones go on."""
    where, values = wanted.statements()
    if before is not None:
        where, values = f"({where}) AND number < ?", [*values, before]
    rows = db.execute(
        f"SELECT number, record FROM statement WHERE {where} ORDER BY number DESC LIMIT ?",
        [*values, limit + 1],
    ).fetchall()
    page = rows[:limit]
    return _shown(db, page), page[-1][0] if len(rows) > limit else None


def numbered(
    db: sqlite3.Connection, numbers: Sequence[int], wanted: Filter
) -> list[dict[str, Any]]:
    """Those of these statements that fit, the oldest first."""
    where, values = wanted.statements()
    marks = ", ".join("?" * len(numbers))
    rows = db.execute(
        f"SELECT number, record FROM statement WHERE number IN ({marks}) AND {where}"
        " ORDER BY number",
        [*numbers, *values],
    ).fetchall()
    return _shown(db, rows)


def _shown(db: sqlite3.Connection, rows: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(rows))
    stances: dict[int, list[dict[str, Any]]] = {number: [] for number, _ in rows}
    for number, *columns in db.execute(
        "SELECT statement, s.target, name, label, favor, against, neutral, abstained, model,"
        " revision"
        f" FROM stance s JOIN target t ON t.id = s.target WHERE statement IN ({marks})"
        " ORDER BY s.target",
        [number for number, _ in rows],
    ):
        stances[number].append(_stance(*columns))
    return [_statement(number, json.loads(record), stances[number]) for number, record in rows]


def _statement(number: int, quote: dict[str, Any], stances: list[dict[str, Any]]) -> dict[str, Any]:
    article, speaker = quote["article"], quote["speaker"]
    return {
        "number": number,
        "id": quote["id"],
        "speaker": speaker and {"name": speaker["name"], "role": speaker["role"]},
        "text": quote["text"],
        "kind": quote["kind"],
        "polarity": quote["polarity"],
        "said_at": article["published_at"] or article["fetched_at"],
        "article": {
            "id": quote["article_id"],
            "revision": article["revision"],
            "title": article["title"],
            "url": article["url"],
            "feed": {"id": article["feed"]["id"], "title": article["feed"]["title"]},
        },
        "stances": stances,
    }


def _stance(
    target: str,
    name: str,
    label: str,
    favor: float,
    against: float,
    neutral: float,
    abstained: int,
    model: str,
    revision: str,
) -> dict[str, Any]:
    scores = {"favor": favor, "against": against, "neutral": neutral}
    return {
        "target": {"id": target, "name": name},
        "label": label,
        "score": scores[label],
        "scores": scores,
        "abstained": bool(abstained),
        "model": {"name": model, "revision": revision},
    }


def quote_and_text(db: sqlite3.Connection, number: int) -> tuple[dict[str, Any], str | None] | None:
    """A statement's quote record, and its article's text if that revision is known."""
    row = db.execute(
        "SELECT s.record, a.text FROM statement s LEFT JOIN article a"
        " ON a.id = s.article AND a.revision = s.revision WHERE s.number = ?",
        (number,),
    ).fetchone()
    return (json.loads(row[0]), row[1]) if row else None


def matrix(db: sqlite3.Connection, wanted: Filter, speakers: int, targets: int) -> dict[str, Any]:
    """Those who took most sides by what most were taken on; neutral stances are counted, too.

    Where only neutral ones are asked for, those with most of them.
    """
    where, values = wanted.stances()
    table, count = ("tally", "sum(count)") if wanted.is_plain else ("stance", "count(*)")
    # One pass over the sides, of which there are few; sorting out who took most is done here.
    few, ranked = table, "label <> 'neutral'"
    if wanted.label == "neutral":
        # Of these there are many, so they are read off an index that holds all that is asked.
        few, ranked = table.replace("stance", "stance INDEXED BY stance_cell"), "TRUE"
    sides = db.execute(
        f"SELECT who, target, {count} FROM {few}"
        f" WHERE {ranked} AND who <> '' AND {where} GROUP BY who, target",
        values,
    ).fetchall()
    people = _most(((who, number) for who, _, number in sides), speakers)
    subjects = _most(((target, number) for _, target, number in sides), targets)
    cells: dict[tuple[str, str], dict[str, int]] = {}
    chosen = f"who IN ({_marks(people)}) AND target IN ({_marks(subjects)})"
    for who, target, label, number in db.execute(
        f"SELECT who, target, label, {count} FROM {table} WHERE {chosen} AND {where}"
        " GROUP BY who, target, label",
        [*people, *subjects, *values],
    ):
        cells.setdefault((who, target), {"favor": 0, "against": 0, "neutral": 0})[label] = number
    names, ids = names_of(db, people), _targets(db, subjects)
    return {
        "speakers": [names[who] for who in people],
        "targets": [ids[target] for target in subjects],
        "cells": [
            {"speaker": names[who], "target": target, **counts}
            for (who, target), counts in cells.items()
        ],
    }


def _most(counted: Iterable[tuple[str, int]], limit: int) -> list[str]:
    sums: Counter[str] = Counter()
    for name, number in counted:
        sums[name] += number
    return sorted(sums, key=lambda name: (-sums[name], name))[:limit]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def names_of(db: sqlite3.Connection, people: Sequence[str]) -> dict[str, str]:
    """How speakers were last written."""
    rows = (
        db.execute(
            "SELECT who, speaker FROM statement WHERE who = ? ORDER BY number DESC LIMIT 1", (who,)
        ).fetchone()
        for who in people
    )
    return dict(filter(None, rows))


def _targets(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    rows = db.execute(f"SELECT id, name FROM target WHERE id IN ({_marks(ids)})", list(ids))
    return {target: {"id": target, "name": name} for target, name in rows}
