"""What was learnt of histories: texts and pairs of them by their blobs, told timelines by the
commit that they lead to. Incomplete, never stale: an object id stands for one content for ever.

A cache: always safe to delete. Where it cannot be used (a read-only folder, a lock that stays, a
broken file), everything is learnt again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    pass

_VERSION = 3  # of the tables and of what is told; any other is thrown away
_WAIT = 1.0  # seconds for another process that writes
_AT_ONCE = 500  # values in one query
_LINES = 4  # timelines that are kept: of as many branches, or of folders
_TABLES = """
CREATE TABLE IF NOT EXISTS text (
  oid TEXT PRIMARY KEY, archived TEXT, announced TEXT, words INTEGER, size INTEGER, digest TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pair (
  new TEXT, old TEXT, kind TEXT, added INTEGER, removed INTEGER, PRIMARY KEY (new, old)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS line (
  id INTEGER PRIMARY KEY AUTOINCREMENT, place BLOB, tip TEXT, turn INTEGER
);
CREATE TABLE IF NOT EXISTS chain (
  line INTEGER, number INTEGER, path BLOB, state TEXT, oid TEXT, story TEXT, digest BLOB,
  PRIMARY KEY (line, number)
);
"""


_PROBE = "SELECT 1 FROM line, chain, text, pair LIMIT 1"


class Line(NamedTuple):
    """A timeline that was told: its number here, the commit that it leads to, its last turn."""

    id: int
    tip: str
    turn: int


class StoredText(NamedTuple):
    """A text by its blob: when it was archived and announced (ISO 8601, perhaps a month or a year;
    blank if it does not say), how many words and bytes it has, its digest (blank if not known).
    """

    oid: str
    archived: str
    announced: str
    words: int
    size: int
    digest: str


class StoredPair(NamedTuple):
    """What became of one blob in another: the kind (None for nothing), words added and removed."""

    old: str
    new: str
    kind: str | None
    added: int
    removed: int


class StoredChain(NamedTuple):
    """One entry of a timeline: where it is or was last, its state, its blob there, its story."""

    number: int
    path: bytes
    state: str
    oid: str | None
    story: str


class TimelinesLost(Exception):
    """What is remembered cannot be used now; go on without it."""


class TimelineIndex:
    """The remembered histories in a file. Every method may raise TimelinesLost."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TimelinesLost(str(error)) from error
        if path.is_symlink() or path.parent.is_symlink():
            raise TimelinesLost("a link leads elsewhere")
        with _losing():
            from archivist.state import cache  # with SQLite in its wake

            form = cache.Form(_VERSION, _TABLES, _PROBE, _WAIT)
            self._database = cache.in_file(path, form)

    def texts(self, oids: Iterable[str]) -> Iterator[StoredText]:
        """What is remembered of these blobs."""
        query = "SELECT oid, archived, announced, words, size, digest FROM text WHERE oid IN"
        return map(StoredText._make, self._chosen(query, oids))

    def pairs(self, oids: Iterable[str]) -> Iterator[StoredPair]:
        """The pairs that lead to these blobs."""
        query = "SELECT old, new, kind, added, removed FROM pair WHERE new IN"
        return map(StoredPair._make, self._chosen(query, oids))

    def lines(self, place: bytes) -> list[Line]:
        """The timelines of an archive at this place of the repository, the newest first."""
        query = "SELECT id, tip, turn FROM line WHERE place = ? ORDER BY id DESC"
        with _losing():
            return [Line(*row) for row in self._database.execute(query, (place,))]

    def chains(self, line: Line) -> list[StoredChain]:
        """The entries of a timeline; raises TimelinesLost if it is not what was stored, or if
        another process has let it go on in the meantime.
        """
        query = (
            "SELECT number, path, state, oid, story, digest"
            " FROM line LEFT JOIN chain ON chain.line = line.id"
            " WHERE line.id = ? AND line.tip = ? ORDER BY number"
        )
        with _losing():
            rows = self._database.execute(query, (line.id, line.tip)).fetchall()
        found = [StoredChain(*row[:5]) for row in rows if row[0] is not None]
        if not rows or any(row[5] != _digest(one) for row, one in zip(rows, found, strict=False)):
            raise TimelinesLost("a story is not what was stored")
        return found

    def learn(self, texts: Iterable[StoredText], pairs: Iterable[StoredPair]) -> None:
        """Remember texts and pairs."""
        with _losing(), self._database as database:
            database.executemany("INSERT OR REPLACE INTO text VALUES (?, ?, ?, ?, ?, ?)", texts)
            database.executemany(
                "INSERT OR REPLACE INTO pair (old, new, kind, added, removed)"
                " VALUES (?, ?, ?, ?, ?)",
                pairs,
            )

    def store(self, place: bytes, tip: str, turn: int, chains: Iterable[StoredChain]) -> None:
        """Remember a timeline; the oldest ones are forgotten."""
        with _losing(), self._database as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM line WHERE place = ? AND tip = ?", (place, tip))
            row = database.execute(
                "INSERT INTO line (place, tip, turn) VALUES (?, ?, ?)", (place, tip, turn)
            )
            self._put(row.lastrowid or 0, chains)
            database.execute(
                "DELETE FROM line WHERE id NOT IN (SELECT id FROM line ORDER BY id DESC LIMIT ?)",
                (_LINES,),
            )
            database.execute("DELETE FROM chain WHERE line NOT IN (SELECT id FROM line)")

    def advance(self, line: Line, tip: str, turn: int, chains: Sequence[StoredChain]) -> None:
        """Let a timeline go on to another commit: with these entries new or changed.

        Nothing happens if another process has let it go on in the meantime.
        """
        with _losing(), self._database as database:
            database.execute("BEGIN IMMEDIATE")
            done = database.execute(
                "UPDATE line SET tip = ?, turn = ? WHERE id = ? AND tip = ?",
                (tip, turn, line.id, line.tip),
            )
            if done.rowcount == 1:
                self._put(line.id, chains)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _put(self, line: int, chains: Iterable[StoredChain]) -> None:
        self._database.executemany(
            "INSERT OR REPLACE INTO chain VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((line, *one, _digest(one)) for one in chains),
        )

    def _chosen(self, query: str, values: Iterable[str]) -> Iterator[Any]:
        wanted = list(values)
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            with _losing():
                marks = ",".join("?" * len(some))
                yield from self._database.execute(f"{query} ({marks})", some).fetchall()


def _digest(one: StoredChain) -> bytes:
    from hashlib import blake2b  # with OpenSSL in its wake

    text = f"{one.number}\0{one.state}\0{one.oid}\0{one.story}".encode()
    return blake2b(one.path + b"\0" + text, digest_size=8).digest()


@contextmanager
def _losing() -> Iterator[None]:
    import sqlite3  # which costs more than a look at one entry may

    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError, TypeError) as error:
        raise TimelinesLost(str(error)) from error
