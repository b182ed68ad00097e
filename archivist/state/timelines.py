"""What was learnt of histories: of the texts of an entry by its path, told timelines by the commit
that they lead to, and the states of working files. Incomplete, never stale: an object id stands for
one content for ever, and a state for one file.

A cache: always safe to delete. Where it cannot be used (a read-only folder, a lock that stays, a
broken file), everything is learnt again.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

_VERSION = 6  # of the tables and of what is told; any other is thrown away
_WAIT = 1.0  # seconds for another process that writes
_AT_ONCE = 500  # values in one query
_LINES = 4  # timelines that are kept: of as many branches, or of folders; and working trees
_TABLES = """
CREATE TABLE IF NOT EXISTS lore (path BLOB PRIMARY KEY, data BLOB, digest INTEGER);
CREATE TABLE IF NOT EXISTS tree (
  id INTEGER PRIMARY KEY AUTOINCREMENT, root BLOB UNIQUE, states BLOB, digest INTEGER
);
CREATE TABLE IF NOT EXISTS line (
  id INTEGER PRIMARY KEY AUTOINCREMENT, place BLOB, tip TEXT, turn INTEGER
);
CREATE TABLE IF NOT EXISTS chain (
  line INTEGER, number INTEGER, path BLOB, state TEXT, oid TEXT, story BLOB, digest INTEGER,
  PRIMARY KEY (line, number)
);
"""
_PROBE = """
SELECT (SELECT 1 FROM lore), (SELECT 1 FROM tree), (SELECT 1 FROM line), (SELECT 1 FROM chain)
"""


class Line(NamedTuple):
    """A timeline that was told: its number here, the commit that it leads to, its last turn."""

    id: int
    tip: str
    turn: int


class StoredLore(NamedTuple):
    """What was learnt of the texts of the entry at a path."""

    path: bytes
    data: bytes


class StoredChain(NamedTuple):
    """One entry of a timeline: where it is or was last, its state, its blob there, its story."""

    number: int
    path: bytes
    state: str
    oid: str | None
    story: bytes


class TimelinesLost(Exception):
    """What is remembered cannot be used now; go on without it."""


class TimelineIndex:
    """The remembered histories in a file. Every method may raise TimelinesLost."""

    def __init__(self, path: Path) -> None:
        with _losing():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or path.parent.is_symlink():
                raise TimelinesLost("a link leads elsewhere")
            from archivist.state import cache  # with SQLite in its wake

            form = cache.Form(_VERSION, _TABLES, _PROBE, _WAIT)
            self._database = cache.in_file(path, form)

    def lore(self, paths: Sequence[bytes]) -> Iterator[bytes]:
        """What was learnt of the texts of the entries at these paths."""
        query = "SELECT path, data, digest FROM lore WHERE path IN"
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            with _losing():
                rows = self._database.execute(f"{query} ({marks})", some).fetchall()
                found = [StoredLore(*row[:2]) for row in rows]
                same = all(row[2] == _digest(*one) for row, one in zip(rows, found, strict=True))
            if not same:
                raise TimelinesLost("what was learnt is not what was stored")
            yield from (one.data for one in found)

    def states(self, root: bytes) -> bytes | None:
        """The states of the files of the working tree at a path; None if nothing is known."""
        with _losing():
            query = "SELECT states, digest FROM tree WHERE root = ?"
            row = self._database.execute(query, (root,)).fetchone()
            if row and row[1] != _digest(row[0]):
                raise TimelinesLost("what was noted of files is not what was stored")
        return row[0] if row else None

    def keep_states(self, root: bytes, states: bytes) -> None:
        """Remember the states of files; those of other working trees are forgotten some day."""
        with _losing(), self._database as database:
            database.execute(
                "INSERT OR REPLACE INTO tree (root, states, digest) VALUES (?, ?, ?)",
                (root, states, _digest(states)),
            )
            database.execute(
                "DELETE FROM tree WHERE id NOT IN (SELECT id FROM tree ORDER BY id DESC LIMIT ?)",
                (_LINES,),
            )

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
            same = all(row[5] == _seal(one) for row, one in zip(rows, found, strict=False))
        if not rows or not same:
            raise TimelinesLost("a story is not what was stored")
        return found

    def learn(self, news: Iterable[StoredLore]) -> None:
        """Remember what was learnt, instead of what was known at these paths."""
        with _losing(), self._database as database:
            database.executemany(
                "INSERT OR REPLACE INTO lore VALUES (?, ?, ?)",
                ((*one, _digest(*one)) for one in news),
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
            ((line, *one, _seal(one)) for one in chains),
        )


def _seal(one: StoredChain) -> int:
    about = f"{one.number} {one.state} {one.oid} ".encode()
    return _digest(about, one.path, one.story)


def _digest(*parts: bytes) -> int:
    """A checksum: files break, and nobody else writes here."""
    return crc32(b"\0".join(parts))


@contextmanager
def _losing() -> Iterator[None]:
    import sqlite3  # which costs more than a look at one entry may

    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError, TypeError) as error:
        raise TimelinesLost(str(error)) from error
