"""Who is for or against a target, what a speaker has said on what, and how that changed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from consumers.board.queries import match, names_of
from consumers.board.store import person

# Longer lists are found by searching.
MAX_PEOPLE = 100
# More than a page can show.
MAX_POSITIONS = 1_000
DAY_S = 86_400


def targets(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every target with its counts, those with most sides first."""
    found = {
        target: {"id": target, "name": name, "favor": 0, "against": 0, "neutral": 0}
        for target, name in db.execute("SELECT id, name FROM target")
    }
    for target, label, count in db.execute(
        "SELECT target, label, sum(count) FROM tally GROUP BY target, label"
    ):
        found[target][label] = count
    return sorted(found.values(), key=lambda row: (-row["favor"] - row["against"], row["name"]))


def target(db: sqlite3.Connection, target_id: str) -> dict[str, Any] | None:
    """Who is for it and who against, how many said so each day and in which feeds.

    None if it is not known.
    """
    row = db.execute("SELECT name FROM target WHERE id = ?", (target_id,)).fetchone()
    if row is None:
        return None
    days: dict[int, dict[str, Any]] = {}
    for number, label, count in db.execute(
        f"SELECT CAST(said / {DAY_S} AS INTEGER), label, count(*) FROM stance WHERE target = ?"
        " GROUP BY 1, 2 ORDER BY 1",
        (target_id,),
    ):
        empty = {"day": _day(number), "favor": 0, "against": 0, "neutral": 0}
        days.setdefault(number, empty)[label] = count
    return {
        "id": target_id,
        "name": row[0],
        "favor": _side(db, target_id, "favor"),
        "against": _side(db, target_id, "against"),
        "series": list(days.values()),
        "feeds": _by_feed(db, target_id),
    }


def _by_feed(db: sqlite3.Connection, target_id: str) -> list[dict[str, Any]]:
    """The counts of each feed, those with most sides first."""
    found: dict[str, dict[str, Any]] = {}
    for feed, label, count in db.execute(
        "SELECT feed, label, count(*) FROM stance s JOIN statement ON statement.number = statement"
        " WHERE target = ? GROUP BY feed, label",
        (target_id,),
    ):
        found.setdefault(feed, {"favor": 0, "against": 0, "neutral": 0})[label] = count
    rows = [{**feed, **found[feed["id"]]} for feed in feeds(db) if feed["id"] in found]
    rows.sort(key=lambda row: (-row["favor"] - row["against"], row["id"]))
    return rows[:MAX_PEOPLE]


def _side(db: sqlite3.Connection, target_id: str, label: str) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT (SELECT speaker FROM statement WHERE who = s.who ORDER BY number DESC LIMIT 1),"
        " count(*), max(said) FROM stance s WHERE target = ? AND label = ? AND who IS NOT NULL"
        " GROUP BY who ORDER BY count(*) DESC, who LIMIT ?",
        (target_id, label, MAX_PEOPLE),
    )
    return [
        {"speaker": name, "count": count, "latest": _moment(said)} for name, count, said in rows
    ]


def speakers(db: sqlite3.Connection, text: str | None) -> list[dict[str, Any]]:
    """Those with most statements, of all or of those whose name has the words."""
    where, values = "who IS NOT NULL", []
    if text is not None:
        where += " AND number IN (SELECT rowid FROM words WHERE words MATCH ?)"
        values = [f"speaker : ({match(text)})"]
    rows = db.execute(
        f"SELECT who, count(*) FROM statement WHERE {where}"
        " GROUP BY who ORDER BY count(*) DESC, who LIMIT ?",
        [*values, MAX_PEOPLE],
    ).fetchall()
    names = names_of(db, [who for who, _ in rows])
    return [{"name": names[who], "statements": count} for who, count in rows]


def speaker(db: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """The latest sides that somebody took, by target in order of time; None if none is known."""
    who = person(name)
    row = db.execute(
        "SELECT count(*), (SELECT speaker FROM statement WHERE who = ? ORDER BY number DESC"
        " LIMIT 1) FROM statement WHERE who = ?",
        (who, who),
    ).fetchone()
    if not row[0]:
        return None
    found: dict[str, dict[str, Any]] = {}
    for target_id, target_name, number, said, label, score in db.execute(
        "SELECT s.target, t.name, statement, said, label, max(favor, against) FROM (SELECT * FROM"
        " stance WHERE who = ? AND label <> 'neutral' ORDER BY said DESC LIMIT ?) s"
        " JOIN target t ON t.id = s.target ORDER BY s.target, said, statement",
        (who, MAX_POSITIONS),
    ):
        empty = {"target": {"id": target_id, "name": target_name}, "positions": []}
        positions = found.setdefault(target_id, empty)["positions"]
        positions.append(
            {
                "number": number,
                "said_at": _moment(said),
                "label": label,
                "score": score,
                "changed": bool(positions) and positions[-1]["label"] != label,
            }
        )
    return {"name": row[1], "statements": row[0], "targets": list(found.values())}


def feeds(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """The feeds that statements came from."""
    rows = db.execute(
        "SELECT feed, json_extract(record, '$.article.feed.title') FROM statement"
        " WHERE number IN (SELECT max(number) FROM statement GROUP BY feed) ORDER BY feed"
    )
    return [{"id": feed, "title": title} for feed, title in rows]


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY_S, UTC).date().isoformat()


def _moment(said: float) -> str:
    return datetime.fromtimestamp(said, UTC).isoformat().replace("+00:00", "Z")
