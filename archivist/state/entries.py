"""What others may ask of an entry, by the object id of its content: incomplete, never stale.

`EntryIndex` keeps it for each version of an entry that was ever seen. A cache: always safe to
delete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from archivist.state import cache

_SPARE = 4  # forget old versions when there are this many times as many as live ones

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (oid TEXT PRIMARY KEY, head TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claim (
  kind TEXT, key TEXT, oid TEXT, PRIMARY KEY (kind, key, oid)
) WITHOUT ROWID;
"""
_FORM = cache.Form(1, _TABLES, "SELECT 1 FROM entry, claim LIMIT 1")


class Known(NamedTuple):
    """What is remembered of one version: its front matter, its body's digest, its claims."""

    oid: str
    head: str
    digest: str
    claims: tuple[tuple[str, str], ...]


class StateLost(Exception):
    """The state cannot be used now (a full disk, a lock that stays); go on without it."""


class EntryIndex:
    """The remembered versions; in memory only where there is no file. Every method may raise
    StateLost.
    """

    def __init__(self, path: Path | None) -> None:
        self._database = cache.opened(path, _FORM)

    def known(self) -> set[str]:
        """The object ids of all remembered versions."""
        joined = self._rows("SELECT group_concat(oid, ' ') FROM entry")[0][0]  # quicker than rows
        return set((joined or "").split(" "))

    def add(self, versions: Iterable[Known], live: int) -> None:
        """Remember versions. `live` is how many the archive has, to forget the others in time."""
        rows = list(versions)
        entries = [(one.oid, _storable(one.head), one.digest) for one in rows]
        claims = [(kind, _storable(key), one.oid) for one in rows for kind, key in one.claims]
        with self._transaction() as database:
            database.executemany("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", entries)
            database.executemany("INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", claims)
        if self._rows("SELECT count(*) FROM entry")[0][0] > _SPARE * live + 1000:
            self._forget({one.oid for one in rows})

    def find(self, kind: str, key: str) -> list[str]:
        """The object ids of the versions with this claim."""
        rows = self._rows("SELECT oid FROM claim WHERE kind = ? AND key = ?", kind, _storable(key))
        return [oid for (oid,) in rows]

    def keys(self, kind: str) -> list[tuple[str, str]]:
        """All (key, object id) of one kind of claim."""
        return self._rows("SELECT key, oid FROM claim WHERE kind = ?", kind)

    def head(self, oid: str) -> tuple[str, str]:
        """The front matter and the body's digest of a remembered version; blank if it is not."""
        rows = self._rows("SELECT head, digest FROM entry WHERE oid = ?", oid)
        return rows[0] if rows else ("", "")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _forget(self, kept: set[str]) -> None:
        """Forget all but these; what is needed is learnt again."""
        gone = [(oid,) for oid in self.known() - kept]
        with self._transaction() as database:
            database.executemany("DELETE FROM entry WHERE oid = ?", gone)
            database.executemany("DELETE FROM claim WHERE oid = ?", gone)

    def _rows(self, query: str, *values: str) -> list[Any]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StateLost(str(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._database:
                yield self._database
        except sqlite3.Error as error:
            raise StateLost(str(error)) from error


def _storable(text: str) -> str:
    """Text that SQLite can hold: what is not UTF-8 is written as an escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
