"""Mementos that were fetched, so that a run that was broken off need not ask for them again, and
why some of them are no version.

What was captured once does not change. A cache: always safe to delete; what is oldest in it is
forgotten when there is too much.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from archivist.state import cache

_MOST = 512 << 20  # bytes that are kept
_LARGEST = 64 << 20  # bytes of one body
_MOST_REFUSED = 100_000
_LONGEST = 500  # characters of a reason
_TABLES = """
CREATE TABLE IF NOT EXISTS memento (
  machine TEXT, original TEXT, stamp TEXT, fetched TEXT, status TEXT, headers TEXT, asked TEXT,
  address TEXT, body BLOB, PRIMARY KEY (machine, original, stamp)
);
CREATE TABLE IF NOT EXISTS refused (
  machine TEXT, original TEXT, stamp TEXT, rules TEXT, name TEXT, reason TEXT,
  PRIMARY KEY (machine, original, stamp)
);
"""
_PROBE = "SELECT stamp FROM memento UNION ALL SELECT stamp FROM refused LIMIT 1"
_FORM = cache.Form(2, _TABLES, _PROBE, durable=True)
Pairs = tuple[tuple[str, str], ...]


class Kept(NamedTuple):
    """A memento: of which Wayback Machine and URL, its timestamp, when it was fetched (RFC 3339),
    and what the exchange was, as evidence keeps it.
    """

    machine: str
    original: str
    stamp: str
    fetched: str
    status: str
    headers: Pairs
    asked: Pairs
    address: str
    body: bytes


class Place(NamedTuple):
    """Which memento: of which Wayback Machine and URL, and its timestamp."""

    machine: str
    original: str
    stamp: str


class Refused(NamedTuple):
    """Why a memento is no version: a name by which it can be accepted (or blank), and a reason."""

    name: str
    reason: str


class Mementos:
    """The kept mementos in a file; in memory where there is none, or where it cannot be used."""

    def __init__(self, path: Path | None) -> None:
        self._database = cache.opened(path, _FORM)

    def find(self, machine: str, original: str, stamp: str) -> Kept | None:
        """The one that was fetched already."""
        asked = "SELECT * FROM memento WHERE machine = ? AND original = ? AND stamp = ?"
        with suppress(sqlite3.Error, ValueError, zlib.error):
            for row in self._database.execute(asked, (machine, original, stamp)):
                return _read(row)
        return None

    def has(self, machine: str, original: str, stamp: str) -> bool:
        """True if one was fetched already."""
        asked = "SELECT 1 FROM memento WHERE machine = ? AND original = ? AND stamp = ?"
        with suppress(sqlite3.Error):
            return self._database.execute(asked, (machine, original, stamp)).fetchone() is not None
        return False

    def add(self, one: Kept) -> bool:
        """Keep one; False if that cannot be."""
        row = (*one[:5], json.dumps(one.headers), json.dumps(one.asked), one.address)
        body = zlib.compress(one.body, 6)
        marks = ", ".join("?" * len(Kept._fields))
        with suppress(sqlite3.Error, UnicodeEncodeError), self._database:
            self._database.execute(f"REPLACE INTO memento VALUES ({marks})", (*row, body))  # noqa: S608 -- marks only
            return True
        return False

    def refused(self, place: Place, rules: str) -> Refused | None:
        """Why a memento was refused by these rules; None if it was not."""
        asked = (
            "SELECT name, reason FROM refused "
            "WHERE machine = ? AND original = ? AND stamp = ? AND rules = ?"
        )
        with suppress(sqlite3.Error):
            for name, reason in self._database.execute(asked, (*place, rules)):
                return Refused(str(name), str(reason))
        return None

    def refuse(self, rules: str, rows: Sequence[tuple[Place, Refused]]) -> None:
        """Remember that these were refused, by these rules (and no longer by others)."""
        with suppress(sqlite3.Error, UnicodeEncodeError), self._database:
            self._database.executemany(
                "REPLACE INTO refused VALUES (?, ?, ?, ?, ?, ?)",
                [(*place, rules, one.name, one.reason[:_LONGEST]) for place, one in rows],
            )
            self._database.execute(
                "DELETE FROM refused WHERE rowid <= (SELECT max(rowid) FROM refused) - ?",
                (_MOST_REFUSED,),
            )

    def shrink(self) -> None:
        """Forget the oldest, if there is too much."""
        with suppress(sqlite3.Error), self._database:
            total = 0
            rows = self._database.execute(
                "SELECT rowid, length(body) FROM memento ORDER BY fetched DESC, rowid DESC"
            ).fetchall()
            for rowid, size in rows:
                total += size
                if total > _MOST:
                    self._database.execute("DELETE FROM memento WHERE rowid = ?", (rowid,))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _read(row: Sequence[object]) -> Kept | None:
    *texts, headers, asked, address, body = row
    inflater = zlib.decompressobj()
    data = inflater.decompress(bytes(body), _LARGEST)  # type: ignore[call-overload]  # of a BLOB
    if not inflater.eof:
        return None
    machine, original, stamp, fetched, status = map(str, texts)
    said, sent = _pairs(headers), _pairs(asked)
    return Kept(machine, original, stamp, fetched, status, said, sent, str(address), data)


def _pairs(value: object) -> Pairs:
    return tuple((str(name), str(text)) for name, text in json.loads(str(value)))
