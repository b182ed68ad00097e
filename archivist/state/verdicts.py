"""What is remembered of links: verdicts, their past, what pages held, and where entries point to.

Unlike the cache of entries it cannot be learnt again: when a URL first failed is known here only.
One file can serve several scans at once; each batch of verdicts is one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from archivist.errors import FileFailure
from archivist.state.transaction import Transaction
from archivist.verdict import Holding, Hop, Past, Record, Verdict

_VERSION = 1
_WAIT = 20.0  # seconds for another process that writes
_PAUSE = 0.01  # seconds before a busy file is tried again
_PAST = 200  # stretches that are kept of one URL

_TABLES = """
CREATE TABLE IF NOT EXISTS link (
  url TEXT PRIMARY KEY, verdict TEXT, reason TEXT, status INTEGER, final_url TEXT, hops TEXT,
  attempts INTEGER, suggestion TEXT, checked TEXT, since TEXT, first_failed TEXT, last_failed TEXT,
  last_alive TEXT, strikes INTEGER, etag TEXT, modified TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
  url TEXT, path TEXT, share REAL, digest TEXT, PRIMARY KEY (url, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS past (
  url TEXT, first TEXT, last TEXT, times INTEGER, verdict TEXT, reason TEXT,
  PRIMARY KEY (url, first)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS found (
  url TEXT, day TEXT, memento TEXT, share REAL, reason TEXT, checked TEXT, PRIMARY KEY (url, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mention (
  path TEXT, number INTEGER, field TEXT, kind TEXT, url TEXT, lane TEXT, day TEXT, digest TEXT,
  PRIMARY KEY (path, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_url ON mention (url);
"""
RECORD = tuple(f"l.{name}" for name in Record._fields)  # columns of `link l`, for `record_of`
_REMEMBER = f"REPLACE INTO link VALUES ({', '.join('?' * len(Record._fields))})"  # noqa: S608 -- marks only
_STATUS, _FINAL_URL, _HOPS = map(Record._fields.index, ("status", "final_url", "hops"))
_VERDICTS = {one.value: one for one in Verdict}
_DIRECT = "="  # hops of a URL that led nowhere else: they are told by the other columns
_LATEST = """
SELECT url, max(first), verdict, reason FROM past
WHERE url IN (SELECT value FROM json_each(?)) GROUP BY url
"""  # of bare columns beside max(), SQLite gives those of its row
_FORGET = """
DELETE FROM past WHERE url = ? AND first NOT IN
  (SELECT first FROM past WHERE url = ? ORDER BY first DESC LIMIT ?)
"""


class Mention(NamedTuple):
    """A place where an entry points to a URL: the entry's path, which of its mentions it is, the
    front matter's key (`body` in the text), what kind it is, whose turn asking it takes, the day
    of `date archived` (of a parent instead the form in which its URL compares), and the digest of
    the entry's text. `lane` is blank for what is no URL.
    """

    path: str
    number: int
    field: str
    kind: str
    url: str
    lane: str
    day: str = ""
    digest: str = ""


class Found(NamedTuple):
    """What a search for a memento came to: of which URL, for which day; the memento (blank if there
    is none), how much of the text it holds (negative if that is not known), and why there is none.
    """

    url: str
    day: str
    memento: str
    share: float
    reason: str
    checked: str


class LinkMemory:
    """The memory in a file, or in no file (None) for a single run. Raises FileFailure if the file
    cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database = self._opened()

    def _opened(self) -> sqlite3.Connection:
        name = str(self._path or ":memory:")
        until = monotonic() + _WAIT
        while True:
            try:
                if self._path:
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                return _begun(name)
            except (sqlite3.Error, OSError) as error:
                # Not for all that a file is begun with does SQLite wait.
                is_busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if is_busy and monotonic() < until:
                    sleep(_PAUSE)
                    continue
                hint = "delete it, or put a copy back: what is in it is when links began to fail"
                raise FileFailure(f"cannot use {name}: {error}", hint) from error

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def stamps(self, paths: Sequence[str]) -> dict[str, str]:
        """By which stamp each of these files was read."""
        query = "SELECT path, stamp FROM file WHERE path IN (SELECT value FROM json_each(?))"
        return dict(self._rows(query, json.dumps(paths)))

    def gone(self, paths: Sequence[str], known: int) -> list[str]:
        """The files that were read once and are not among these, of which `known` were read."""
        if self._rows("SELECT count(*) FROM file") == [(known,)]:
            return []
        there = frozenset(paths)
        return [path for (path,) in self.select("SELECT path FROM file") if path not in there]

    def note_mentions(
        self, read: Iterable[tuple[str, str, Sequence[Mention]]], gone: Iterable[str]
    ) -> None:
        """Remember what files mention (path, stamp, mentions), and forget files that are gone."""
        files, mentions = [], list[Mention]()
        for path, stamp, mentioned in read:
            files.append((path, stamp))
            mentions += mentioned
        old = [(path,) for path in gone]
        with self._transaction():
            run = self._database.executemany
            run("DELETE FROM held WHERE path = ?", old)
            old += [(path,) for path, _ in files]
            if self._database.execute("SELECT 1 FROM file").fetchone():
                run("DELETE FROM file WHERE path = ?", old)
                run("DELETE FROM mention WHERE path = ?", old)
            run("INSERT INTO file VALUES (?, ?)", files)
            run("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?, ?)", mentions)

    def record(self, url: str) -> Record | None:
        """What is remembered of a URL."""
        rows = self._rows("SELECT * FROM link WHERE url = ?", url)
        return record_of(rows[0]) if rows else None

    def holdings(self, url: str) -> tuple[Holding, ...]:
        """How much of which texts the URL's page held."""
        rows = self._rows("SELECT path, share, digest FROM held WHERE url = ? ORDER BY path", url)
        return tuple(Holding(*row) for row in rows)

    def records(self, urls: Iterable[str]) -> dict[str, Record]:
        """What is remembered of each of these URLs."""
        query = "SELECT * FROM link WHERE url IN (SELECT value FROM json_each(?))"
        return {row[0]: record_of(row) for row in self._rows(query, json.dumps(list(urls)))}

    def remember(self, checked: Sequence[tuple[Record, Sequence[Holding]]]) -> None:
        """Remember records, each of another URL, as one transaction, and what their pages hold."""
        with self._transaction():
            self._put(checked)
            self._extend_past([record for record, _ in checked])

    def _put(self, checked: Sequence[tuple[Record, Iterable[Holding]]]) -> None:
        many = self._database.executemany
        many(_REMEMBER, [_row_of(record) for record, _ in checked])
        held = [(record.url, *one) for record, holdings in checked for one in holdings]
        many("REPLACE INTO held (url, path, share, digest) VALUES (?, ?, ?, ?)", held)

    def _extend_past(self, records: Sequence[Record]) -> None:
        urls = json.dumps([record.url for record in records])
        last = {url: (*said, first) for url, first, *said in self._rows(_LATEST, urls)}
        goes_on, turns = list[tuple[str, ...]](), list[tuple[str, ...]]()
        for one in records:
            verdict, reason, first = last.get(one.url, ("", "", ""))
            if (verdict, reason) == (one.verdict, one.reason):
                goes_on.append((one.checked, one.url, first))
            else:
                turns.append((one.url, one.checked, one.checked, one.verdict, one.reason))
        many = self._database.executemany
        many("UPDATE past SET last = ?, times = times + 1 WHERE url = ? AND first = ?", goes_on)
        many("REPLACE INTO past VALUES (?, ?, ?, 1, ?, ?)", turns)
        many(_FORGET, [(row[0], row[0], _PAST) for row in turns if row[0] in last])

    def past(self, url: str) -> list[Past]:
        """The past of a URL, the latest stretch first."""
        rows = self._rows(
            "SELECT verdict, reason, first, last, times FROM past "
            "WHERE url = ? ORDER BY first DESC",
            url,
        )
        return [Past(Verdict(row[0]), *row[1:]) for row in rows]

    def take(self, record: Record, holdings: Iterable[Holding], past: Iterable[Past]) -> None:
        """Take another memory's word for all that is known of a URL."""
        with self._transaction():
            self._put([(record, holdings)])
            self._database.execute("DELETE FROM past WHERE url = ?", (record.url,))
            for one in past:
                row = (record.url, one.first, one.last, one.times, one.verdict, one.reason)
                self._database.execute("REPLACE INTO past VALUES (?, ?, ?, ?, ?, ?)", row)

    def batch(self) -> Transaction:
        """Make what is done in this block one transaction."""
        return self._transaction()

    def found(self, url: str, day: str) -> Found | None:
        """What a search for a memento of a URL near a day came to."""
        rows = self._rows("SELECT * FROM found WHERE url = ? AND day = ?", url, day)
        return Found(*rows[0]) if rows else None

    def note_found(self, found: Found) -> None:
        """Remember what a search came to."""
        with self._transaction():
            self._database.execute("REPLACE INTO found VALUES (?, ?, ?, ?, ?, ?)", found)

    def select(self, query: str, *values: object) -> Iterator[Any]:
        """The rows of a query over `mention`, `link`, `held` and `found`, one by one.

        Raises FileFailure.
        """
        try:
            with closing(self._database.cursor()) as cursor:
                yield from cursor.execute(query, values)
        except sqlite3.Error as error:
            raise FileFailure(f"cannot read {self._path}: {error}") from error

    def execute(self, script: str, *values: object) -> list[Any]:
        """Run one statement on tables of this run only (`TEMP`)."""
        return self._rows(script, *values)

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise FileFailure(f"cannot read {self._path}: {error}") from error

    def _transaction(self) -> Transaction:
        return Transaction(self._database, self._path)


def record_of(row: Sequence[Any]) -> Record:
    """The record that a row of `link` holds."""
    fields = [*row]
    fields[1] = _VERDICTS[row[1]]
    hops = row[_HOPS]
    if hops == _DIRECT:
        fields[_HOPS] = (Hop(row[_FINAL_URL], row[_STATUS]),)
    else:
        fields[_HOPS] = tuple(Hop(*hop) for hop in json.loads(hops)) if hops else ()
    return Record(*fields)


def _row_of(record: Record) -> list[Any]:
    row: list[Any] = [*record]
    if record.hops == ((record.final_url, record.status),):
        row[_HOPS] = _DIRECT
    else:
        row[_HOPS] = json.dumps(record.hops) if record.hops else ""
    return row


def _begun(name: str) -> sqlite3.Connection:
    """The file, opened, with its tables. Raises sqlite3.Error, FileFailure."""
    with ExitStack() as undo:
        database = sqlite3.connect(name, timeout=_WAIT, isolation_level=None)
        undo.callback(database.close)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise FileFailure(f"{name} is of another version of archivist")
        # A commit need not wait for the disk: without power the last of them may be lost, but
        # nothing is ever torn. (Where there can be no WAL, SQLite keeps its usual journal.)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if not version:
            script = f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;"
            database.executescript(script)
        undo.pop_all()
    return database
