"""Another branch than the checked-out one, for commits that are to be proposed."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from archivist.errors import GitFailure, UsageError
from archivist.repository.standing import Standing


class Target(NamedTuple):
    """A branch: its name, the commit on which the next one is put, and where the branch is now
    (None if it does not exist yet).
    """

    branch: str
    tip: str
    known: str | None


def target(standing: Standing, name: str) -> Target:
    """The branch of this name. A new one begins at HEAD, and so does one whose commits HEAD has
    all: they were merged. Raises UsageError for a name that is none, or a branch that is checked
    out.
    """
    repository = standing.repository
    try:
        repository.run("check-ref-format", "--branch", name)
    except GitFailure as error:
        raise UsageError(f"--branch: {name} is no name of a branch") from error
    ref = f"refs/heads/{name}"
    found = repository.text("for-each-ref", "--format=%(objectname) %(worktreepath)", ref)
    if ref == standing.branch or found.partition(" ")[2]:
        raise UsageError(
            f"--branch: {name} is checked out", "leave --branch out, to commit where you are"
        )
    known = found.partition(" ")[0] or None
    tip = known or standing.head
    if known:
        with suppress(GitFailure):
            repository.run("merge-base", "--is-ancestor", known, standing.head)
            tip = standing.head
    return Target(name, tip, known)
