"""Edits that are not committed: files read here, never by git, which would run filters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from archivist import files
from archivist.repository import Repository
from archivist.repository.index import skipped_files


class WorkingFile(NamedTuple):
    """A file of the working tree that differs from HEAD; without `oid` and data if it is gone."""

    path: str
    oid: str | None
    data: bytes


def working_files(
    root: Path, repository: Repository, heads: Mapping[str, str], algorithm: str
) -> list[WorkingFile]:
    """The entries whose files differ from HEAD (path → blob), by path.

    Line ends alone are no difference: git may turn them. Files that are kept out of a sparse
    working tree are not gone.
    """
    found = {one.path: one for one in files.read_entries(root)}
    files_here = (edited(one, heads.get(path), algorithm) for path, one in found.items())
    edits = [one for one in files_here if one]
    gone = sorted(heads.keys() - found.keys())
    if gone:
        skipped = skipped_files(repository, files.ENTRIES)
        edits += [WorkingFile(path, None, b"") for path in gone if path not in skipped]
    return sorted(edits)


def edited(file: files.SourceFile, head: str | None, algorithm: str) -> WorkingFile | None:
    """A file, if it is an entry that differs from the blob that HEAD has there."""
    if file.obstacle is not None:
        return None
    oid = blob_id(file.data, algorithm)
    if head == oid or (
        b"\r\n" in file.data and head == blob_id(file.data.replace(b"\r\n", b"\n"), algorithm)
    ):
        return None
    return WorkingFile(file.path, oid, file.data)


def blob_id(data: bytes, algorithm: str) -> str:
    """The id that git gives to a blob of these bytes, in a repository of `sha1` or `sha256`."""
    from hashlib import new  # with OpenSSL in its wake

    return new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
