"""SQLite files for others to read: made in one go, the same bytes for the same rows.

The file knows nothing of the moment: no clock, no random names, one transaction, and pages that
hold nothing but rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from archivist.errors import FileFailure
from archivist.state.tables import Row, Table, create, create_indexes

APPLICATION = 0x41524356  # “ARCV”, in the header of every file that is made here
_MAGIC = b"SQLite format 3\0"
_MARK = slice(68, 72)  # where the header says whose file it is
HEADER = 100  # bytes
# What a build of SQLite may have other defaults for, and room for nothing but what is wanted.
_SETTINGS = (
    "PRAGMA page_size = 4096",
    "PRAGMA encoding = 'UTF-8'",
    "PRAGMA auto_vacuum = NONE",
    "PRAGMA journal_mode = OFF",  # the file takes its place when it is whole
    "PRAGMA synchronous = OFF",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -16000",  # KiB
    f"PRAGMA application_id = {APPLICATION}",
)


def write_database(path: Path, tables: Sequence[Table], rows: Iterable[Row], version: int) -> None:
    """Fill the empty file at `path`. `version` is that of the tables, as `user_version`.

    Memory does not grow with the rows. Raises FileFailure if SQLite or the disk says no.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for setting in (*_SETTINGS, f"PRAGMA user_version = {version}"):
                database.execute(setting)
            _fill(database, tables, rows)
            database.execute("VACUUM")
    except sqlite3.Error as error:
        raise FileFailure(f"the database cannot be written: {error}") from error


def is_own(header: bytes) -> bool:
    """True if a file that begins with these bytes was made here."""
    return header.startswith(_MAGIC) and header[_MARK] == APPLICATION.to_bytes(4, "big")


def _fill(database: sqlite3.Connection, tables: Sequence[Table], rows: Iterable[Row]) -> None:
    inserts = {}
    database.execute("BEGIN")
    for table in tables:
        database.execute(create(table))
        marks = ", ".join("?" * len(table.columns))
        inserts[table.name] = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608 -- names of ours
    for name, values in rows:
        database.execute(inserts[name], values)
    for table in tables:
        for statement in create_indexes(table):
            database.execute(statement)
    database.execute("ANALYZE")
    database.execute("COMMIT")
