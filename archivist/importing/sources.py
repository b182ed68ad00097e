"""What is imported from: a folder of files, a git repository, a bundle."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from archivist import files
from archivist.console import escape
from archivist.errors import FileFailure, UsageError
from archivist.importing.fetching import GitSource, fetched
from archivist.importing.mapping import MAX_PATH, blob_id, unfit_file, unfit_text
from archivist.importing.outcome import Candidate

_BUNDLES = (b"# v2 git bundle\n", b"# v3 git bundle\n")


@dataclass(frozen=True)
class FolderSource:
    """A folder of files, without a history."""

    name: str
    top: Path
    _places: dict[str, str] = field(default_factory=dict, repr=False)

    def candidates(self) -> list[Candidate]:
        """The files below the folder, links not followed. Raises FileFailure."""
        return list(self._walk())

    def read(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each blob with its bytes. Raises FileFailure if a file was changed meanwhile."""
        for oid in oids:
            data = _bytes_of(self._places[oid])
            if data is None or blob_id(data) != oid:
                name = os.path.basename(self._places[oid])
                raise FileFailure(f"{name} was changed meanwhile", "run the command again")
            yield oid, data

    def _walk(self) -> Iterator[Candidate]:
        for folder, folders, names in os.walk(self.top, onerror=_raise):
            room = MAX_PATH + len(str(self.top)) - len(folder)
            entered = [name for name in sorted(folders) if _is_entered(folder, name, room)]
            for name in sorted({*names, *folders}.difference(entered)):
                yield self._candidate(os.path.join(folder, name))
            folders[:] = entered

    def _candidate(self, full: str) -> Candidate:
        path = os.fsencode(os.path.relpath(full, self.top).replace(os.sep, "/"))
        reason = unfit_file(path, _mode(full))
        if reason is not None:
            return Candidate(path, "", reason)
        data = _bytes_of(full)
        if data is None:
            return Candidate(path, "", unfit_text(data))
        oid = blob_id(data)
        self._places.setdefault(oid, full)
        return Candidate(path, oid, unfit_text(data))


Source = FolderSource | GitSource


def opened(given: Path, root: Path, *, history: bool) -> AbstractContextManager[Source]:
    """The source at a path, for as long as it is used.

    Raises UsageError if there is none, or if it is the archive at `root` itself; then what
    `fetched` raises.
    """
    path = Path(os.path.abspath(given))
    name = source_name(path)
    if not path.exists():
        remote = ":/" in str(given) or "@" in str(given)  # a path has one `/` of two
        raise UsageError(
            f"there is no {given}", "clone it first, then import the clone" if remote else None
        )
    if path.is_dir() and not _is_repository(path):
        _check_apart(path, root)
        return nullcontext(FolderSource(name, path))
    if path.is_dir():
        _check_other(path, root)
    elif not path.is_file() or not _begins_as_bundle(path):
        raise UsageError(f"{given} is neither a folder, nor a git repository, nor a git bundle")
    return fetched(path, name, history=history)


def source_name(path: Path) -> str:
    """The last part of a path, on one line, with nothing in it that a terminal would obey."""
    return escape(" ".join(path.name.split()))[:100] or "source"


def _is_repository(path: Path) -> bool:
    bare = (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()
    return bare or (path / ".git").exists()


def _check_other(path: Path, root: Path) -> None:
    home = next((one for one in (root, *root.parents) if _is_repository(one)), None)
    if home and path.resolve() in (home.resolve(), (home / ".git").resolve()):
        raise UsageError(f"{path.name} is this archive itself")


def _check_apart(path: Path, root: Path) -> None:
    here, there = root.resolve(), path.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise UsageError(f"the folder {path.name} and this archive lie in each other")


def _begins_as_bundle(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.readline(32) in _BUNDLES
    except OSError as error:
        raise FileFailure(f"cannot read {path.name}: {error.strerror}") from error


def _is_entered(folder: str, name: str, room: int) -> bool:
    if name.startswith(".") or len(name) > room:
        return False
    return not os.path.islink(os.path.join(folder, name))


def _bytes_of(full: str) -> bytes | None:
    try:
        return files.read_bounded(full)
    except OSError as error:
        raise FileFailure(f"cannot read {os.path.basename(full)}: {error.strerror}") from error


def _mode(full: str) -> str:
    mode = os.lstat(full).st_mode
    if stat.S_ISREG(mode):
        return "100644"
    if stat.S_ISLNK(mode):
        return "120000"
    return "040000" if stat.S_ISDIR(mode) else "other"


def _raise(error: OSError) -> None:
    raise FileFailure(f"cannot read {error.filename}: {error.strerror}") from error
