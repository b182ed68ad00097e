"""What the archive knows of an entry: its versions in valid time, and its present state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archivist.backfill.timeline import Known
from archivist.capturing.provenance import Provenance
from archivist.capturing.texts import text_of
from archivist.entry import Entry
from archivist.errors import UsageError
from archivist.extraction import Selection
from archivist.files import MAX_SIZE
from archivist.repository.objects import read_what_can_be
from archivist.versions import History
from archivist.versions.naming import latest
from archivist.versions.resolving import known
from archivist.versions.version import Version
from archivist.workspace import entry_of


@dataclass(frozen=True)
class Past:
    """An entry as it is committed now, its versions in valid time, and the mementos that were
    taken for one of them already.
    """

    entry: Entry
    known: tuple[Known, ...]
    taken: frozenset[str]

    @property
    def selection(self) -> Selection:
        """The parts of the page that the entry names."""
        return Selection(self.entry.value("content selector"), self.entry.value("remove selector"))

    @property
    def text(self) -> str:
        """The present text."""
        return text_of(self.entry.body)


def past_of(root: Path, name: str) -> Past:
    """The past of an entry, by its id, path or title. Raises UsageError for one that cannot have
    more of it, GitFailure.
    """
    history = History(root)
    versions = [one for one in known(history, name, history.versions) if one.rev]
    states = [one for one in versions if one.oid]
    if not versions or not states:
        raise UsageError(f"{name} was never committed", "commit it first")
    if max(versions, key=lambda one: one.turn).oid is None:
        raise UsageError(f"{name} was removed: there is no present text to come back to")
    data = list(read_what_can_be(history.repository, [one.oid or "" for one in states], MAX_SIZE))
    present = latest(states)
    now = data[states.index(present)]
    if now is None:
        raise UsageError(f"the present text of {name} cannot be read")
    entry = entry_of(present.path, now)
    _check(entry)
    return Past(entry, tuple(_known(states, data)), frozenset(_taken(states)))


def _check(entry: Entry) -> None:
    if entry.layout == "source":
        raise UsageError(f"{entry.id} is a stub: it has no text, and so no earlier ones")
    if not entry.is_readable:
        raise UsageError(
            f"the front matter of {entry.id} cannot be read", f"archivist check {entry.path}"
        )


def _known(versions: Sequence[Version], data: Sequence[bytes | None]) -> list[Known]:
    known: list[Known] = []
    for one, raw in zip(versions, data, strict=True):
        if raw is None:
            continue
        day = one.archived.first if one.archived else known[-1].day if known else date.min
        provenance = Provenance.parse(one.trailers)
        is_made = bool(provenance and provenance.extractor)
        known.append(Known(day, text_of(entry_of(one.path, raw).body), is_made))
    return known


def _taken(versions: Sequence[Version]) -> list[str]:
    found = (Provenance.parse(one.trailers) for one in versions)
    return [one.wayback for one in found if one and one.wayback]
