"""Mending what a scan found: URLs that moved, mementos that were found; edits of single fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from archivist import files
from archivist.diagnostic import Edit, apply_edits
from archivist.entry import Entry
from archivist.errors import FileFailure
from archivist.fixing import Mended
from archivist.linkreport import Row
from archivist.workspace import entry_from


def mended(root: Path, findings: Iterable[Row]) -> Iterator[Mended]:
    """The entries whose findings carry a fix, before and after. A file that has changed since is
    left out.
    """
    fixable = [row for row in findings if row.diagnostic and row.diagnostic.fix]
    for path, rows in groupby(sorted(fixable, key=lambda row: row.path), lambda row: row.path):
        of_path = list(rows)
        try:
            entry = entry_from(files.read_entry(root, path))
        except FileFailure:
            continue
        if edits := _edits(entry, of_path):
            after = Entry(path, apply_edits(entry.text, edits))
            counts = tuple(sorted((row.kind.value, 1) for row in of_path))
            yield Mended(entry, after, counts)


def _edits(entry: Entry, rows: list[Row]) -> list[Edit]:
    """The edits, each place once; none if a line is not what it was."""
    edits: dict[tuple[int, int], Edit] = {}
    for row in rows:
        found = row.diagnostic
        if found is None or found.fix is None or found.excerpt not in entry.text:
            return []
        for edit in found.fix.edits:
            edits.setdefault((edit.start, edit.end), edit)
    return list(edits.values())
