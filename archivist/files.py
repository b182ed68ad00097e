"""The file system: reading what strangers wrote, and writing without ever leaving half a file."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from archivist.entry import SUFFIX
from archivist.errors import FileChanged, FileFailure

MAX_SIZE = 1 << 20  # bytes of one entry
ENTRIES = "entries"
_TEMPORARY = ".archivist-"
_LAST_LINE = 1 << 20  # bytes in which the last line of a file must begin


class SourceFile(NamedTuple):
    """A file below `entries/`: its path in the archive, and its bytes or what stands in the way.

    `obstacle` is the name of the rule that the file breaks by being what it is.
    """

    path: str
    data: bytes = b""
    obstacle: str | None = None


class Unread(NamedTuple):
    """A file below `entries/` that was found and not read: its path in the archive, and where it
    is; of its mode no more than what kind of file it is.
    """

    path: str
    full: str
    mode: int
    real_root: str

    def read(self) -> SourceFile:
        """The file. Raises FileFailure."""
        return _read(self.full, self.path, self.mode, self.real_root)


def read_entries(root: Path) -> Iterator[SourceFile]:
    """Every file below `entries/`, by path, but for hidden ones; links to folders are not followed.

    Raises FileFailure.
    """
    return (one.read() for one in unread_entries(root))


def unread_entries(root: Path) -> Iterator[Unread]:
    """The same files, not read. Raises FileFailure."""
    top, real_root = root / ENTRIES, os.path.realpath(root)
    if top.is_symlink() and not _inside(root, top):
        yield Unread(ENTRIES, str(top), stat.S_IFLNK, real_root)
    elif top.is_dir():
        yield from _walk(str(top), ENTRIES, real_root)


def read_entry(root: Path, path: str) -> SourceFile:
    """One file, by its path in the archive. Raises FileFailure if it is not there."""
    full = f"{root}/{path}"
    return _read(full, path, _stat(full, path).st_mode, os.path.realpath(root))


def listed(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every plain file below `entries/` that may be an entry, by path, with its stat; not read.

    Raises FileFailure.
    """
    for one in unread_entries(root):
        if one.path.endswith(SUFFIX) and not stat.S_ISCHR(one.mode):
            yield one.path, _stat(one.full, one.path)


def read_listed(root: Path, path: str, stat_result: os.stat_result) -> SourceFile:
    """A file that `listed` gave, with the stat that it gave. Raises FileFailure."""
    mode = stat_result.st_mode
    real_root = os.path.realpath(root) if stat.S_ISLNK(mode) else ""
    return _read(f"{root}/{path}", path, mode, real_root)


def _walk(folder: str, path: str, real_root: str) -> Iterator[Unread]:
    """The files below a folder, each folder's in their order; folders may lie in each other ever so
    deep.
    """
    stack = [iter(_listing(folder, path))]
    names = [path]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            names.pop()
        elif item.is_dir(follow_symlinks=False):
            names.append(f"{names[-1]}/{item.name}")
            stack.append(iter(_listing(item.path, names[-1])))
        else:
            yield Unread(f"{names[-1]}/{item.name}", item.path, _kind(item), real_root)


