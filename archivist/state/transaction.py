"""A transaction of SQLite that others may lie in."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from archivist.errors import FileFailure


class Transaction:
    """All or nothing. Raises FileFailure if the file cannot be written."""

    def __init__(self, database: sqlite3.Connection, path: Path | None) -> None:
        self._database = database
        self._path = path
        self._is_inner = database.in_transaction  # then the outer one decides

    def __enter__(self) -> None:
        if self._is_inner:
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise FileFailure(f"cannot write {self._path}: {error}") from error

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if self._is_inner:
            return
        try:
            self._database.execute("COMMIT" if error is None else "ROLLBACK")
        except sqlite3.Error as failure:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise FileFailure(f"cannot write {self._path}: {failure}") from failure
        if isinstance(error, sqlite3.Error):
            raise FileFailure(f"cannot write {self._path}: {error}") from error
