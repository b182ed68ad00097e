"""Carrying a plan out, so that being killed at any moment loses nothing.

Objects first, then the working files, then the index, then the branch. Whatever was done of this
when it is killed is what the next run would do, and finds done; what fails is put back at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from archivist.repository.committing import PathState, commit_paths, head_of
from archivist.repository.fastimport import store_blobs
from archivist.repository.objects import read_blobs
from archivist.repository.sharing import adopt
from archivist.warc import MAX_SIZE


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


def write_files(root: Path, source: Source, plan: Plan) -> Iterator[Write]:
    """Write and remove the working files, each whole or not at all; gives each that was changed.

    Raises FileFailure.
    """
    places: dict[str, list[Write]] = {}
    for one in plan.writes:
        if one.after is not None:
            places.setdefault(one.after, []).append(one)
    for oid, data in source.read(_new(plan)):
        for write in places[oid]:
            if _write_file(root, write, data):
                yield write
    for one in plan.writes:
        if one.after is None and _remove_file(root, one):
            yield one


def undo(root: Path, repository: Repository, written: Sequence[Write], head: str | None) -> None:
    """Put back the working files that were written, but for those that were edited since. If the
    branch is no longer at `head`, somebody has committed, perhaps these files: they stay.

    Raises GitFailure or FileFailure.
    """
    if head_of(repository) != head:
        return
    known = dict(read_blobs(repository, {one.before for one in written if one.before}, MAX_SIZE))
    for one in written:
        now = file_state(root, one.path)
        if (now.oid if now else None) != one.after:
            continue
        if one.before is None:
            _unlink(root, one.path)
        elif (data := known[one.before]) is not None:
            files.write(root / one.path, data)


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


def _write_file(root: Path, write: Write, data: bytes) -> bool:
    full = root / write.path
    now = file_state(root, write.path)
    if now and now.oid == write.after:
        return False
    if now is None and write.before is None:
        files.create(full, data)
        return True
    _check_untouched(write, now)
    files.write(full, data, expected=full.read_bytes())
    return True


def _remove_file(root: Path, write: Write) -> bool:
    now = file_state(root, write.path)
    if now is None:
        return False
    _check_untouched(write, now)
    _unlink(root, write.path)
    return True


def _unlink(root: Path, path: str) -> None:
    full = root / path
    try:
        full.unlink()
    except OSError as error:
        raise FileFailure(f"cannot remove {path}: {error.strerror}") from error
    with suppress(OSError):  # other files may be in it
        if full.parent != root / files.ENTRIES:
            full.parent.rmdir()


def _check_untouched(write: Write, now: PathState | None) -> None:
    if now is None or now.oid != write.before:
        raise FileFailure(f"{write.path} was changed meanwhile", "run the command again")
