"""Evidence that comes along with the versions that it is of.

Only what a commit of the source names in its trailers, with its digest, is taken: the rest of a
stranger's `evidence/` stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archivist.capturing.evidence import FOLDER
from archivist.capturing.provenance import Provenance
from archivist.importing.mapping import REGULAR_MODES
from archivist.importing.outcome import Candidate
from archivist.repository import Repository
from archivist.repository.claimed import commits_with
from archivist.repository.log import Change
from archivist.repository.objects import read_blobs
from archivist.warc import MAX_SIZE, digest

Exhibits = frozenset[tuple[bytes, str]]  # path in the source, blob

_TRAILER = "Archivist-Entry"
_PLACE = re.compile(
    rf"(?:.*/)?({FOLDER}/[A-Za-z0-9][A-Za-z0-9._-]{{0,199}}\.warc)".encode(), re.DOTALL
)


def place_of(path: bytes) -> str | None:
    """Where a file of evidence lies here, as trailers name it; None if a path is of none."""
    match = _PLACE.fullmatch(path)
    return match[1].decode() if match else None


def exhibits(repository: Repository, tip: str, changes: Iterable[Change]) -> Exhibits:
    """Of these changes, the files of evidence that the commits leading to `tip` name.

    Each is read once, up to 64 MiB, and compared with its digest. Raises GitFailure if an object is
    missing.
    """
    found = {
        (one.path, one.oid)
        for one in changes
        if one.oid and one.mode in REGULAR_MODES and place_of(one.path)
    }
    if not found:
        return frozenset()
    named = _named(repository, tip)
    wanted = sorted({(path, oid) for path, oid in found if place_of(path) in named})
    blobs = read_blobs(repository, (oid for _, oid in wanted), MAX_SIZE)
    digests = {oid: digest(data) for oid, data in blobs if data is not None}
    return frozenset(
        (path, oid) for path, oid in wanted if digests.get(oid) in named[place_of(path) or ""]
    )


def with_exhibits(candidate: Candidate, known: Exhibits | None) -> Candidate:
    """A candidate as what it is, given the evidence of the history (None: of none)."""
    place = place_of(candidate.path)
    if place is None:
        return candidate
    if known is None:
        return Candidate(candidate.path, candidate.oid, "evidence of versions that stay there")
    if (candidate.path, candidate.oid) not in known:
        return Candidate(candidate.path, candidate.oid, "evidence that no commit names")
    return Candidate(candidate.path, candidate.oid, None, place)


def is_exhibit(path: str) -> bool:
    """True for a path of evidence in an archive."""
    return path.startswith(f"{FOLDER}/")


def _named(repository: Repository, tip: str) -> dict[str, set[str]]:
    """The digests that commits name, by the path of the evidence."""
    named: dict[str, set[str]] = {}
    for one in commits_with(repository, tip, _TRAILER):
        said = Provenance.parse(one.trailers)
        if said and said.evidence:
            named.setdefault(said.evidence.path, set()).add(said.evidence.digest)
    return named
