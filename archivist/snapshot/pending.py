"""Captures that were asked of the Wayback Machine and are not there yet, remembered in the git
folder until they are. What is lost of it is looked for again: nothing depends on it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from archivist import files
from archivist.errors import FileFailure
from archivist.wayback.asked import Pending

_MOST = 1 << 22  # bytes


class PendingCaptures:
    """By entry, in a file; without a file nothing is remembered."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._known: dict[str, Pending] = {}
        if file is None:
            return
        with suppress(OSError, ValueError, TypeError, AttributeError):
            document = json.loads(files.read_bounded(file, _MOST) or b"{}")
            self._known = {
                name: Pending(**{**one, "also": tuple(one["also"])})
                for name, one in document["pending"].items()
            }

    def get(self, entry: str) -> Pending | None:
        """What is pending of an entry."""
        return self._known.get(entry)

    def note(self, entry: str, pending: Pending | None) -> None:
        """Remember it, or that nothing is pending any more. A file that cannot be written is no
        loss.
        """
        if self._known.get(entry) == pending:
            return
        if pending is None:
            self._known.pop(entry, None)
        else:
            self._known[entry] = pending
        if self._file is not None:
            document = {name: one._asdict() for name, one in sorted(self._known.items())}
            data = json.dumps({"version": 1, "pending": document}, indent=1).encode()
            with suppress(FileFailure):
                files.make_folder(self._file.parent)
                files.write(self._file, data)