def _listing(folder: str, path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            items = [item for item in listing if not item.name.startswith(".")]
    except OSError as error:
        raise FileFailure(f"cannot read {path}: {error.strerror}") from error
    return sorted(items, key=lambda item: item.name)


def _stat(full: str, path: str) -> os.stat_result:
    try:
        return os.lstat(full)
    except OSError as error:
        raise FileFailure(f"cannot read {path}: {error.strerror}") from error


def _kind(item: os.DirEntry[str]) -> int:
    """What an item is, as a mode; known from the listing for all but pipes and devices."""
    if item.is_symlink():
        return stat.S_IFLNK
    return stat.S_IFREG if item.is_file(follow_symlinks=False) else stat.S_IFCHR


def _read(full: str, path: str, mode: int, real_root: str) -> SourceFile:
    if stat.S_ISLNK(mode):
        full = os.path.realpath(full)
        if not full.startswith(real_root + os.sep) or not os.path.isfile(full):
            return SourceFile(path, obstacle="not-a-plain-file")
    elif not stat.S_ISREG(mode):
        return SourceFile(path, obstacle="not-a-plain-file")
    if not path.endswith(SUFFIX):
        return SourceFile(path, obstacle="other-file")
    try:
        data = read_bounded(full)
    except OSError as error:
        raise FileFailure(f"cannot read {path}: {error.strerror}") from error
    return SourceFile(path, obstacle="too-large") if data is None else SourceFile(path, data)


def read_bounded(full: str | Path, limit: int = MAX_SIZE) -> bytes | None:
    """A file's bytes; None if there are more than `limit`. Never waits for a pipe."""
    descriptor = os.open(full, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        size = os.fstat(descriptor).st_size
        if size > limit:
            return None
        data = os.read(descriptor, size + 1)  # one call for a file; a pipe has no size
        while chunk := os.read(descriptor, limit + 1 - len(data)) if len(data) < size else b"":
            data += chunk
        return None if len(data) > limit else data
    finally:
        os.close(descriptor)


def _inside(root: Path, path: Path) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)


def write(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Write a file whole or not at all, keeping its mode; a link's target is written, not the link.
    What is no file (a device, a pipe) is written into, and never replaced.

    With `expected` the file must still hold these bytes, else it was edited meanwhile.
    Raises FileFailure; the file is then as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if expected is not None and target.read_bytes() != expected:
            raise FileChanged(f"{path.name} was changed meanwhile", "run the command again")
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if mode is not None and not os.access(target, os.W_OK):
            raise FileFailure(f"cannot write {path}: it is read-only")
        if mode is not None and not target.is_file():
            target.write_bytes(data)
        else:
            _replace(target, data, mode)
    except OSError as error:
        raise FileFailure(f"cannot write {path}: {error.strerror}") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, to be written in the block, that takes its place at the end.

    If the block is left before, `path` stays as it was. A link's target is replaced, not the link.
    Raises FileFailure, also for what is no file (a device, a pipe, a folder).
    """
    import tempfile

    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise FileFailure(f"cannot write {path}: it is no file")
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
        os.close(descriptor)
        try:
            yield Path(name)
            with open(name, "rb") as file:
                os.fsync(file.fileno())
            os.chmod(name, mode)
            os.replace(name, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        raise FileFailure(f"cannot write {path}: {error.strerror}") from error


def append(path: Path, data: bytes) -> None:
    """Add lines to the end of a file, in one write; a last line that was cut short is dropped.

    Raises FileFailure.
    """
    try:
        with path.open("a+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - _LAST_LINE, 0))
            tail = file.read(_LAST_LINE) or b"\n"
            if not tail.endswith(b"\n"):
                file.truncate(end - len(tail) + tail.rfind(b"\n") + 1)
            file.write(data)
    except OSError as error:
        raise FileFailure(f"cannot write {path}: {error.strerror}") from error


def make_folder(path: Path) -> None:
    """Make a folder, and those above it. Raises FileFailure."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileFailure(f"cannot make the folder {path}: {error.strerror}") from error


def create(path: Path, data: bytes) -> None:
    """Write a new file whole or not at all. Raises FileFailure if there is one already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data, None, new=True)
    except FileExistsError as error:
        raise FileFailure(f"{path.name} exists already") from error
    except OSError as error:
        raise FileFailure(f"cannot write {path}: {error.strerror}") from error


def _replace(target: Path, data: bytes, mode: int | None, *, new: bool = False) -> None:
    import tempfile  # reading does not need it

    descriptor, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask() if mode is None else mode)
        if new:
            os.link(temporary, target)
        else:
            os.replace(temporary, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other archivists from writing to this archive meanwhile; waits for one that does.

    What one that was killed left half written is removed.
    """
    try:
        import fcntl
    except ImportError:  # Windows: writes stay atomic, two writers take their chance
        yield
        return
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in (root / ENTRIES).rglob(f"{_TEMPORARY}*"):
            left.unlink(missing_ok=True)
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what a process that was killed left half written in a folder, not below it."""
    with suppress(OSError):
        for left in folder.glob(f"{_TEMPORARY}*"):
            left.unlink(missing_ok=True)
