"""A work tree of its own for a commit on another branch: what the user's hooks look at, while the
files and the index of the user stay as they are (git-worktree(1), detached).

It is made among the temporary files when it is first needed. That of a process which was killed is
removed by the next one: whoever uses one holds its lock.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from archivist.errors import FileFailure, GitFailure
from archivist.repository.process import Repository
from archivist.repository.standing import Standing

_PREFIX = "archivist-"
_LOCK = "archivist.lock"


class OwnTree:
    """A work tree at a commit, with the index of its own that git gives it."""

    def __init__(self, top: Path, git_folder: Path) -> None:
        self.top = top
        self.git_folder = git_folder
        self.repository = Repository(top)

    @property
    def index(self) -> Path:
        """The file of its index."""
        return self.git_folder / "index"

    def show(self, tree: str) -> None:
        """Let its files and its index be those of a tree, whatever they were. Raises GitFailure."""
        self.repository.run("read-tree", "--reset", "-u", tree)

    def staged(self) -> str:
        """The tree that its index holds. Raises GitFailure."""
        return self.repository.text("write-tree")

    def move(self, commit: str) -> None:
        """Let its HEAD be a commit. Raises GitFailure."""
        self.repository.run("update-ref", "--no-deref", "HEAD", commit)


def own_tree(standing: Standing, commit: str, kept: ExitStack) -> OwnTree:
    """A work tree at this commit, which is removed when `kept` is closed.

    Raises GitFailure or FileFailure.
    """
    repository = standing.repository
    try:
        top = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    except OSError as error:
        raise FileFailure(f"no work tree can be made: {error.strerror}") from error
    kept.callback(_remove, repository, top)
    repository.run("worktree", "add", "--quiet", "--detach", str(top), commit)
    git_folder = Path(Repository(top).text("rev-parse", "--absolute-git-dir"))
    kept.callback(os.close, _locked(git_folder))
    return OwnTree(top, git_folder)


def sweep(standing: Standing) -> None:
    """Remove the work trees of processes that were killed."""
    for folder in (standing.common_folder / "worktrees").glob(f"{_PREFIX}*"):
        with suppress(OSError, GitFailure):
            descriptor = _locked(folder)
            try:
                link = (folder / "gitdir").read_text().strip()
                top = Path(link).parent
                if top.name.startswith(_PREFIX):
                    _remove(standing.repository, top)
            finally:
                os.close(descriptor)


def _locked(folder: Path) -> int:
    """The lock of a work tree, held. Raises OSError if another process holds it."""
    descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(repository: Repository, top: Path) -> None:
    with suppress(GitFailure):
        repository.run("worktree", "remove", "--force", str(top))
    if top.exists():
        shutil.rmtree(top, ignore_errors=True)
        with suppress(GitFailure):
            repository.run("worktree", "prune")
