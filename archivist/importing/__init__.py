"""Bringing another archive in: a folder, a git repository or a bundle, with its history."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from archivist import files
from archivist.errors import EnvironmentFailure
from archivist.importing import applying
from archivist.importing.fetching import GitSource
from archivist.importing.obstacles import Obstacles, check_saved
from archivist.importing.outcome import OUTCOMES, Imported, Outcome, Plan, Write
from archivist.importing.past import (
    Past,
    archive_commits,
    files_past,
    history_past,
    named_past,
)
from archivist.importing.planning import grouped, plan
from archivist.importing.reading import FORMS, Reading, read
from archivist.importing.rewriting import REF
from archivist.importing.sources import Source, opened
from archivist.repository import Repository
from archivist.repository.committing import check_can_commit, head_of, in_work_tree

__all__ = ["FORMS", "OUTCOMES", "Imported", "Outcome", "import_archive"]


@dataclass(frozen=True)
class _Target:
    """The archive, its repository if there is one, and where in that it lies."""

    root: Path
    repository: Repository | None
    prefix: str = ""


def import_archive(
    root: Path,
    given: Path,
    *,
    history: bool = True,
    dry_run: bool = False,
    when: str | None = None,
    form: str = "auto",
) -> tuple[Imported, ...]:
    """Import the source at `given` into the archive at `root`; gives a row for each file of it.

    With `history`, and a source that has one, its commits come along and are merged; else its
    last state is committed, or only written if the archive is not in a git repository. A dry run
    changes nothing. `when` is the date (RFC 3339) of the closing commit. `form` is one of `FORMS`;
    by itself a source is known by how it looks.

    Raises UsageError for a source that cannot be imported and for files in the way,
    EnvironmentFailure if git or the disk says no: the archive is then as it was. Of an import that
    was killed, running it again completes what was begun.
    """
    target = _target(root)
    history = history and target.repository is not None
    with opened(given, root, history=history) as source:
        found = read(source, form, target.prefix, history=history)
        with nullcontext() if dry_run else files.locked(root):
            past = _past(found, target)
            made = plan(found.candidates, past, found.versions, Obstacles(root, past.head))
            check_saved(root, target.repository, made.writes)
            if not dry_run:
                tip = found.told.tip if found.told and not past.holds else None
                _carry_out(target, found.source, made, tip, when)
    return made.results


def _target(root: Path) -> _Target:
    repository = Repository(root)
    if not in_work_tree(repository):
        return _Target(root, None)
    return _Target(root, repository, repository.text("rev-parse", "--show-prefix"))


def _past(found: Reading, target: _Target) -> Past:
    source, told = found.source, found.told
    if target.repository is None:
        return files_past(target.root, grouped(found.candidates))
    commits = archive_commits(target.repository)
    if told is None or not isinstance(source, GitSource):
        return named_past(target.repository, commits, source.name)
    return history_past(target.repository, commits, source, told, found.candidates, target.prefix)


def _carry_out(
    target: _Target, source: Source, made: Plan, tip: str | None, when: str | None
) -> None:
    if not made.writes and not (tip and made.count("unchanged")):
        _forget(target)
        return
    if target.repository is None:
        for _ in applying.write_files(target.root, source, made):
            pass
        return
    check_can_commit(target.repository)
    applying.store(target.repository, source, made, history=tip is not None)
    written: list[Write] = []
    head = head_of(target.repository)
    try:
        written.extend(applying.write_files(target.root, source, made))
        applying.commit(target.repository, source.name, made, tip, when)
    except BaseException:
        with suppress(EnvironmentFailure):  # the first failure is the one to tell
            applying.undo(target.root, target.repository, written, head)
        raise
    _forget(target)


def _forget(target: _Target) -> None:
    """Drop the ref that kept the imported commits until the branch has them."""
    if target.repository:
        target.repository.run("update-ref", "-d", REF)
