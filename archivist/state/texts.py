"""A full-text index over texts, by the object ids of their blobs: incomplete, never stale.

The words are indexed with FTS5, the texts of the past are not kept: what is shown of them is read
again from where they came. The present ones have an index of their own, as what is best depends on
all that is in it. Letters that are written without blanks between words are words by themselves.
Always safe to delete.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archivist.state import cache
from archivist.words import IDEOGRAPHS

_BATCH = 500  # texts in one transaction: what was indexed before an interruption stays
_STEPS = 200_000_000  # of SQLite's machine for one query
_OF_THE_QUERY = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERRUPT)
_SEPARATOR = "\x1f"  # stands between letters that are words, as no word of a text
_IDEOGRAPH = f"[{IDEOGRAPHS}]"
_TABLES = """
CREATE TABLE IF NOT EXISTS blob (id INTEGER PRIMARY KEY, oid TEXT UNIQUE, title TEXT);
CREATE VIEW IF NOT EXISTS shown AS SELECT id, title, archivist_text(oid) AS body FROM blob;
CREATE VIRTUAL TABLE IF NOT EXISTS text USING fts5 (
  title, body, content='shown', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE IF NOT EXISTS present USING fts5 (
  title, body, oid UNINDEXED, tokenize='unicode61 remove_diacritics 2'
);
"""
_PROBE = (
    "SELECT 1 FROM blob JOIN text ON text.rowid = blob.id WHERE text MATCH 'a'"
    " UNION ALL SELECT 1 FROM present WHERE present MATCH 'a' LIMIT 1"
)
_FORM = cache.Form(3, _TABLES, _PROBE)
_FIND = {
    True: "SELECT oid FROM text JOIN blob ON blob.id = text.rowid WHERE text MATCH ?",
    False: "SELECT oid FROM present WHERE present MATCH ? ORDER BY rank, oid",
}
_EXCERPT = {
    True: "SELECT snippet(text, 1, ?, ?, '…', ?) FROM text JOIN blob ON blob.id = text.rowid"
    " WHERE text MATCH ? AND oid = ?",
    False: "SELECT snippet(present, 1, ?, ?, '…', ?) FROM present"
    " WHERE present MATCH ? AND oid = ?",
}

# Gives the texts of blobs: (blob, title, body), as far as they can be read.
Texts = Callable[[list[str]], Iterable[tuple[str, str, str]]]


class BadQuery(Exception):
    """The query is not in the language of FTS5."""


class IndexLost(Exception):
    """The file cannot be used: it is read-only, locked for long, broken, or the disk is full."""


@contextmanager
def _usable() -> Iterator[None]:
    """Raises IndexLost for what SQLite says of the file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise IndexLost(str(error)) from error


class TextIndex:
    """The index in a file, or in memory where there can be none. `text_of` gives a text again.

    Every method may raise IndexLost: it may then be begun again in memory.
    """

    MARKS = ("\x02", "\x03")
    RESERVED = f"{''.join(MARKS)}{_SEPARATOR}"  # what no text may have in it

    def __init__(self, path: Path | None, text_of: Callable[[str], str]) -> None:
        self._database = cache.opened(
            path,
            _FORM,
            lambda one: one.create_function("archivist_text", 1, lambda oid: _spaced(text_of(oid))),
        )

    @_usable()
    def learn(self, oids: Iterable[str], texts: Texts) -> None:
        """Index the texts of these blobs, where they are not yet."""
        known = {oid for (oid,) in self._database.execute("SELECT oid FROM blob")}
        wanted = [oid for oid in dict.fromkeys(oids) if oid not in known]
        for number, (oid, title, body) in enumerate(texts(wanted), 1):
            row = self._database.execute(
                "INSERT INTO blob (oid, title) VALUES (?, ?)", (oid, _spaced(title))
            )
            self._database.execute(
                "INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)",
                (row.lastrowid, _spaced(title), _spaced(body)),
            )
            if number % _BATCH == 0:
                self._database.commit()
        self._database.commit()

    @_usable()
    def follow(self, oids: Iterable[str], texts: Texts) -> None:
        """Let these blobs, and no others, be the present ones: for others from `keep` on, so that
        what is found is of these.
        """
        self._database.execute("BEGIN")
        rows = self._database.execute("SELECT oid, rowid FROM present").fetchall()
        wanted, known = dict.fromkeys(oids), dict(rows)
        gone = [(row,) for oid, row in known.items() if oid not in wanted]
        self._database.executemany("DELETE FROM present WHERE rowid = ?", gone)
        self._database.executemany(
            "INSERT INTO present (oid, title, body) VALUES (?, ?, ?)",
            (
                (oid, _spaced(title), _spaced(body))
                for oid, title, body in texts([oid for oid in wanted if oid not in known])
            ),
        )

    @_usable()
    def keep(self) -> None:
        """Keep what the present blobs are."""
        self._database.commit()

    @_usable()
    def find(self, query: str, *, past: bool = False) -> list[str]:
        """The present blobs that a query finds in titles or bodies, best first; or of the `past`
        those that it finds in bodies.

        Letters that are words by themselves stand in quotes. Raises BadQuery.
        """
        left = iter((False, True))
        self._database.set_progress_handler(lambda: next(left, True), _STEPS)
        try:
            rows = self._database.execute(
                _FIND[past], (f"body : ({_spaced(query)})" if past else _spaced(query),)
            ).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _OF_THE_QUERY:
                raise
            raise BadQuery(str(error).removeprefix("fts5: ")) from error
        finally:
            self._database.set_progress_handler(None, 0)
        return [oid for (oid,) in rows]

    @_usable()
    def excerpt(self, query: str, oid: str, words: int, *, past: bool = False) -> str:
        """A piece of a text that was found, with what was looked for between `MARKS`; without
        them where the title alone has it.
        """
        rows = self._database.execute(
            _EXCERPT[past], (*self.MARKS, words, _spaced(query), oid)
        ).fetchall()
        return _joined(str(rows[0][0])) if rows else ""

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _spaced(text: str) -> str:
    """A text whose letters that are words by themselves stand apart."""
    return text if text.isascii() else re.sub(_IDEOGRAPH, rf"{_SEPARATOR}\g<0>{_SEPARATOR}", text)


def _joined(excerpt: str) -> str:
    """An excerpt as the text has it; what was looked for between one pair of marks."""
    begin, end = TextIndex.MARKS
    return excerpt.replace(_SEPARATOR, "").replace(f"{end}{begin}", "")
