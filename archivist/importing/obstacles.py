"""What stands in the way of writing: files where folders should be, and work not yet saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from archivist.capturing.evidence import FOLDER
from archivist.errors import UsageError
from archivist.files import ENTRIES
from archivist.importing.outcome import Write
from archivist.importing.past import file_state
from archivist.repository import Repository
from archivist.repository.index import index_files

_SHOWN = 5


class Obstacles:
    """Says why nothing can be written at a path of the archive; None if something can."""

    def __init__(self, root: Path, known: Iterable[str]) -> None:
        self._root = root
        self._known = frozenset(known)
        self._folders = {folder for path in self._known for folder in _above(path)}

    def __call__(self, path: str) -> str | None:
        """A link or a file stands where a folder should, or a folder where the file should."""
        for folder in _above(path):
            full = self._root / folder
            wrong = full.is_symlink() or (full.exists() and not full.is_dir())
            if wrong or folder in self._known:
                return f"{folder} is not a folder here"
        return f"{path} is a folder here" if path in self._folders else None


def check_saved(root: Path, repository: Repository | None, writes: Sequence[Write]) -> None:
    """Raises UsageError if the user has edited, staged or put a file where one is to be written."""
    staged: dict[str, str] = {}
    if repository:
        staged = {one.path: one.oid for one in index_files(repository, ENTRIES, FOLDER).all()}
    unsaved = []
    for one in writes:
        now = file_state(root, one.path)
        expected = (one.before, one.after)
        edited = (now.oid if now else None) not in expected
        if edited or (repository and staged.get(one.path) not in expected):
            unsaved.append(one.path)
    if unsaved:
        more = f" and {len(unsaved) - _SHOWN} more" if len(unsaved) > _SHOWN else ""
        raise UsageError(
            f"not committed yet, and in the way: {', '.join(unsaved[:_SHOWN])}{more}",
            "commit these files, or move them away; nothing was written",
        )


def _above(path: str) -> list[str]:
    """The folders that a path lies in."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
