"""Statements and their stances in one SQLite file, which the topics can fill again at any time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from stancewire.errors import StancewireError
from stancewire.records import Article, Quote, Stance

# A file of another version is emptied, and filled again from the topics.
VERSION = 1

TABLES = """
CREATE TABLE place (topic TEXT, number INTEGER, next INTEGER, PRIMARY KEY (topic, number));
CREATE TABLE article (
  id TEXT PRIMARY KEY, revision INTEGER, title TEXT, url TEXT, text TEXT, feed TEXT, published REAL
) WITHOUT ROWID;
CREATE TABLE target (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
-- Numbers grow with time of arrival: pages of the stream are ranges of them.
CREATE TABLE statement (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, article TEXT, revision INTEGER,
  speaker TEXT, who TEXT, feed TEXT, said REAL, record TEXT
);
CREATE INDEX statement_article ON statement (article);
CREATE INDEX statement_who ON statement (who, number);
CREATE INDEX statement_feed ON statement (feed, number);
CREATE INDEX statement_said ON statement (said);
-- What stances are looked for by is in them, so that no join is needed to find or count them.
CREATE TABLE stance (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, statement INTEGER, target TEXT, label TEXT,
  favor REAL, against REAL, neutral REAL, abstained INTEGER, model TEXT, revision TEXT,
  who TEXT, said REAL
);
CREATE INDEX stance_statement ON stance (statement);
CREATE INDEX stance_target ON stance (target, label, statement);
CREATE INDEX stance_label ON stance (label, statement);
CREATE INDEX stance_series ON stance (target, said, label);
-- Counts by speaker and target are read off these alone.
CREATE INDEX stance_cell ON stance (who, target, label, said, statement);
CREATE INDEX stance_person ON stance (who, said) WHERE label <> 'neutral';
CREATE INDEX stance_side ON stance (said, who, target, label, statement) WHERE label <> 'neutral';
-- Counts over all time, which are asked for most; a speaker that is not known has no name.
CREATE TABLE tally (
  who TEXT, target TEXT, label TEXT, count INTEGER, PRIMARY KEY (who, target, label)
) WITHOUT ROWID;
CREATE TRIGGER tally_more AFTER INSERT ON stance BEGIN
  INSERT INTO tally VALUES (coalesce(new.who, ''), new.target, new.label, 1)
  ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER tally_fewer AFTER DELETE ON stance BEGIN
  UPDATE tally SET count = count - 1
  WHERE who = coalesce(old.who, '') AND target = old.target AND label = old.label;
  DELETE FROM tally
  WHERE who = coalesce(old.who, '') AND target = old.target AND label = old.label AND count = 0;
END;
CREATE VIRTUAL TABLE words USING fts5 (
  text, speaker, title, content='', tokenize='unicode61 remove_diacritics 2'
);
"""


class Store:
    """Takes records in the topics' order; use as `with Store(path) as store`.

    What is added and the places where the topics are to be read on are one transaction, so that a
    restart goes on without loss. Raises StancewireError where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._prepare()
        except sqlite3.Error as error:
            raise StancewireError(f"the board's file cannot be used: {error}", file=path) from error

    def _prepare(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return
        names = self._db.execute(
            "SELECT type, name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'words_%'"
        ).fetchall()
        for _, name in names:
            self._db.execute(f'DROP TABLE "{name}"')
        self._db.executescript(f"{TABLES}PRAGMA user_version = {VERSION};")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def places(self, topic: str) -> dict[int, int]:
        """By partition, the offset from which to read on."""
        rows = self._db.execute("SELECT number, next FROM place WHERE topic = ?", (topic,))
        return dict(rows.fetchall())

    def add(
        self,
        articles: Iterable[Article],
        stances: Iterable[Stance],
        places: Mapping[tuple[str, int], int],
    ) -> list[int]:
        """Adds what is new; returns the numbers of the statements that came or changed.

        A later revision of an article takes the statements of earlier ones away.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for article in articles:
                self._add_article(article)
            numbers = [self._add_stance(stance) for stance in stances]
            self._db.executemany(
                "INSERT OR REPLACE INTO place VALUES (?, ?, ?)",
                [(topic, number, offset) for (topic, number), offset in places.items()],
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return sorted({number for number in numbers if number is not None})

    def _add_article(self, article: Article) -> None:
        known = self._db.execute("SELECT revision FROM article WHERE id = ?", (article.id,))
        if (known.fetchone() or (0,))[0] > article.revision:
            return
        row = (
            article.id, article.revision, article.title, article.url, article.text,
            article.feed.id, _time(article.published_at or article.fetched_at),
        )  # fmt: skip
        self._db.execute("INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self._remove_before(article.id, article.revision)

    def _add_stance(self, stance: Stance) -> int | None:
        quote = stance.quote
        number = self._statement(quote)
        if number is None:
            return None
        target, speaker = stance.target, quote.speaker
        self._db.execute(
            "INSERT INTO target VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
            (target.id, target.name),
        )
        scores, model = stance.scores, stance.model
        row = (
            stance.id, number, target.id, stance.label, scores.favor, scores.against,
            scores.neutral, stance.abstained, model.name, model.revision,
            person(speaker.name) if speaker else None, _said(quote),
        )  # fmt: skip
        self._db.execute("DELETE FROM stance WHERE id = ?", (stance.id,))
        self._db.execute(
            "INSERT INTO stance (id, statement, target, label, favor, against, neutral,"
            " abstained, model, revision, who, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return number

    def _statement(self, quote: Quote) -> int | None:
        """The statement's number; None if a later revision of its article is known."""
        found = self._db.execute("SELECT number FROM statement WHERE id = ?", (quote.id,))
        known = found.fetchone()
        if known:
            return int(known[0])
        revision = quote.article.revision
        newest = self._db.execute(
            "SELECT max(revision) FROM (SELECT revision FROM statement WHERE article = ?"
            " UNION ALL SELECT revision FROM article WHERE id = ?)",
            (quote.article_id, quote.article_id),
        ).fetchone()[0]
        if newest is not None and newest > revision:
            return None
        self._remove_before(quote.article_id, revision)
        speaker = quote.speaker.name if quote.speaker else None
        row = (
            quote.id, quote.article_id, revision, speaker, person(speaker) if speaker else None,
            quote.article.feed.id, _said(quote), quote.model_dump_json(),
        )  # fmt: skip
        number = self._db.execute(
            "INSERT INTO statement (id, article, revision, speaker, who, feed, said, record)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        ).lastrowid
        assert number is not None
        words = (number, quote.text, speaker or "", quote.article.title or "")
        self._db.execute(
            "INSERT INTO words (rowid, text, speaker, title) VALUES (?, ?, ?, ?)", words
        )
        return number

    def _remove_before(self, article_id: str, revision: int) -> None:
        rows = self._db.execute(
            "SELECT number, record FROM statement WHERE article = ? AND revision < ?",
            (article_id, revision),
        ).fetchall()
        for number, record in rows:
            self._forget_words(number, json.loads(record))
        numbers = [(number,) for number, _ in rows]
        self._db.executemany("DELETE FROM stance WHERE statement = ?", numbers)
        self._db.executemany("DELETE FROM statement WHERE number = ?", numbers)

    def _forget_words(self, number: int, quote: Mapping[str, object]) -> None:
        """The index keeps no texts, so it must be told which to forget."""
        speaker, article = quote["speaker"], quote["article"]
        name = speaker["name"] if isinstance(speaker, dict) else ""
        title = article["title"] if isinstance(article, dict) else ""
        self._db.execute(
            "INSERT INTO words (words, rowid, text, speaker, title) VALUES ('delete', ?, ?, ?, ?)",
            (number, quote["text"], name, title or ""),
        )


def person(name: str) -> str:
    """What tells speakers apart: the name in lower case, without what surrounds it."""
    return " ".join(name.casefold().split())


def _said(quote: Quote) -> float:
    """When it became known; Unix time in seconds."""
    return _time(quote.article.published_at or quote.article.fetched_at)


def _time(moment: datetime) -> float:
    return moment.timestamp()
