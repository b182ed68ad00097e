"""What the index holds, and how it differs from HEAD."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import os
from collections.abc import Iterator
from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository.process import Repository

PLAIN, SYMLINK = "100644", "120000"


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


class Listing(NamedTuple):
    """What the index holds, by path: the blobs of plain files, and links and submodules.

    Plain files are kept as no more than their blobs: there are thousands, in every hook.
    """

    plain: dict[str, str]
    special: dict[str, IndexFile]

    def get(self, path: str) -> IndexFile | None:
        """The file at a path."""
        if path in self.plain:
            return IndexFile(PLAIN, self.plain[path], path)
        return self.special.get(path)

    def all(self) -> Iterator[IndexFile]:
        """All files, by path."""
        for path in sorted([*self.plain, *self.special]):
            yield self.get(path) or self.special[path]


def index_files(repository: Repository, *folders: str) -> Listing:
    """All files of the index below the folders. Raises GitFailure while a merge has conflicts."""
    output = os.fsdecode(repository.run("ls-files", "-s", "-z", "--", *folders))
    records = output.split("\0")[:-1]  # mode, blob and stage, of one length in all; tab, path
    tab = records[0].index("\t") if records else 0
    if {one[tab - 1] for one in records} - {"0"}:
        where = next(one[tab + 1 :] for one in records if one[tab - 1] != "0")
        raise GitFailure(f"{where} has a merge conflict", "resolve it and `git add` the file")
    plain = {one[tab + 1 :]: one[7 : tab - 2] for one in records if one[:3] == PLAIN[:3]}
    special = {
        one[tab + 1 :]: IndexFile(one[:6], one[7 : tab - 2], one[tab + 1 :])
        for one in (records if len(plain) < len(records) else ())
        if one[:3] != PLAIN[:3]
    }
    return Listing(plain, special)


def staged_changes(repository: Repository, listing: Listing, *folders: str) -> list[StagedChange]:
    """The paths below the folders whose staged state differs from HEAD, renames as two changes.

    `listing` is what the index holds: before the first commit all of it is new.
    """
    try:
        raw = repository.run(
            *("diff-index", "--cached", "--raw", "--no-renames", "--relative", "--no-abbrev"),
            *("-z", "HEAD", "--", *folders),
        )
    except GitFailure:
        if head_commit(repository) is not None:
            raise
        return [StagedChange(file.path, None, file) for file in listing.all()]
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


def skipped_files(repository: Repository, *folders: str) -> set[str]:
    """The paths that a sparse checkout keeps out of the working tree."""
    listing = os.fsdecode(repository.run("ls-files", "-t", "-z", "--", *folders))
    return {one[2:] for one in listing.split("\0") if one.startswith("S ")}
