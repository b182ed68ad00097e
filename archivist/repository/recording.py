"""A commit that holds given files and nothing else, while everything the user has staged or edited
stays as it was.

The order is: objects, a note of what is to change, the working files, the user's hooks, the index
at these paths, the branch. Whoever is killed in between leaves the note, and the next recording
puts everything back first; whoever fails puts it back at once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from archivist import files as door
from archivist.errors import FileFailure, GitFailure
from archivist.repository.commits import CLOCK, CommitWriter, Files, Times
from archivist.repository.hooks import Hooks, Proposal
from archivist.repository.journal import (
    Journal,
    alone,
    put_back,
    update_index,
)
from archivist.repository.standing import Standing
from archivist.repository.store import Item, Store, blob_id
from archivist.repository.unsaved import Unsaved, content, set_aside, way_out

_NO_COMMIT = "0" * 40


class Recorder:
    """Makes commits in a repository, one after another. A context: while it is open no other
    archivist commits to the same work tree.

    Paths are relative to the archive. Every method may raise GitFailure or FileFailure; the
    repository is then as it was before.
    """

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.head = standing.head
        self.store = Store(standing.repository)
        self.was_unfinished = False
        self._writer = CommitWriter(standing, self.store)
        self._alone = alone(standing)
        self._journal = Journal(standing)
        self._hooks = Hooks(standing.hooks, standing.top)
        self._unsaved = Unsaved(standing, self._writer)
        self._ref_file = content(standing.git_folder / "HEAD")

    def __enter__(self) -> Self:
        """Keep others out; put back what one that was killed left half done."""
        self._alone.__enter__()
        try:
            self.store.__enter__()
            self.was_unfinished = put_back(self.standing, self.store, self._journal)
        except BaseException:
            self._alone.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let others in."""
        try:
            self.store.__exit__(kind, error, traceback)
        finally:
            self._alone.__exit__(kind, error, traceback)

    def committed(self, path: str, commit: str | None = None) -> bytes | None:
        """The bytes of a file in a commit, by default the newest of the branch; None if there is
        no such file.
        """
        item = self._writer.item(commit or self.head, path)
        return self.store.read(item.oid, "blob") if item else None

    def unsaved(self, path: str) -> str:
        """Why a file must not be overwritten: it holds what is not committed; blank if it may be.

        A file that git does not know yet may be: it will be committed as a whole.
        """
        return self._unsaved.why(path, self.head)

    def commit(
        self,
        parent: str,
        files: Files,
        message: str,
        times: Times = CLOCK,
    ) -> str:
        """A commit on top of `parent` that changes these files only. Objects alone: no branch, no
        file and no index knows of it, and no hook runs.
        """
        return self._writer.commit(self.tree(parent, files), parent, message, times)

    def tree(self, parent: str, files: Files) -> str:
        """The tree of a commit on top of `parent` that changes these files only."""
        return self._writer.tree(parent, self._writer.items(parent, files))

    def record(self, files: Files, message: str, times: Times = CLOCK) -> str:
        """Commit these files on the checked-out branch, and write them in the work tree; the
        commit. The user's hooks run as in `git commit`.
        """
        self._check_branch()
        for path in files:
            if why := self.unsaved(path):
                raise GitFailure(f"{path} {why}", way_out(path, why))
        items = self._writer.items(self.head, files)
        before = {path: content(self._full(path)) for path in files}
        self._note(items, before)
        try:
            for path, data in files.items():
                self._write(path, data, before[path])
            commit = self._agreed(items, message, times)
            update_index(self.standing, items)
            self.store.move(self.standing.branch, commit, self.head)
        except BaseException as error:
            left = self._undo()
            if left and isinstance(error, GitFailure | FileFailure):
                error.hint = left
            raise
        self.head = commit
        self._journal.end()
        self._unsaved.learn(items, alone=not self._hooks)
        self._hooks.after()
        return commit

    def move(self, branch: str, commit: str, old: str | None) -> None:
        """Let a branch (`refs/heads/…`), which is at `old` (None: which is not there), end with
        another commit. Of the checked-out branch the files must be the same in both commits.
        """
        self.store.move(branch, commit, old or _NO_COMMIT)
        if branch == self.standing.branch:
            self.head = commit

    def _full(self, path: str) -> Path:
        return self.standing.repository.root / path

    def _check_branch(self) -> None:
        self.standing.check_quiet()
        if content(self.standing.git_folder / "HEAD") != self._ref_file:
            raise GitFailure("another branch was checked out meanwhile", "run the command again")

    def _note(self, items: Mapping[str, Item | None], before: Mapping[str, bytes | None]) -> None:
        staged = self._unsaved.staged()
        self._journal.begin(
            {
                path: (staged.get(path), item, self._stored(before[path], staged.get(path)))
                for path, item in items.items()
            }
        )

    def _stored(self, data: bytes | None, staged: Item | None) -> str | None:
        """The blob of a file's bytes, which git holds from now on if it does not yet."""
        if data is None:
            return None
        return staged.oid if staged and staged.oid == blob_id(data) else self.store.blob(data)

    def _write(self, path: str, data: bytes | None, before: bytes | None) -> None:
        full = self._full(path)
        if data == before:
            return
        if data is None:
            full.unlink(missing_ok=True)
        elif before is None:
            door.create(full, data)
        else:
            door.write(full, data, expected=before)

    def _agreed(self, items: Mapping[str, Item | None], message: str, times: Times) -> str:
        """The commit, if the user's hooks agree to it."""
        tree = self._writer.tree(self.head, items)
        if not self._hooks:
            return self._writer.commit(tree, self.head, message, times)
        with tempfile.TemporaryDirectory(prefix="archivist-") as folder:
            index, words = Path(folder) / "index", Path(folder) / "COMMIT_EDITMSG"
            own = {"GIT_INDEX_FILE": str(index)}
            run = self.standing.repository.run
            run("read-tree", tree, environment=own)
            run("update-index", "-q", "--refresh", environment=own)

            def staged() -> str:
                return run("write-tree", environment=own).decode().strip()

            message = self._hooks.agreed(Proposal(tree, message, words, index, staged))
        return self._writer.commit(tree, self.head, message, times)

    def _undo(self) -> str:
        """Put everything back now; if that fails, the next recording does. Gives what there is to
        say of it: what could not be put back, and what was put back although it was changed.
        """
        self._unsaved.forget()
        try:
            with Store(self.standing.repository) as store:  # Ctrl-C also ended git
                aside = set_aside(self.standing, store, self._journal) if self._hooks else {}
                put_back(self.standing, store, self._journal, by_force=bool(self._hooks))
        except (GitFailure, FileFailure, OSError) as error:
            return f"the files are not yet as they were ({error}): the next run puts them back"
        kept = [f"{path}: `git show {oid[:12]}`" for path, oid in aside.items()]
        return (
            f"changed meanwhile, and put back; the changes are in {', '.join(kept)}" if kept else ""
        )
