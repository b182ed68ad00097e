"""What is being changed, written down before it is: so that a process that was killed half-way
leaves a repository that can be put back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from archivist import files as door
from archivist.errors import FileFailure, GitFailure
from archivist.repository.filters import write_index
from archivist.repository.index import index_files
from archivist.repository.standing import Standing
from archivist.repository.store import Item, Store, blob_id

_NAME = "recording.json"
_NO_OBJECT = "0" * 40


@contextmanager
def alone(standing: Standing) -> Iterator[None]:
    """Keep other archivists from committing to this work tree meanwhile.

    Raises GitFailure if one does, FileFailure if the folder cannot be written.
    """
    folder = standing.git_folder / "archivist"
    try:
        folder.mkdir(exist_ok=True)
        descriptor = os.open(folder / "recording.lock", os.O_CREAT | os.O_RDWR, 0o666)
    except OSError as error:
        raise FileFailure(f"cannot write into {folder}: {error.strerror}") from error
    try:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GitFailure(
                "another archivist is recording versions here", "wait until it is done"
            ) from None
        yield
    finally:
        os.close(descriptor)


class Journal:
    """The journal of a work tree: which files (by path below the archive) are to become what."""

    def __init__(self, standing: Standing) -> None:
        self._path = standing.git_folder / "archivist" / _NAME

    def begin(self, files: Mapping[str, tuple[Item | None, Item | None, str | None]]) -> None:
        """Note the files: what the index holds, what it will hold, and the blob of the working
        file as it is (None if there is none). Raises FileFailure.
        """
        data = json.dumps({"version": 1, "files": files}).encode()
        door.sweep(self._path.parent)
        if self._path.exists():
            self._path.unlink()
        door.create(self._path, data)

    def end(self) -> None:
        """Forget it: everything is as it was, or as it should be."""
        self._path.unlink(missing_ok=True)

    def read(self) -> dict[str, tuple[Item | None, Item | None, str | None]]:
        """What was under way when a process was killed; nothing if none was.

        Raises GitFailure for a journal that cannot be read.
        """
        try:
            found = json.loads(self._path.read_bytes())["files"]
            return {
                path: (old and Item(*old), new and Item(*new), before)
                for path, (old, new, before) in found.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GitFailure(
                "the note of an unfinished commit cannot be read", f"look at it: {self._path}"
            ) from error


def update_index(standing: Standing, items: Mapping[str, Item | None]) -> None:
    """Stage what these paths (below the archive) shall be, and nothing else. Raises GitFailure."""
    lines = b"".join(
        f"{item.mode if item else 0} {item.oid if item else _NO_OBJECT}\t".encode()
        + os.fsencode(standing.prefix + path)
        + b"\0"
        for path, item in items.items()
    )
    write_index(standing.repository, lines, standing.settings)


def put_back(standing: Standing, store: Store, journal: Journal, *, by_force: bool = False) -> bool:
    """Undo what the journal says was under way, unless it was done to its end: the working files
    and the index at these paths are as before. What the user has edited since stays; `by_force`,
    nothing does: a hook may have edited these files, and said no.

    Gives True if anything had to be put back. Raises GitFailure or FileFailure.
    """
    pending = journal.read()
    for folder in {(standing.repository.root / path).parent for path in pending}:
        door.sweep(folder)
    if not pending:
        journal.end()
        return False
    tree = store.tree_of("HEAD")
    if all(
        store.file(tree, standing.prefix + path) == new for path, (_, new, _) in pending.items()
    ):
        journal.end()
        return False
    # New files first: without them there may be room on a full disk for the others.
    for path, (_, new, before) in sorted(pending.items(), key=lambda one: one[1][2] is not None):
        full = standing.repository.root / path
        if by_force or _is_written(full, new):
            _put_file_back(full, store, before)
    staged = index_items(standing, pending)
    undone = {
        path: old for path, (old, new, _) in pending.items() if staged.get(path) == new != old
    }
    if undone:
        update_index(standing, undone)
    journal.end()
    return True


def index_items(standing: Standing, paths: Mapping[str, object] | None = None) -> dict[str, Item]:
    """What the index holds at these paths, or at all below the archive.

    Raises GitFailure while a merge has conflicts.
    """
    listing = index_files(standing.repository, *(paths or ()))
    return {one.path: Item(one.mode, one.oid) for one in listing.all()}


def _is_written(full: Path, new: Item | None) -> bool:
    """True if a file is what it was to become, and was not edited since."""
    now = full.read_bytes() if full.is_file() else None
    return (blob_id(now) if now is not None else None) == (new.oid if new else None)


def _put_file_back(full: Path, store: Store, before: str | None) -> None:
    if before is None:
        full.unlink(missing_ok=True)
        return
    data = store.read(before, "blob")
    if data is None:
        raise GitFailure(f"the repository lacks the object {before}")
    if not full.exists():
        door.create(full, data)
    elif full.read_bytes() != data:
        door.write(full, data)
