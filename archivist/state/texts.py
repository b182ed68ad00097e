"""A full-text index over texts, by the object ids of their blobs: incomplete, never stale.

The words are indexed with FTS5, the texts are not kept: what is shown of them is read again from
where they came. Always safe to delete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from archivist.state import cache

_BATCH = 500  # texts in one transaction: what was indexed before an interruption stays
_STEPS = 200_000_000  # of SQLite's machine for one query
_TABLES = """
CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, oid TEXT UNIQUE, title TEXT);
CREATE VIEW IF NOT EXISTS shown AS SELECT id, title, archivist_text(oid) AS body FROM blob;
CREATE VIRTUAL TABLE IF NOT EXISTS text USING fts5 (
  title, body, content='shown', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
"""
_FORM = cache.Form(
    1, _TABLES, "SELECT 1 FROM blob JOIN text ON text.rowid = blob.id WHERE text MATCH 'a' LIMIT 1"
)


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
        self._database = cache.opened(
            path, _FORM, lambda one: one.create_function("archivist_text", 1, text_of)
        )

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
