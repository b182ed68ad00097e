"""The difference of two states: their front matter key by key, and their texts in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from archivist import dates
from archivist.entry import Entry
from archivist.states import State
from archivist.worddiff import Comparison, compare


class FieldChange(NamedTuple):
    """A key whose value differs; None where the key is missing. Lists are joined by commas."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Difference:
    """Two states, what differs in their front matter, and their texts compared."""

    a: State
    b: State
    fields: tuple[FieldChange, ...]
    text: Comparison

    @property
    def is_same(self) -> bool:
        """True if neither texts nor values differ."""
        return self.text.is_same and not self.fields


def difference(a: State, b: State) -> Difference:
    """Compare two states."""
    changed = tuple(_changes(a.entry, b.entry))
    return Difference(a, b, changed, compare(a.entry.body, b.entry.body))


def _changes(a: Entry, b: Entry) -> Iterator[FieldChange]:
    """The keys whose values differ, in the order of the second; dates compare as dates."""
    for key in dict.fromkeys((*b.fields, *a.fields)):
        old, new = _value(a, key), _value(b, key)
        if old != new and not _is_same_date(key, old or "", new or ""):
            yield FieldChange(key, old, new)


def _value(entry: Entry, key: str) -> str | None:
    field = entry.fields.get(key)
    return None if field is None else ", ".join(one.text.strip() for one in field.values)


def _is_same_date(key: str, old: str, new: str) -> bool:
    style = dates.style(old) if key.startswith("date ") else None
    return style is not None and style == dates.style(new)
