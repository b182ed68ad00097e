"""What the archive holds already, and what earlier imports of the same source left in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

from archivist.capturing.evidence import FOLDER
from archivist.files import ENTRIES, MAX_SIZE, read_bounded
from archivist.importing.exhibits import is_exhibit
from archivist.importing.fetching import GitSource
from archivist.importing.mapping import blob_id, target
from archivist.importing.outcome import Candidate
from archivist.importing.rewriting import Rewritten
from archivist.repository import Repository
from archivist.repository.committing import PathState, head_of
from archivist.repository.log import Commit, changes, commits, difference, tree_files
from archivist.warc import MAX_SIZE as MAX_EVIDENCE

TRAILER = "Archivist-Source"


@dataclass(frozen=True)
class Past:
    """What stands at each path now (`head`) and ever stood there (`here`), which texts are known
    to be the source's (`known`), what its last import brought (`last`), and which paths it has
    renamed since (`renamed`, new → old). `holds` says that all of its history is here already.
    """

    head: Mapping[str, PathState] = field(default_factory=dict)
    here: Mapping[str, Set[str]] = field(default_factory=dict)
    known: Mapping[str, Set[str]] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    holds: bool = False


def files_past(root: Path, paths: Iterable[str]) -> Past:
    """The past of an archive without git: the files at these paths. Raises OSError."""
    return Past({path: state for path in paths if (state := file_state(root, path))})


def file_state(root: Path, path: str) -> PathState | None:
    """A working file's blob, as git would call it; blank for what is not an entry's plain file."""
    full = root / path
    if full.is_symlink() or (full.exists() and not full.is_file()):
        return PathState(path, "")
    limit = MAX_EVIDENCE if is_exhibit(path) else MAX_SIZE
    data = read_bounded(full, limit) if full.exists() else b""
    if data is None:
        return PathState(path, "")
    return PathState(path, blob_id(data)) if full.exists() else None


def archive_commits(repository: Repository) -> list[Commit]:
    """The commits of the archive's branch, oldest first. Raises GitFailure."""
    return commits(repository, "HEAD") if head_of(repository) else []


def named_past(repository: Repository, history: list[Commit], name: str) -> Past:
    """The past of a source that has no history, known by its name in the trailers."""
    ours = _named_commits(repository, name) if history else frozenset()
    here: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    for oid, path, blob in _main_line(repository, history):
        here.setdefault(path, set()).add(blob)
        if oid in ours:
            known.setdefault(path, set()).add(blob)
            last[path] = blob
    return Past(_head(repository, history), here, known, last)


def history_past(
    repository: Repository,
    history: list[Commit],
    source: GitSource,
    told: Rewritten,
    candidates: Iterable[Candidate],
    prefix: str,
) -> Past:
    """The past of a source whose history, as it is told here or as it is, may be here in part."""
    ours = {one.oid for one in history}
    base = next((oid for one in reversed(told.kept) if (oid := one.commit.oid) in ours), None)
    here: dict[str, set[str]] = {}
    for _, path, blob in _main_line(repository, history):
        here.setdefault(path, set()).add(blob)
    head = _head(repository, history)
    if source.tip in ours:  # a clone of this archive
        last = {one.place or target(one.path): one.oid for one in candidates if one.unfit is None}
        return Past(head, here, told.texts, last, holds=True)
    last, renamed = _since(source.repository, base, told.tip, prefix)
    return Past(head, here, told.texts, last, renamed, base is not None and base == told.tip)


def _since(
    repository: Repository, base: str | None, tip: str | None, prefix: str
) -> tuple[dict[str, str], dict[str, str]]:
    """What the last import brought, and what was renamed since."""
    if base is None or tip is None:
        return {}, {}
    last = {_text(one.path, prefix): one.oid for one in tree_files(repository, base)}
    renamed = {
        _text(one.path, prefix): _text(one.origin, prefix)
        for one in difference(repository, base, tip)
        if one.origin
    }
    return last, renamed


def _head(repository: Repository, history: list[Commit]) -> dict[str, PathState]:
    if not history:
        return {}
    tree = tree_files(repository, "HEAD", f"{ENTRIES}/", f"{FOLDER}/")
    return {path: PathState(path, one.oid, one.mode) for one in tree if (path := _text(one.path))}


def _main_line(repository: Repository, history: list[Commit]) -> Iterator[tuple[str, str, str]]:
    """Every text that a commit of the archive's main line put at a path: (commit, path, blob)."""
    for oid, found in changes(repository, _first_parents(history), ENTRIES, FOLDER):
        yield from ((oid, _text(one.path), one.oid) for one in found if one.oid)


def _first_parents(history: list[Commit]) -> list[Commit]:
    """The line of first parents that ends at the last commit, oldest first."""
    parents = {one.oid: one for one in history}
    line: list[Commit] = []
    current = history[-1] if history else None
    while current:
        line.append(current)
        current = parents[current.parents[0]] if current.parents else None
    return line[::-1]


def _named_commits(repository: Repository, name: str) -> frozenset[str]:
    """The commits of the main line whose trailers name this source."""
    form = f"%H %(trailers:key={TRAILER},valueonly,unfold,separator=%x00)"
    listing = repository.run("log", "--first-parent", f"--format={form}", "HEAD", "--")
    rows = listing.decode("utf-8", "replace").splitlines()
    return frozenset(
        oid for oid, _, names in (row.partition(" ") for row in rows) if name in names.split("\0")
    )


def _text(path: bytes, prefix: str = "") -> str:
    return path.decode("utf-8", "surrogateescape").removeprefix(prefix)
