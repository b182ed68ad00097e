"""What a work tree and an index hold that is not committed, and must not be overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archivist import files as door
from archivist.repository.commits import CommitWriter
from archivist.repository.journal import Journal, index_items
from archivist.repository.standing import Standing
from archivist.repository.store import Item, Store, blob_id

_MOST = 1 << 27  # bytes of a file
_EDITED = "has edits that are not committed"
_ENDS = "has other line ends in the folder than in its commit"  # `core.autocrlf`
_LINK = "is a link, or lies behind one"
EVIDENCE = ".warc"


def way_out(path: str, why: str) -> str:
    """What to do about a file that must not be overwritten."""
    if path.endswith(EVIDENCE):
        return f"evidence stays what it was: git restore --staged --worktree -- {path}"
    if why == _ENDS:
        return f"git config core.autocrlf false; git checkout -- {path}"
    return "put a plain file in its place, and commit that" if why == _LINK else "commit it first"


class Unsaved:
    """Tells of the files of an archive what would be lost. Paths are relative to the archive; every
    method may raise GitFailure.
    """

    def __init__(self, standing: Standing, writer: CommitWriter) -> None:
        self._standing = standing
        self._writer = writer
        self._index: tuple[object, dict[str, Item]] = (None, {})

    def why(self, path: str, head: str) -> str:
        """Why a file must not be overwritten, where `head` is what is checked out: it holds what
        is not committed; blank if it may be.

        A file that git does not know yet may be: it will be committed as a whole.
        """
        root = self._standing.repository.root
        full = root / path
        if full.is_symlink() or _goes_through_link(root, path):
            return _LINK
        committed, staged = self._writer.item(head, path), self.staged().get(path)
        if committed is None and staged is None:
            return ""
        if any(one is not None and not one.mode.startswith("100") for one in (committed, staged)):
            return "is no plain file in the repository"
        now = blob_id(data) if (data := content(full)) is not None else None
        if staged is None or committed is None or staged.oid != committed.oid:
            return "has changes that are staged and not committed"
        if now == staged.oid:
            return ""
        plain = (data or b"").replace(b"\r\n", b"\n")
        return _ENDS if plain != data and blob_id(plain) == staged.oid else _EDITED

    def staged(self) -> Mapping[str, Item]:
        """What the index holds, read again if anybody has written it meanwhile."""
        stamp = self._stamp()
        if stamp is None or stamp != self._index[0]:
            self._index = stamp, index_items(self._standing)
        return self._index[1]

    def learn(self, items: Mapping[str, Item | None], *, alone: bool) -> None:
        """Know what has just been staged; only if nobody else may have staged anything (`alone`)
        need the index not be read again.
        """
        staged = self._index[1] | {path: item for path, item in items.items() if item}
        self._index = (self._stamp() if alone else None, staged)

    def forget(self) -> None:
        """Read the index again, whatever it seems to be."""
        self._index = (None, {})

    def _stamp(self) -> object:
        try:
            stat = (self._standing.git_folder / "index").stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino


def set_aside(standing: Standing, store: Store, journal: Journal) -> dict[str, str]:
    """Store what files hold that are neither as they were nor as they were written, since a hook
    or somebody else has changed them meanwhile; the blobs by path. Raises GitFailure.
    """
    found: dict[str, str] = {}
    for path, (_, new, before) in journal.read().items():
        data = content(standing.repository.root / path)
        if data is not None and blob_id(data) not in (before, new and new.oid):
            found[path] = store.blob(data)
    return found


def content(path: Path) -> bytes | None:
    """The bytes of a file; None if there is none, or if it is too large."""
    try:
        return door.read_bounded(path, _MOST)
    except OSError:
        return None


def _goes_through_link(root: Path, path: str) -> bool:
    """True if a folder on the way to a path is a link, which may lead anywhere."""
    *folders, _ = path.split("/")
    return any((root / "/".join(folders[: n + 1])).is_symlink() for n in range(len(folders)))
