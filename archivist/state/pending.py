"""Captures that Save Page Now was asked for and that are not there yet, by entry.

Unlike a cache they cannot be learnt again: a job is known here only.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archivist.errors import FileFailure

_VERSION = 1
_WAIT = 20.0  # seconds for another process that writes
_TABLES = """
CREATE TABLE IF NOT EXISTS pending (
  entry TEXT PRIMARY KEY, text TEXT, url TEXT, since TEXT, also TEXT, job TEXT, stamp TEXT,
  original TEXT, reason TEXT
) WITHOUT ROWID;
"""


class Waiting(NamedTuple):
    """What an entry waits for: the digest of the text that was recorded (`sha256:…`), the URL to
    be captured, and what is known of the capture (see `wayback.asked.Pending`).
    """

    entry: str
    text: str
    url: str
    since: str
    also: tuple[str, ...] = ()
    job: str = ""
    stamp: str = ""
    original: str = ""
    reason: str = ""


class PendingCaptures:
    """What all entries wait for, in a file. Every method may raise FileFailure."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise FileFailure(f"{path} is of another version of archivist")
            if not version:
                self._database.executescript(
                    f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;"
                )
        except (sqlite3.Error, OSError) as error:
            raise self._failure(error) from error

    def all(self) -> list[Waiting]:
        """Every entry that waits, by its id."""
        rows = self._run("SELECT * FROM pending ORDER BY entry")
        return [
            Waiting(entry, text, url, since, _texts(also), *rest)
            for entry, text, url, since, also, *rest in rows
        ]

    def put(self, one: Waiting) -> None:
        """Remember what an entry waits for, instead of what it waited for before."""
        marks = ", ".join("?" * len(Waiting._fields))
        self._run(
            f"REPLACE INTO pending VALUES ({marks})",  # noqa: S608 -- marks only
            *(*one[:4], json.dumps(one.also), *one[5:]),
        )

    def drop(self, entry: str) -> None:
        """An entry waits no longer."""
        self._run("DELETE FROM pending WHERE entry = ?", entry)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _run(self, sql: str, *values: str) -> list[tuple[str, ...]]:
        try:
            return self._database.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> FileFailure:
        hint = "if it is broken, delete it: the next snapshot asks for new captures"
        return FileFailure(f"cannot use {self._path}: {error}", hint)


def _texts(value: str) -> tuple[str, ...]:
    with suppress(ValueError, TypeError):
        return tuple(map(str, json.loads(value)))
    return ()
