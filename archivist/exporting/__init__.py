"""An archive with its whole history as one file, for other programs: SQLite or JSON Lines.

What is exported is what is committed: the same commit gives the same bytes, on every machine with
the same SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archivist import files
from archivist.exporting.lines import as_lines
from archivist.exporting.rows import Export, check_whole, stories
from archivist.exporting.tables import TABLES, VERSION
from archivist.state.exports import write_database
from archivist.versions import History

__all__ = ["Export", "lines", "prepare", "write"]


def prepare(history: History) -> Export:
    """Everything but the texts, which are read as they are written.

    Raises GitFailure if the history cannot be read, or if there is none.
    """
    history.with_edits = False
    check_whole(history)
    return Export(history, stories(history))


def write(export: Export, path: Path, form: str) -> None:
    """Write the file, whole or not at all. Raises FileFailure, GitFailure."""
    rows = export.rows()
    with files.replacing(path) as temporary:
        if form == "sqlite":
            write_database(temporary, TABLES, rows, VERSION)
        else:
            with temporary.open("wb") as out:
                out.writelines(as_lines(TABLES, rows))


def lines(export: Export) -> Iterator[str]:
    """The lines of an export one by one."""
    for line in as_lines(TABLES, export.rows()):
        yield line.decode()
