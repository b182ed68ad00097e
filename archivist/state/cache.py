"""A cache in an SQLite file: of the right version and whole, or begun anew."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

Prepare = Callable[[sqlite3.Connection], None]


class Form(NamedTuple):
    """What a cache holds: the version of its tables and of what is in them, the statements that
    make them (`IF NOT EXISTS`), a query that touches each, and how many seconds it waits for
    another process that writes. `durable` says that it is worth waiting for the disk.
    """

    version: int
    tables: str
    probe: str
    wait: float = 10.0
    durable: bool = False


def opened(
    path: Path | None, form: Form, prepare: Prepare = lambda _database: None
) -> sqlite3.Connection:
    """The cache in a file; in memory where there is none, or where it cannot be used. `prepare` is
    given each connection first.
    """
    if path is not None:
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(parents=True, exist_ok=True)
            return in_file(path, form, prepare)
    return _begun(sqlite3.connect(":memory:"), form, prepare)


def in_file(
    path: Path, form: Form, prepare: Prepare = lambda _database: None
) -> sqlite3.Connection:
    """The cache in a file; one of another version, or a broken one, is begun anew.

    Raises sqlite3.Error for what may pass: a lock that stays, a full disk, a read-only folder.
    """
    database = sqlite3.connect(path, timeout=form.wait)
    try:
        return _begun(database, form, prepare)
    except sqlite3.DatabaseError as error:
        database.close()
        if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
            raise
    with suppress(FileNotFoundError):  # another process may have done it
        path.unlink()
    return _begun(sqlite3.connect(path, timeout=form.wait), form, prepare)


def _begun(database: sqlite3.Connection, form: Form, prepare: Prepare) -> sqlite3.Connection:
    prepare(database)
    if not form.durable:
        database.execute("PRAGMA synchronous = OFF")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == 0:
        script = f"BEGIN IMMEDIATE; {form.tables} PRAGMA user_version = {form.version}; COMMIT;"
        database.executescript(script)
    elif version != form.version:
        raise sqlite3.DatabaseError("of another version")
    database.execute(form.probe).fetchall()
    return database
