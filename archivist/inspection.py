"""Inspecting an archive: gather entries, run the rules, hold the result against the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from archivist import baseline
from archivist.archive import Archive
from archivist.checking import Policy, broken_elsewhere, check_entries, place_of
from archivist.config import CheckSettings, Settings
from archivist.diagnostic import Diagnostic
from archivist.entry import Entry
from archivist.errors import ConfigurationError
from archivist.impact import check_staged
from archivist.report import Report
from archivist.repository.process import Repository
from archivist.rules import Context
from archivist.schema import Schemas
from archivist.staged import StagedArchive
from archivist.workspace import Workspace, only

if TYPE_CHECKING:
    from archivist.fixing import Mended


class Inspection(NamedTuple):
    """What was checked and what was found, before the baseline."""

    entries: tuple[Entry, ...]
    found: tuple[Diagnostic, ...]
    context: Context

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that were checked."""
        return tuple(entry.path for entry in self.entries)


class Judged(NamedTuple):
    """A report after the baseline, and the debt that was paid off: (path, code, how much)."""

    report: Report
    paid_off: tuple[tuple[str, str, int], ...]


class Source(Protocol):
    """Where entries are checked: a folder, or what a commit will hold."""

    @property
    def settings(self) -> Settings:
        """The settings that hold there. Raises ConfigurationError."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None if there is none."""

    def inspect(self, policy: Policy, today: date) -> Inspection:
        """Check. Raises FileFailure, GitFailure or ConfigurationError."""

    def after(self, inspection: Inspection, mended: list[Mended], policy: Policy) -> Inspection:
        """What is left of the inspection once these entries are written."""


class FolderSource(NamedTuple):
    """The entries of a folder: all, or those at `paths`, against all. `overlay` stands in for the
    file of its path.
    """

    workspace: Workspace
    paths: tuple[str, ...] | None = None
    overlay: Entry | None = None

    @property
    def settings(self) -> Settings:
        """The folder's settings."""
        return self.workspace.settings

    def read(self, path: str) -> bytes | None:
        """A file of the folder."""
        return self.workspace.read(path)

    def inspect(self, policy: Policy, today: date) -> Inspection:
        """Check the entries as they are on disk."""
        entries = {entry.path: entry for entry in self.workspace.entries()}
        if self.overlay is not None:
            entries[self.overlay.path] = self.overlay
        return _inspect(entries, self.workspace.schemas, policy, today, self.paths)

    def after(self, inspection: Inspection, mended: list[Mended], policy: Policy) -> Inspection:
        """Check anew: a mended title may be another entry's parent."""
        return self.inspect(policy, inspection.context.today) if mended else inspection


class IndexSource(NamedTuple):
    """What the next commit changes, and what it breaks elsewhere; every entry, if it changes
    schemas or settings.
    """

    staged: StagedArchive

    @property
    def settings(self) -> Settings:
        """The staged settings."""
        return self.staged.settings

    def read(self, path: str) -> bytes | None:
        """A staged file."""
        return self.staged.read(path)

    def inspect(self, policy: Policy, today: date) -> Inspection:
        """Check what is staged."""
        staged = self.staged
        if staged.touches_settings:
            entries = {one.path: one for one in staged.all_entries()}
            return _inspect(entries, staged.schemas, policy, today, None)
        return Inspection(*check_staged(staged, policy, today, state_file(staged.repository)))

    def after(self, inspection: Inspection, mended: list[Mended], policy: Policy) -> Inspection:
        """The mended entries in the place of what is staged: they are to be staged again."""
        changed = {one.after.path: one.after for one in mended}
        kept = [one for one in inspection.found if one.path not in changed]
        archive = Archive(inspection.context.archive.index)  # forgets where credits stood
        context = inspection.context.of(archive)
        found = kept + check_entries(changed.values(), context, policy)
        return inspection._replace(found=tuple(sorted(found, key=place_of)))


def judge(
    inspection: Inspection,
    source: Source,
    policy: Policy,
    fixed: tuple[tuple[str, str, int], ...] = (),
) -> Judged:
    """The report of what the source's baseline does not know. Raises ConfigurationError."""
    settings = source.settings.check
    data = source.read(settings.baseline)
    if data is None and settings.baseline != CheckSettings().baseline:
        raise ConfigurationError(f"there is no baseline {settings.baseline}")
    known = baseline.load(data, settings.baseline) if data is not None else {}
    weighed = baseline.weigh(inspection.found, known, set(inspection.paths), policy.codes)
    return Judged(Report(inspection.paths, weighed.new, weighed.known, fixed), weighed.paid_off)


def broken_by(
    workspace: Workspace, entry: Entry, policy: Policy, today: date
) -> tuple[Diagnostic, ...]:
    """What is wrong with other entries of a folder because of a new one. Raises FileFailure."""
    entries = {one.path: one for one in workspace.entries() if one.path != entry.path}
    crossing = policy.only_crossing()
    after = Context(Archive.of([*entries.values(), entry]), workspace.schemas, today)
    found = check_entries(entries.values(), after, crossing)
    before = Context(Archive.of(entries.values()), workspace.schemas, today)
    suspects = [entries[path] for path in sorted({one.path for one in found})]
    again = check_entries(suspects, before, crossing)
    known = {(one.path, one.code, one.message) for one in again}
    return tuple(
        broken_elsewhere(one, f"`{entry.id}`", "credit it: --parent {}")
        for one in found
        if (one.path, one.code, one.message) not in known
    )


def state_file(repository: Repository) -> Path:
    """Where the state of a repository's archive lies: inside `.git`, shared by its work trees."""
    return repository.common_folder / "archivist" / "state.sqlite3"


def _inspect(
    entries: Mapping[str, Entry],
    schemas: Schemas,
    policy: Policy,
    today: date,
    paths: tuple[str, ...] | None,
) -> Inspection:
    context = Context(Archive.of(entries.values()), schemas, today)
    chosen = list(entries.values()) if paths is None else only(entries, paths)
    return Inspection(tuple(chosen), tuple(check_entries(chosen, context, policy)), context)
