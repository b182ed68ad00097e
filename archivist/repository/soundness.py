"""Whether the objects of a repository are whole, by `git fsck`, and which files they are."""

from __future__ import annotations

import re
from typing import NamedTuple

from archivist.repository.process import Repository

# Objects that are written in an unusual way are whole, and what nothing refers to is no harm.
_HARMLESS = re.compile(r"(?:error|warning) in (?:commit|tree|tag|blob)|dangling |notice: ")
_OBJECT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_MOST = 100  # objects that are named


class Damage(NamedTuple):
    """An object that is missing or broken (blank if git names none), and the path that it has
    somewhere in history, or git's own words.
    """

    oid: str
    about: str


def damages(repository: Repository) -> list[Damage]:
    """What is broken. Raises GitFailure if git cannot be run."""
    code, out, complaints = repository.attempt("fsck", "--no-dangling", "--no-progress")
    lines = (out + b"\n" + complaints).decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not _HARMLESS.match(line.strip())]
    oids = list(dict.fromkeys(oid for line in said for oid in _OBJECT.findall(line)))[:_MOST]
    if not oids:
        # A pack's own checksum, an index, a ref: git names no object.
        return [Damage("", line[:300]) for line in said[:_MOST] if code and "error" in line.lower()]
    paths = _paths(repository, set(oids))
    return [Damage(oid, paths.get(oid) or _words(oid, said)) for oid in oids]


def _words(oid: str, said: list[str]) -> str:
    return next((line for line in said if oid in line), "")[:300]


def _paths(repository: Repository, wanted: set[str]) -> dict[str, str]:
    """The paths of objects, as far as the history can still be walked."""
    _, out, _ = repository.attempt("rev-list", "--objects", "--all")
    found = {}
    for line in out.splitlines():
        oid, _, path = line.decode("utf-8", "surrogateescape").partition(" ")
        if oid in wanted and path:
            found[oid] = path
    return found
