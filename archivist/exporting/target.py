"""Where an export goes: a file that is not there yet, or that is an earlier export."""

from __future__ import annotations

import json
from pathlib import Path

from archivist.errors import FileFailure, UsageError
from archivist.exporting.tables import FORMAT
from archivist.state.exports import HEADER, is_own

SUFFIXES = {
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
FORMATS = ("sqlite", "jsonl")
FIRST_LINE = json.dumps({"table": "about", "key": "format", "value": FORMAT}) + "\n"
_AT_WORK = ("-wal", "-journal")  # files that SQLite keeps beside a database that is written to


def format_of(name: str, given: str | None) -> str:
    """`sqlite` or `jsonl`: as given, else by the name's suffix. Raises UsageError."""
    if given:
        return given
    found = "jsonl" if name == "-" else SUFFIXES.get(Path(name).suffix.lower())
    if found is None:
        raise UsageError(
            f"{name} does not say what it shall be",
            f"a name that ends in {', '.join(SUFFIXES)}; or --format sqlite, --format jsonl",
        )
    return found


def check_target(path: Path, *, force: bool) -> None:
    """Raises UsageError if the file may be somebody's work, and not an export of ours.

    Without `force` an earlier export, or an empty file, is all that may be replaced. A database
    that a program has open for writing is never replaced: its journal would be taken for that of
    the new one.
    """
    if path.is_dir():
        raise UsageError(f"{path.name} is a folder")
    if path.exists() and not path.is_file():
        raise UsageError(f"{path.name} is a device or a pipe", "name a file, or - for stdout")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    for ending in _AT_WORK:
        if path.with_name(path.name + ending).exists():
            raise UsageError(
                f"another program writes to {path.name}: {path.name}{ending} lies beside it",
                "close that program; if none is there, remove that file",
            )
    if force or not path.exists():
        return
    try:
        with path.open("rb") as file:
            head = file.read(max(HEADER, len(FIRST_LINE)))
    except OSError as error:
        raise FileFailure(f"cannot read {path}: {error.strerror}") from error
    if head and not is_own(head) and not head.startswith(FIRST_LINE.encode()):
        raise UsageError(
            f"{path.name} is there already, and is no export of archivist's",
            "--force replaces it all the same",
        )
