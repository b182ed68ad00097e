"""Edits that are not committed: files read here, never by git, which would run filters."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from archivist import files
from archivist.repository import Repository
from archivist.repository.objects import read_what_can_be
from archivist.stamps import stamp

_PIECE = re.compile(rb"[^\n]{0,63}\n|[^\n]{1,64}")
_ALIKE = 50  # per cent: from there on git takes two files for one that was moved
_ENORMOUS, _CHUNK = 1 << 28, 1 << 20  # bytes
_MOST_PAIRS = 10_000  # of files that are compared


class WorkingFile(NamedTuple):
    """A file of the working tree that differs from HEAD; without `oid` if it is gone, without data
    also if it is too large to be read.

    `origin` is where HEAD has it, if it was moved; `alike` how much of it stayed, in per cent.
    """

    path: str
    oid: str | None
    data: bytes | None
    origin: str | None = None
    alike: int | None = None


class Compared(NamedTuple):
    """The files of a working tree: where they are; those that differ from HEAD; and of those that
    do not, where that can be known without reading them again, the state that they are in.
    """

    here: set[str]
    edits: list[WorkingFile]
    states: dict[str, str]


def compared(
    root: Path, heads: Mapping[str, str], algorithm: str, known: Mapping[str, str]
) -> Compared:
    """The files below `entries/`, compared with the blobs that HEAD has there (path → blob).

    `known` are the states of those that did not differ when they were compared before: they are
    read only if they, or their blobs, are others now. Raises FileFailure.
    """
    found = Compared(set(), [], {})
    for file in files.unread_entries(root):
        found.here.add(file.path)
        head = heads.get(file.path)
        state = _state(file, head)
        edit = None
        if not state or known.get(file.path) != state:
            edit = edited(root, file.read(), head, algorithm)
        if edit:
            found.edits.append(edit)
        elif state:
            found.states[file.path] = state
    return found


def _state(file: files.Unread, head: str | None) -> str:
    """The stamp of a plain file and the blob that HEAD has there; blank if either is not to be had.
    A link may lead to another file without being changed.
    """
    if head is None or not S_ISREG(file.mode):
        return ""
    try:
        found = stamp(os.lstat(file.full))
    except OSError:
        return ""
    return found and f"{head} {found}"


def working_files(
    root: Path, repository: Repository, heads: Mapping[str, str], found: Compared
) -> list[WorkingFile]:
    """The entries whose files differ from HEAD (path → blob), by path.

    Line ends alone are no difference: git may turn them. Files that are kept out of a sparse
    working tree are not gone. Links are no entries, as they are none in a commit. A file that is
    gone and one that came, much like it, are one that was moved.
    """
    links = {one.path for one in found.edits if (root / one.path).is_symlink()}
    edits = [one for one in found.edits if one.path not in links]
    gone = sorted((heads.keys() - found.here) | (heads.keys() & links))
    if gone:
        from archivist.repository.index import skipped_files

        skipped = skipped_files(repository, files.ENTRIES)
        gone = [path for path in gone if path not in skipped]
    come = [one for one in edits if one.path not in heads]
    moved = {one.path: one for one in _moved(repository, come, {p: heads[p] for p in gone})}
    left = {one.origin for one in moved.values()}
    edits = [moved.get(one.path, one) for one in edits]
    return sorted([*edits, *(WorkingFile(path, None, None) for path in gone if path not in left)])


def _moved(
    repository: Repository, come: Sequence[WorkingFile], gone: Mapping[str, str]
) -> Iterator[WorkingFile]:
    """Those of the files that came which are one that is gone (path → blob): what is most alike."""
    if not come or not gone:
        return
    pairs = [(100, path, one) for one in come for path, oid in gone.items() if oid == one.oid]
    if not pairs or len(pairs) < min(len(come), len(gone)):
        pairs += _similar(repository, come, gone)
    taken: set[str] = set()
    # Of two that are as much alike, one with the same name: it went to another folder.
    for alike, path, one in sorted(pairs, key=lambda pair: (-pair[0], not _same_name(*pair[1:]))):
        if not taken & {path, f"+{one.path}"}:
            taken |= {path, f"+{one.path}"}
            yield one._replace(origin=path, alike=alike)


def _same_name(path: str, one: WorkingFile) -> bool:
    return path.rpartition("/")[2] == one.path.rpartition("/")[2]


def _similar(
    repository: Repository, come: Sequence[WorkingFile], gone: Mapping[str, str]
) -> Iterator[tuple[int, str, WorkingFile]]:
    """Pairs of which at least the half stayed, as git counts it."""
    if len(come) * len(gone) > _MOST_PAIRS:
        return
    pieces = [_pieces(one.data or b"") for one in come]
    texts = read_what_can_be(repository, list(gone.values()), files.MAX_SIZE)
    for path, data in zip(gone, texts, strict=True):
        old = _pieces(data or b"")
        for one, new in zip(come, pieces, strict=True):
            stayed = sum(len(piece) * count for piece, count in (old & new).items())
            alike = 100 * stayed // max(len(data or b""), len(one.data or b""), 1)
            if alike >= _ALIKE:
                yield alike, path, one


def _pieces(data: bytes) -> Counter[bytes]:
    """A text in lines, and long ones in pieces of 64 bytes: what git compares to find renames."""
    return Counter(_PIECE.findall(data))


def edited(
    root: Path, file: files.SourceFile, head: str | None, algorithm: str
) -> WorkingFile | None:
    """A file, if it is an entry that differs from the blob that HEAD has there."""
    if file.obstacle == "too-large":
        oid = _large_blob_id(root / file.path, algorithm)
        return None if oid == head else WorkingFile(file.path, oid, None)
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


def _large_blob_id(path: Path, algorithm: str) -> str:
    """The same of a file that is too large to be held; of one that is enormous, what none has."""
    from hashlib import new

    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = new(algorithm, b"blob %d\0" % size, usedforsecurity=False)
        while size <= _ENORMOUS and (chunk := file.read(_CHUNK)):
            digest.update(chunk)
    return digest.hexdigest()
