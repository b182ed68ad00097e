"""A commit on the current branch that touches given paths only.

What the user has staged or edited elsewhere stays as it is: the commit's tree is made in an index
of its own. The order is such that a process killed at any moment leaves something that the same
call completes: objects, then the user's index at these paths, then the branch.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archivist.errors import EnvironmentFailure, GitFailure
from archivist.repository.fastimport import REGULAR
from archivist.repository.filters import configured, write_index
from archivist.repository.index import index_files
from archivist.repository.process import Repository

LOCKS = ("index.lock", "HEAD.lock")  # which a commit takes, beside that of its branch
_NO_OBJECT = "0" * 40
_IDENTITY = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


@dataclass(frozen=True, slots=True)
class PathState:
    """What a path (relative to the repository's root folder here) shall be: a blob that the
    repository holds, or None for no file.
    """

    path: str
    oid: str | None
    mode: str = REGULAR


def in_work_tree(repository: Repository) -> bool:
    """True if the folder lies in a git work tree.

    Raises GitFailure if there is one that git does not open, or whose format is not supported.
    """
    root = repository.root.absolute()
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return False
    inside, kind = repository.text(
        "rev-parse", "--is-inside-work-tree", "--show-object-format"
    ).splitlines()
    if kind != "sha1":
        raise GitFailure(f"repositories of {kind} objects are not supported")
    return inside == "true"


def check_can_commit(repository: Repository) -> None:
    """Raises EnvironmentFailure if git knows no author, GitFailure while a merge or another git is
    under way.
    """
    check_author(repository)
    asked = [part for name in LOCKS for part in ("--git-path", name)]
    for name, path in zip(LOCKS, repository.text("rev-parse", *asked).splitlines(), strict=True):
        check_unlocked(repository.root / path, name)
    if head_of(repository, "MERGE_HEAD"):
        raise GitFailure(
            "a merge is under way", "finish it with `git commit`, or `git merge --abort`"
        )


def check_unlocked(lock: Path, name: str) -> None:
    """Raises GitFailure if there is this lock; `name` is its path in the git folder."""
    if lock.exists():
        raise GitFailure(
            f"another git is at work here, or one was killed: there is .git/{name}",
            f"if no git runs: rm {lock}",
        )


def check_author(repository: Repository) -> None:
    """Raises EnvironmentFailure if git knows no author."""
    try:
        repository.run(
            *("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"),
            environment=author_environment(None),
        )
    except GitFailure as error:
        raise EnvironmentFailure(
            "git does not know who you are, and a commit needs an author",
            "git config --global user.name NAME; git config --global user.email ADDRESS",
        ) from error


def head_of(repository: Repository, revision: str = "HEAD") -> str | None:
    """The commit that a revision names; None if there is none, as before the first commit."""
    with suppress(GitFailure):
        return repository.text("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    return None


def commit_paths(
    repository: Repository,
    files: Sequence[PathState],
    message: str,
    *,
    merged: Sequence[str] = (),
    when: str | None = None,
) -> str:
    """Commit these paths on the current branch, and nothing else; gives the commit.

    `merged` are further parents. A branch without a commit begins at the merged one if that holds
    the same files. `when` is the commit's date (RFC 3339), else the clock's. No hook runs.
    Raises GitFailure, also if the branch moved meanwhile; branch is then as it was, and so
    is the index if nobody has committed it.
    """
    head = head_of(repository)
    entries = _index_lines(repository, files)
    tree = _tree(repository, head, entries)
    commit = next(
        (one for one in merged if head is None and _tree_of(repository, one) == tree), None
    ) or _commit(repository, tree, [*filter(None, [head]), *merged], message, when)
    before, keys = _staged(repository, files), configured(repository)
    write_index(repository, entries, keys)
    subject = message.partition("\n")[0]
    try:
        repository.run("update-ref", "-m", f"archivist: {subject}", "HEAD", commit, head or "")
    except BaseException:
        if head_of(repository) == head:  # else somebody has committed what was staged
            write_index(repository, _index_lines(repository, before), keys)
        raise
    return commit


def _staged(repository: Repository, files: Sequence[PathState]) -> list[PathState]:
    """What the index holds at these paths."""
    listing = index_files(repository, *sorted({one.path.partition("/")[0] for one in files}))
    found = ((one.path, listing.get(one.path)) for one in files)
    return [
        PathState(path, now.oid, now.mode) if now else PathState(path, None) for path, now in found
    ]


def _index_lines(repository: Repository, files: Sequence[PathState]) -> bytes:
    prefix = repository.run("rev-parse", "--show-prefix").rstrip(b"\n")
    return b"".join(
        f"{one.mode if one.oid else 0} {one.oid or _NO_OBJECT}\t".encode()
        + prefix
        + os.fsencode(one.path)
        + b"\0"
        for one in files
    )


def _tree(repository: Repository, head: str | None, entries: bytes) -> str:
    """HEAD's tree with these paths, made in an index of its own."""
    with tempfile.TemporaryDirectory(prefix="archivist-") as folder:
        own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        whole = ("-c", "core.splitIndex=false")
        repository.run(*whole, "read-tree", head or "--empty", environment=own)
        repository.run(*whole, "update-index", "-z", "--index-info", stdin=entries, environment=own)
        tree = repository.run(*whole, "write-tree", "--missing-ok", environment=own)
    return tree.decode().strip()


def _tree_of(repository: Repository, commit: str) -> str:
    return repository.text("rev-parse", "--verify", f"{commit}^{{tree}}")


def _commit(
    repository: Repository, tree: str, parents: Sequence[str], message: str, when: str | None
) -> str:
    origins = [part for parent in parents for part in ("-p", parent)]
    done = repository.run(
        *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", *origins, "-F", "-", tree),
        stdin=message.encode("utf-8", "backslashreplace"),
        environment=author_environment(when),
    )
    return done.decode().strip()


def author_environment(when: str | None) -> Mapping[str, str]:
    """Who commits, where the caller's environment says so; everything else comes from git."""
    known = {name: os.environ[name] for name in _IDENTITY if os.environ.get(name)}
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
    return known | dates
