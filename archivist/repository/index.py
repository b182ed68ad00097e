"""What the index holds, and how it differs from HEAD."""

from __future__ import annotations

import os
from dataclasses import dataclass

from archivist.errors import GitFailure
from archivist.repository.process import Repository

SYMLINK = "120000"


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file in the index: path (relative to the repository's root folder here), mode, blob."""

    path: str
    mode: str
    oid: str

    @property
    def is_plain(self) -> bool:
        """True for a file; False for a link or a submodule."""
        return self.mode.startswith("100")


@dataclass(frozen=True, slots=True)
class StagedChange:
    """A path whose staged state differs from HEAD; `old` or `new` is None if it is not there."""

    path: str
    old: IndexFile | None
    new: IndexFile | None


def index_files(repository: Repository, *folders: str) -> list[IndexFile]:
    """All files of the index below the folders. Raises GitFailure while a merge has conflicts."""
    output = os.fsdecode(repository.run("ls-files", "-s", "-z", "--", *folders))
    files = []
    for record in output.split("\0")[:-1]:
        about, _, path = record.partition("\t")
        mode, oid, stage = about.split(" ")
        if stage != "0":
            raise GitFailure(f"{path} has a merge conflict", "resolve it and `git add` the file")
        files.append(IndexFile(path, mode, oid))
    return files


def staged_changes(
    repository: Repository, files: list[IndexFile], *folders: str
) -> list[StagedChange]:
    """The paths below the folders whose staged state differs from HEAD, renames as two changes.

    `files` is what the index holds: before the first commit all of it is new.
    """
    head = head_commit(repository)
    if head is None:
        return [StagedChange(file.path, None, file) for file in files]
    raw = repository.run(
        *("diff-index", "--cached", "--raw", "--no-renames", "--relative", "--no-abbrev", "-z"),
        *("--ignore-submodules", head, "--", *folders),
    )
    fields = os.fsdecode(raw).split("\0")[:-1]
    changes = []
    for about, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, _ = about.lstrip(":").split(" ")
        changes.append(StagedChange(path, _file(path, old_mode, old), _file(path, new_mode, new)))
    return changes


def head_commit(repository: Repository) -> str | None:
    """HEAD's commit; None before the first one."""
    try:
        return repository.text("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitFailure:
        return None


def _file(path: str, mode: str, oid: str) -> IndexFile | None:
    return IndexFile(path, mode, oid) if oid.strip("0") else None
