"""What the index holds, and how it differs from HEAD."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository.process import Repository

SYMLINK = "120000"
_RECORD = re.compile(r"([0-7]+) ([0-9a-f]+) 0\t([^\0]*)\0")
_CONFLICT = re.compile(r"[0-7]+ [0-9a-f]+ [1-3]\t([^\0]*)\0")


class IndexFile(NamedTuple):
    """A file in the index: mode, blob, and path relative to the repository's root folder here."""

    mode: str
    oid: str
    path: str

    @property
    def is_plain(self) -> bool:
        """True for a file; False for a link or a submodule."""
        return self.mode.startswith("100")


class StagedChange(NamedTuple):
    """A path whose staged state differs from HEAD; `old` or `new` is None if it is not there."""

    path: str
    old: IndexFile | None
    new: IndexFile | None


def index_files(repository: Repository, *folders: str) -> list[IndexFile]:
    """All files of the index below the folders. Raises GitFailure while a merge has conflicts."""
    output = os.fsdecode(repository.run("ls-files", "-s", "-z", "--", *folders))
    files = [IndexFile._make(record) for record in _RECORD.findall(output)]
    if len(files) != output.count("\0"):
        conflict = next(iter(_CONFLICT.findall(output)), "a file")
        raise GitFailure(f"{conflict} has a merge conflict", "resolve it and `git add` the file")
    return files


def staged_changes(
    repository: Repository, files: list[IndexFile], *folders: str
) -> list[StagedChange]:
    """The paths below the folders whose staged state differs from HEAD, renames as two changes.

    `files` is what the index holds: before the first commit all of it is new.
    """
    try:
        raw = repository.run(
            *("diff-index", "--cached", "--raw", "--no-renames", "--relative", "--no-abbrev"),
            *("-z", "HEAD", "--", *folders),
        )
    except GitFailure:
        if head_commit(repository) is not None:
            raise
        return [StagedChange(file.path, None, file) for file in files]
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
    return IndexFile(mode, oid, path) if oid.strip("0") else None
