"""Where new versions go: into commits on the branch, onto another branch, or into files only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from archivist import files
from archivist.capturing.evidence import FOLDER, path_of
from archivist.capturing.provenance import Provenance
from archivist.capturing.recording import propose, record
from archivist.entry import Entry
from archivist.errors import EnvironmentFailure, FileFailure, GitFailure
from archivist.repository.commits import CommitWriter
from archivist.repository.process import Repository
from archivist.repository.proposing import Proposer
from archivist.repository.recording import Recorder
from archivist.repository.standing import Standing
from archivist.repository.store import Store
from archivist.repository.unsaved import Unsaved, way_out
from archivist.snapshot.writing import Written
from archivist.workspace import bytes_of, entry_of

_IGNORED = b"# evidence that is kept beside the commits, not in them\n*.*.warc\n.gitignore\n"


class Keeping(Protocol):
    """Keeps what is new."""

    def keep(self, before: Entry, written: Written) -> str:
        """Write a version of an entry, given the one before; the commit, blank if none was made.

        Raises GitFailure or FileFailure: everything is then as it was.
        """


@dataclass
class Commits:
    """Versions are committed on the checked-out branch, and written in the work tree. `when` is the
    commits' time; None for the clock's.
    """

    recorder: Recorder
    when: datetime | None = None

    def keep(self, before: Entry, written: Written) -> str:
        """Commit it, if the file is still what was looked at."""
        full = self.recorder.standing.repository.root / before.path
        if not full.is_file() or full.read_bytes() != bytes_of(before.text):
            raise FileFailure(f"{before.path} was changed meanwhile", "run the command again")
        with evidence_beside(self.recorder.standing.repository.root, written):
            return record(self.recorder, written.version, committed=self.when, written=self.when)


@dataclass
class OtherBranch:
    """Versions are committed on another branch; the work tree and the index stay as they are."""

    proposer: Proposer
    when: datetime | None

    def keep(self, before: Entry, written: Written) -> str:  # noqa: ARG002 -- the branch knows it
        """Commit it there."""
        with evidence_beside(self.proposer.recorder.standing.repository.root, written):
            return propose(self.proposer, written.version, committed=self.when, written=self.when)


@dataclass
class FilesOnly:
    """Versions are written in the work tree, and not committed."""

    root: Path

    def keep(self, before: Entry, written: Written) -> str:
        """Write the files; evidence first, which hurts nobody if it is alone."""
        if why := self.obstacle(before, written):
            raise why
        write_exhibit(self.root, written)
        data = written.version.data
        files.write(self.root / written.version.path, data, expected=bytes_of(before.text))
        return ""

    def obstacle(self, before: Entry, written: Written) -> EnvironmentFailure | None:
        """Why a version would not be written: its entry has a text that is not committed."""
        if written.entry.body == before.body:
            return None
        if why := _exhibit_obstacle(self.root, written):
            return why
        committed = _committed(self.root, before)
        if committed and entry_of(before.path, committed).body != before.body:
            message = f"{before.path} has a text that is not committed"
            return FileFailure(message, "commit it first: it would be overwritten")
        return None


@dataclass
class Trial:
    """What `Commits` would say of versions, of which none is committed. A context."""

    standing: Standing

    def __enter__(self) -> Self:
        """Nothing is read before it is needed."""
        self._store = Store(self.standing.repository).__enter__()
        self._writer = CommitWriter(self.standing, self._store)
        self._unsaved = Unsaved(self.standing, self._writer)
        return self

    def __exit__(self, *error: object) -> None:
        """Let git go."""
        self._store.__exit__(None, None, None)

    def obstacle(self, _before: Entry, written: Written) -> EnvironmentFailure | None:
        """Why a version would not be committed: it would overwrite what is not."""
        try:
            for path in written.version.files:
                if why := self._unsaved.why(path, self.standing.head):
                    return GitFailure(f"{path} {why}", way_out(path, why))
        except GitFailure as error:
            return error
        is_beside = written.version.evidence is None
        return _exhibit_obstacle(self.standing.repository.root, written) if is_beside else None

    def committed(self, path: str, commit: str) -> bytes | None:
        """The bytes of a file in a commit; None if there is no such file."""
        item = self._writer.item(commit, path)
        return self._store.read(item.oid, "blob") if item else None


def _committed(root: Path, entry: Entry) -> bytes | None:
    with suppress(GitFailure), Store(Repository(root)) as store:
        return store.read(f"HEAD:./{entry.path}", "blob")
    return None


@contextmanager
def evidence_beside(root: Path, written: Written) -> Iterator[None]:
    """Keep evidence that does not go into the commit beside it; if the commit, which is to be made
    meanwhile, fails, not at all. Raises FileFailure.
    """
    if written.version.evidence is not None:
        yield
        return
    full = write_exhibit(root, written)
    try:
        yield
    except BaseException:
        if full is not None:
            full.unlink(missing_ok=True)
        raise


def write_exhibit(root: Path, written: Written) -> Path | None:
    """Write the evidence into the archive's folder, where git does not see files that are named by
    the time of their capture; the file, None if there is none to be written. Evidence of another
    capture is never overwritten: of the same time, it is in the way.
    """
    said = written.version.provenance
    if written.exhibit is None or said.evidence is None:
        return None
    if why := _exhibit_obstacle(root, written):
        raise why
    full = root / said.evidence.path
    if _is_of_capture(said) and full.exists():
        return None  # the same: `_exhibit_obstacle` has looked
    files.make_folder(full.parent)
    if _is_of_capture(said) and not (full.parent / ".gitignore").exists():
        files.write(full.parent / ".gitignore", _IGNORED)
    files.write(full, written.exhibit)
    return full


def _exhibit_obstacle(root: Path, written: Written) -> FileFailure | None:
    """Why evidence must not be written into the archive's folder; None if it may."""
    said = written.version.provenance
    if said.evidence is None or written.exhibit is None:
        return None
    full = root / said.evidence.path
    if full.parent.is_symlink() or full.is_symlink():
        return FileFailure(f"{FOLDER}/ is a link, which may lead anywhere", "make it a folder")
    if _is_of_capture(said) and full.exists() and full.read_bytes() != written.exhibit:
        what = f"{said.evidence.path} is there: the evidence of another capture at the same time"
        return FileFailure(what, "another --now has another name; if no commit names it, remove it")
    return None


def _is_of_capture(said: Provenance) -> bool:
    """True for evidence in a file of its own, named by its time."""
    return said.evidence is not None and said.evidence.path != path_of(said.entry)
