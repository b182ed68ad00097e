"""Commits on a branch that is not checked out: to be proposed, and merged by somebody who has read
them. Neither the files of the user nor the index are touched; the user's hooks look at a work tree
of their own, in which the commit to be is.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Self

from archivist.errors import EnvironmentFailure, GitFailure
from archivist.repository.branches import Target
from archivist.repository.commits import CLOCK, Files, Times
from archivist.repository.hooks import Hooks, Proposal
from archivist.repository.owntree import OwnTree, own_tree, sweep
from archivist.repository.recording import Recorder


class Proposer:
    """Makes commits on another branch, one after another. A context, within that of its recorder.

    `tip` is the commit on which the next one is put. Every method may raise GitFailure or
    FileFailure; the branch is then as it was before.
    """

    def __init__(self, recorder: Recorder, target: Target) -> None:
        self.recorder = recorder
        self.tip = target.tip
        self._branch = f"refs/heads/{target.branch}"
        self._known = target.known
        self._kept = ExitStack()
        self._own: OwnTree | None = None
        self._hooks = Hooks(recorder.standing.hooks, recorder.standing.top)
        self._failed: EnvironmentFailure | None = None

    def __enter__(self) -> Self:
        """Remove what a process that was killed has left. Raises GitFailure if the branch is
        locked.
        """
        self.recorder.standing.check_free(self._branch)
        sweep(self.recorder.standing)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the work tree, if there is one."""
        self._kept.close()

    def committed(self, path: str) -> bytes | None:
        """The bytes of a file on the branch; None if there is no such file."""
        return self.recorder.committed(path, self.tip)

    def propose(self, files: Files, message: str, times: Times = CLOCK) -> str:
        """Commit these files on the branch; the commit. The user's hooks run."""
        if self._hooks and self._own is None:
            self._begin()
        if self._own is not None:
            message = self._agreed(self._own, files, message)
        commit = self.recorder.commit(self.tip, files, message, times)
        self.recorder.move(self._branch, commit, self._known)
        self.tip = self._known = commit
        if self._own is not None:
            with suppress(GitFailure):  # the commit is made
                self._own.move(commit)
            self._hooks.after()
        return commit

    def _begin(self) -> None:
        """Make the work tree; what fails once is not tried again."""
        if self._failed is not None:
            raise self._failed
        standing = self.recorder.standing
        try:
            self._own = own_tree(standing, self.tip, self._kept)
        except EnvironmentFailure as error:
            self._failed = error
            raise
        self._hooks = Hooks(standing.hooks, self._own.top)

    def _agreed(self, own: OwnTree, files: Files, message: str) -> str:
        """The message of the commit, if the hooks agree to it."""
        tree = self.recorder.tree(self.tip, files)
        own.show(tree)
        words = own.git_folder / "COMMIT_EDITMSG"
        try:
            return self._hooks.agreed(Proposal(tree, message, words, own.index, own.staged))
        except GitFailure as error:
            if error.hint is None:
                error.hint = (
                    "for --branch it runs in a work tree of its own, where only committed files are"
                )
            raise
