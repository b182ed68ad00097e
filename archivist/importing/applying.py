"""Carrying a plan out, so that being killed at any moment loses nothing.

Objects first, then the working files, then the index, then the branch. Whatever is done of this
when it stops is what the next run would do, and finds done.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archivist import __version__, files
from archivist.errors import FileFailure
from archivist.importing.fetching import GitSource, fetch
from archivist.importing.outcome import Plan, Write
from archivist.importing.past import TRAILER, file_state
from archivist.importing.rewriting import REF
from archivist.importing.sources import Source
from archivist.repository import Repository
from archivist.repository.committing import PathState, commit_paths
from archivist.repository.fastimport import store_blobs
from archivist.repository.sharing import adopt


def store(repository: Repository, source: Source, plan: Plan, *, history: bool) -> None:
    """Bring the objects into the archive's repository. Raises GitFailure."""
    if history and isinstance(source, GitSource) and source.made:
        adopt(repository, source.made)
        repository.run("update-ref", REF, source.made.text("rev-parse", REF))
    elif history and isinstance(source, GitSource):
        local = Repository(repository.root, allowed_protocols=("file",))
        fetch(local, source.repository.root, REF, REF)
    else:
        store_blobs(repository, (data for _, data in source.read(_new(plan))))


def write_files(root: Path, source: Source, plan: Plan) -> None:
    """Write and remove the working files, each whole or not at all. Raises FileFailure."""
    places: dict[str, list[Write]] = {}
    for one in plan.writes:
        if one.after is not None:
            places.setdefault(one.after, []).append(one)
    for oid, data in source.read(_new(plan)):
        for write in places[oid]:
            _write_file(root, write, data)
    for one in plan.writes:
        if one.after is None:
            _remove_file(root, one)


def commit(repository: Repository, name: str, plan: Plan, tip: str | None, when: str | None) -> str:
    """Stage the written paths and commit them, merging `tip`. Raises GitFailure."""
    states = [PathState(one.path, one.after, one.mode) for one in plan.writes]
    merged = [tip] if tip else []
    return commit_paths(repository, states, _message(name, plan), merged=merged, when=when)


def _message(name: str, plan: Plan) -> str:
    count = plan.count("imported", "updated")
    what = "" if count else "the history of "
    count = count or plan.count("unchanged")
    subject = f"Import {what}{count} {'entry' if count == 1 else 'entries'} from {name}"
    return f"{subject}\n\n{TRAILER}: {name}\nArchivist-Version: {__version__}\n"


def _new(plan: Plan) -> list[str]:
    return list(dict.fromkeys(one.after for one in plan.writes if one.after is not None))


def _write_file(root: Path, write: Write, data: bytes) -> None:
    full = root / write.path
    now = file_state(root, write.path)
    if now and now.oid == write.after:
        return
    if now is None and write.before is None:
        files.create(full, data)
        return
    _check_untouched(write, now)
    files.write(full, data, expected=full.read_bytes())


def _remove_file(root: Path, write: Write) -> None:
    now = file_state(root, write.path)
    if now is None:
        return
    _check_untouched(write, now)
    full = root / write.path
    try:
        full.unlink()
    except OSError as error:
        raise FileFailure(f"cannot remove {write.path}: {error.strerror}") from error
    with suppress(OSError):  # other files may be in it
        if full.parent != root / files.ENTRIES:
            full.parent.rmdir()


def _check_untouched(write: Write, now: PathState | None) -> None:
    if now is None or now.oid != write.before:
        raise FileFailure(f"{write.path} was changed meanwhile", "run the command again")
