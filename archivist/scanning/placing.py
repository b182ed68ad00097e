"""Where in an entry a finding stands, what it says, and what would mend it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from archivist import files
from archivist.config.scan import LinksSettings
from archivist.diagnostic import (
    Applicability,
    Diagnostic,
    Fix,
    Places,
    Severity,
    line_around,
)
from archivist.entry import Entry
from archivist.errors import FileFailure
from archivist.frontmatter import set_value, value_edit
from archivist.linkreport import CODES, Kind, Row
from archivist.links.strikes import dead_from
from archivist.schema import Schemas
from archivist.workspace import entry_from

_SNAPSHOT = "wayback snapshot"


class Placing(NamedTuple):
    """Places the findings of an archive's entries."""

    root: Path
    settings: LinksSettings
    schemas: Schemas

    def placed(self, row: Row) -> Row:
        """The row with its place in the entry's file, if that is still there."""
        try:
            entry = entry_from(files.read_entry(self.root, row.path))
        except FileFailure:
            return row
        return row._replace(diagnostic=self._diagnostic(entry, row))

    def _diagnostic(self, entry: Entry, row: Row) -> Diagnostic:
        start, end = _span(entry, row)
        places = Places(entry.text)
        line, column = places.of(start)
        end_line, end_column = places.of(end)
        return Diagnostic(
            path=row.path,
            line=line,
            column=column,
            code=CODES[row.kind],
            severity=Severity.ERROR if row.fails else Severity.WARNING,
            message=message(row, self.settings),
            end_line=end_line,
            end_column=end_column,
            entry=row.entry,
            hint=hint(row),
            excerpt=line_around(entry.text, start),
            fix=self._fix(entry, row),
        )

    def _fix(self, entry: Entry, row: Row) -> Fix | None:
        """What `--fix` writes: where a source moved to, or the memento that was found."""
        field = entry.fields.get(row.field)
        if row.kind is Kind.MOVED and field and field.text == row.url:
            edit = value_edit(field, row.record.suggestion)
            return Fix(f"write {row.record.suggestion}", (edit,), Applicability.SAFE)
        if row.found is None or not row.found.memento or row.field not in ("url", _SNAPSHOT):
            return None
        if row.kind is Kind.MEMENTO or not entry.gives(_SNAPSHOT):  # a good one is left alone
            return self._memento_fix(entry, row.found.memento)
        return None

    def _memento_fix(self, entry: Entry, memento: str) -> Fix | None:
        field = entry.fields.get(_SNAPSHOT)
        schema = self.schemas.get(entry.layout)
        if field and field.text:
            edit = value_edit(field, memento)
        else:
            edit = set_value(entry.front, _SNAPSHOT, memento, schema.keys if schema else ())
        return Fix(f"`{_SNAPSHOT}: {memento}`", (edit,), Applicability.SAFE)


def message(row: Row, settings: LinksSettings) -> str:
    """What there is to say, in one sentence."""
    record, reason = row.record, row.record.reason
    if row.kind in (Kind.NEWLY_DEAD, Kind.DEAD):
        days = f", on {record.strikes} days since {record.first_failed[:10]}"
        return f"`{row.field}` is dead: {reason}{days if record.strikes > 1 else ''}"
    if row.kind is Kind.MEMENTO:
        return f"`{row.field}` {reason}"
    if row.kind is Kind.FAILING:
        until = f"; dead if it still fails on {dead_from(record, settings)}"
        return f"`{row.field}` fails: {reason}{until if record.first_failed else ''}"
    if row.kind is Kind.OFFER and row.found:
        return f"a memento is there for `wayback snapshot`: {row.found.reason}"
    if row.kind is Kind.MOVED:
        return f"`{row.field}` moved for good to {record.suggestion}: {reason}"
    said = {
        Kind.BLOCKED: "cannot be checked: its host ",
        Kind.UNKNOWN: "could not be checked: ",
    }.get(row.kind, "")
    return f"`{row.field}` {said}{reason}"


def hint(row: Row) -> str | None:
    """What is to be done."""
    found = row.found
    if row.kind in (Kind.NEWLY_DEAD, Kind.DEAD, Kind.MEMENTO, Kind.LOST) and found:
        if found.memento:
            return f"archived: {found.memento} ({found.reason})"
        return found.reason
    return {
        Kind.CHANGED: f"`archivist snapshot {row.entry}` keeps the new version",
        Kind.BLOCKED: "look at it in a browser",
        Kind.LOST: "look at it in a browser: has the policy moved?",
        Kind.MEMENTO: "name another capture, or leave the field out",
    }.get(row.kind)


def _span(entry: Entry, row: Row) -> tuple[int, int]:
    field = entry.fields.get(row.field)
    if field is None:
        start = entry.text.find(row.url, entry.front.body_start)
        return (start, start + len(row.url)) if start >= 0 else (0, 0)
    for value in field.values:
        if value.text == row.url:
            return value.start, value.end
    return field.span
