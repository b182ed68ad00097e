"""A stranger's history, in a repository of our own: borrowed from theirs, or fetched from a bundle.

Its configuration, hooks and attributes stay outside, and the archive sees nothing of it until all
is well.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from archivist import files
from archivist.errors import GitFailure, UsageError
from archivist.importing.mapping import unfit_file, unfit_text
from archivist.importing.outcome import Candidate
from archivist.repository import Repository
from archivist.repository.log import tree_files
from archivist.repository.objects import read_blobs
from archivist.repository.sharing import borrow
from archivist.warc import MAX_SIZE as MAX_EVIDENCE

_TIP = "refs/archivist/source"
_BRANCHES = "refs/heads/"
_UNSHALLOW = "`git fetch --unshallow` there completes it"
_REFETCH = "`git fetch --refetch --no-filter` there completes it"
_LAST_STATE = "; --no-history imports the last state"
_FETCH = (
    # What is wrong inside a stranger's objects is mended when they are rewritten.
    *("-c", "fetch.fsckObjects=false", "-c", "transfer.fsckObjects=false"),
    *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"),
    *("--no-recurse-submodules", "--no-prune", "--no-prune-tags"),
)


@dataclass(frozen=True)
class GitSource:
    """A repository of our own that holds the source's history, and the last commit of it.

    `found` are its candidates, if they are other than the files of that commit; `made` is a
    repository that was written here and holds the history as it is told, whole by itself.
    """

    name: str
    repository: Repository
    tip: str
    found: tuple[Candidate, ...] | None = None
    made: Repository | None = None

    def candidates(self) -> list[Candidate]:
        """The files of the last commit. Raises GitFailure."""
        if self.found is not None:
            return list(self.found)
        tree = tree_files(self.repository, self.tip)
        reasons = [unfit_file(one.path, one.mode) for one in tree]
        fit = (one.oid for one, why in zip(tree, reasons, strict=True) if why is None)
        texts = unfit_texts(self.repository, fit)
        return [
            Candidate(one.path, one.oid, why or texts[one.oid])
            for one, why in zip(tree, reasons, strict=True)
        ]

    def read(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each blob with its bytes. Raises GitFailure."""
        for oid, data in read_blobs(self.repository, oids, MAX_EVIDENCE):
            yield oid, data or b""  # a larger one is no candidate


def unfit_texts(repository: Repository, oids: Iterable[str]) -> dict[str, str | None]:
    """Why each blob is no entry; None for one that is. Raises GitFailure."""
    return {oid: unfit_text(data) for oid, data in read_blobs(repository, oids, files.MAX_SIZE)}


@contextmanager
def fetched(path: Path, name: str, *, history: bool) -> Iterator[GitSource]:
    """The repository or bundle at a path; what was fetched of it is dropped at the end.

    Raises UsageError if it has no commit or does not say which of its branches is meant,
    GitFailure if git cannot read it, or if the `history` that is wanted is cut short.
    """
    with tempfile.TemporaryDirectory(prefix="archivist-", ignore_cleanup_errors=True) as folder:
        repository = Repository(Path(folder), allowed_protocols=("file",))
        begin(repository)
        _fill(repository, path, _head(repository, path), history)
        tip = repository.text("rev-parse", "--verify", f"{_TIP}^{{commit}}")
        yield GitSource(name, repository, tip)


def begin(repository: Repository) -> None:
    """Make an empty repository of our own in a folder that is there.

    Not bare: a user may have told git to mistrust bare ones (safe.bareRepository).
    """
    repository.run("init", "--quiet", "--template=", "--object-format=sha1", ".")


def fetch(repository: Repository, origin: Path, ref: str, into: str, *more: str) -> None:
    """Fetch one ref, with all that it needs, from a repository on this machine."""
    repository.run(*_FETCH, *more, "--end-of-options", str(origin), f"+{ref}:{into}")


def _fill(repository: Repository, path: Path, head: _Head, history: bool) -> None:
    partial = False
    try:
        if path.is_dir():
            partial = borrow(repository, Repository(path))
            repository.run("update-ref", _TIP, head.oid)
        else:
            fetch(repository, path, head.ref, _TIP)
    except GitFailure as error:
        hint = None
        if "prerequisite" in error.message:
            hint = "it holds a part of a history only; `git bundle create FILE --all` makes a whole"
        raise GitFailure(f"cannot read {path.name}: {error.message}", hint) from error
    if history:
        check_whole(repository, path.name, _UNSHALLOW + _LAST_STATE)
        if partial:
            _check_texts(repository, path.name)


def check_whole(repository: Repository, name: str, hint: str = _UNSHALLOW) -> None:
    """Raises GitFailure if the history that was fetched is cut short."""
    if repository.text("rev-parse", "--is-shallow-repository") == "true":
        raise GitFailure(f"the history of {name} is cut short", hint)


def _check_texts(repository: Repository, name: str) -> None:
    listed = repository.run("rev-list", "--objects", "--missing=print", _TIP)
    if b"\n?" in listed:
        raise GitFailure(
            f"{name} is a partial clone, and lacks texts of its history", _REFETCH + _LAST_STATE
        )


class _Head(NamedTuple):
    """The ref that is meant, and its commit."""

    ref: str
    oid: str


def _head(repository: Repository, path: Path) -> _Head:
    """HEAD, or the only branch."""
    raw = os.fsdecode(repository.run("ls-remote", "--end-of-options", str(path)))
    refs = {ref: oid for oid, _, ref in (line.partition("\t") for line in raw.splitlines())}
    branches = [ref for ref in refs if ref.startswith(_BRANCHES)]
    if "HEAD" in refs:
        return _Head("HEAD", refs["HEAD"])
    if len(branches) == 1:
        return _Head(branches[0], refs[branches[0]])
    if not branches:
        raise UsageError(f"{path.name} has no commit")
    names = ", ".join(sorted(ref.removeprefix(_BRANCHES) for ref in branches))
    raise UsageError(
        f"{path.name} has several branches and no HEAD: {names}",
        "`git symbolic-ref HEAD refs/heads/NAME` there says which one is meant",
    )
