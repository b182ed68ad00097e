"""Where new versions go, by what the command line says; in a trial, whether they could."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from archivist.commands.session import now
from archivist.errors import GitFailure
from archivist.repository.branches import target
from archivist.repository.journal import Journal
from archivist.repository.process import Repository
from archivist.repository.proposing import Proposer
from archivist.repository.recording import Recorder
from archivist.repository.standing import Standing, standing
from archivist.snapshot.act import Obstacle
from archivist.snapshot.keeping import Commits, FilesOnly, Keeping, OtherBranch, Trial
from archivist.snapshot.lately import Lately
from archivist.workspace import Workspace


class Opened(NamedTuple):
    """Where versions go (None: nowhere), who knows the texts of the last hours, how an entry is
    read that is committed elsewhere, the file in which pending captures are remembered, and, in a
    trial, why a new text would not be written.
    """

    keeping: Keeping | None = None
    lately: Lately | None = None
    read: Callable[[str], bytes | None] = lambda _path: None
    memory: Path | None = None
    obstacle: Obstacle = lambda _before, _written: None


@contextmanager
def opened(args: Namespace, place: Workspace) -> Iterator[Opened]:
    """What the run writes to. Raises GitFailure or EnvironmentFailure if nothing can be committed
    now.
    """
    if args.no_commit:
        files_only = FilesOnly(place.root)
        yield Opened(obstacle=files_only.obstacle) if args.dry_run else Opened(files_only)
        return
    if args.dry_run:
        with _tried(args, place) as tried:
            yield tried
        return
    repository = Repository(place.root)
    found = _standing(repository, any_branch=bool(args.branch))
    where = target(found, args.branch) if args.branch else None
    with Recorder(found) as recorder:
        if recorder.was_unfinished:
            args.console.note("note: put back what an interrupted run had left half done")
        memory = found.git_folder / "archivist" / "captures.json"
        lately = _lately(args, place)
        when = now(args) if getattr(args, "now", None) else None
        if where is None:
            yield Opened(Commits(recorder, when), lately, memory=memory)
            return
        with Proposer(recorder, where) as proposer:
            yield Opened(OtherBranch(proposer, when), lately, proposer.committed, memory)


@contextmanager
def _tried(args: Namespace, place: Workspace) -> Iterator[Opened]:
    """What a trial knows of what a run would write to, and of why it would not. Where nothing could
    be committed that is said, and the trial goes on. Raises UsageError.
    """
    repository = Repository(place.root)
    try:
        found = _standing(repository, any_branch=bool(args.branch))
    except GitFailure as error:
        args.console.note(f"note: nothing could be committed now: {error.message}")
        yield Opened()
        return
    if Journal(found).read():
        args.console.note("note: an interrupted run left files half done; a run puts them back")
    where = target(found, args.branch) if args.branch else None
    with Trial(found) as trial:
        if where is None:
            yield Opened(lately=_lately(args, place), obstacle=trial.obstacle)
        else:
            read = partial(trial.committed, commit=where.tip)
            yield Opened(lately=_lately(args, place), read=read)


def _lately(args: Namespace, place: Workspace) -> Lately | None:
    """The texts of the last hours."""
    hours = timedelta(hours=place.settings.snapshot.confirm_hours)
    return Lately(Repository(place.root), now(args) - hours) if hours else None


def _standing(repository: Repository, *, any_branch: bool) -> Standing:
    """Where the repository stands. Raises GitFailure, of which a hint names the ways around."""
    try:
        return standing(repository, any_branch=any_branch)
    except GitFailure as error:
        if not repository.exists:
            hint = f"{error.hint}; --no-commit only writes the files"
        elif "HEAD is detached" in error.message:
            hint = f"{error.hint}, or --branch NAME"
        else:
            raise
        raise GitFailure(error.message, hint) from None
