"""A full-text index over texts, by the object ids of their blobs: incomplete, never stale.

The words are indexed with FTS5, the texts are not kept: what is shown of them is read again from
where they came. Always safe to delete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_VERSION = 1  # of the tables and of what is indexed; any other is thrown away
_WAIT = 10.0  # seconds for another process that writes
_BATCH = 500  # texts in one transaction: what was indexed before an interruption stays
_STEPS = 200_000_000  # of SQLite's machine for one query
_TABLES = """
CREATE TABLE blob (id INTEGER PRIMARY KEY, oid TEXT UNIQUE, title TEXT);
CREATE VIEW shown AS SELECT id, title, archivist_text(oid) AS body FROM blob;
CREATE VIRTUAL TABLE text USING fts5 (
  title, body, content='shown', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
"""


class Found(NamedTuple):
    """A text that a query found: its blob, and an excerpt with the words between two marks."""

    oid: str
    excerpt: str


class BadQuery(Exception):
    """The query is not in the language of FTS5."""


class TextIndex:
    """The index in a file, or in memory where there can be none. `text_of` gives a text again."""

    MARKS = ("\x02", "\x03")

    def __init__(self, path: Path | None, text_of: Callable[[str], str]) -> None:
        self._database = _opened(path, text_of)

    def missing(self, oids: Iterable[str]) -> list[str]:
        """Which of these blobs are not indexed yet."""
        known = {oid for (oid,) in self._database.execute("SELECT oid FROM blob")}
        return [oid for oid in dict.fromkeys(oids) if oid not in known]

    def add(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Index texts: (blob, title, body)."""
        for number, (oid, title, body) in enumerate(texts, 1):
            row = self._database.execute(
                "INSERT INTO blob (oid, title) VALUES (?, ?)", (oid, title)
            )
            self._database.execute(
                "INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)",
                (row.lastrowid, title, body),
            )
            if number % _BATCH == 0:
                self._database.commit()
        self._database.commit()

    def find(self, query: str) -> list[str]:
        """The blobs that a query finds, best first. Raises BadQuery."""
        left = iter((False, True))
        self._database.set_progress_handler(lambda: next(left, True), _STEPS)
        try:
            rows = self._database.execute(
                "SELECT oid FROM text JOIN blob ON blob.id = text.rowid WHERE text MATCH ?"
                " ORDER BY rank, blob.id",
                (query,),
            ).fetchall()
        except sqlite3.OperationalError as error:
            raise BadQuery(str(error).removeprefix("fts5: ")) from error
        finally:
            self._database.set_progress_handler(None, 0)
        return [oid for (oid,) in rows]

    def excerpt(self, query: str, oid: str, words: int) -> str:
        """A piece of a text that was found, with what was looked for between `MARKS`."""
        rows = self._database.execute(
            "SELECT snippet(text, 1, ?, ?, '…', ?) FROM text JOIN blob ON blob.id = text.rowid"
            " WHERE text MATCH ? AND oid = ?",
            (*self.MARKS, words, query, oid),
        ).fetchall()
        return str(rows[0][0]) if rows else ""

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _opened(path: Path | None, text_of: Callable[[str], str]) -> sqlite3.Connection:
    if path is not None:
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(path, text_of)
    return _prepared(None, text_of)


def _prepared(path: Path | None, text_of: Callable[[str], str]) -> sqlite3.Connection:
    """A database with the tables; one of another version, or a broken one, is begun anew."""
    database = sqlite3.connect(path or ":memory:", timeout=_WAIT)
    database.create_function("archivist_text", 1, text_of)
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        database.execute("PRAGMA synchronous = OFF")  # a cache: nothing to lose
        if version == 0:
            database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            raise sqlite3.DatabaseError("of another version")
        database.execute("SELECT rowid FROM text WHERE text MATCH 'a' LIMIT 1").fetchall()
        database.execute("SELECT oid, title FROM blob LIMIT 1").fetchall()
    except sqlite3.DatabaseError as error:
        database.close()
        if path is None or "locked" in str(error):
            raise
        path.unlink()
        return _prepared(path, text_of)
    return database
