"""What commits claim of the versions that they record, with what there is to compare it with."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha1

from archivist.capturing.evidence import FOLDER, path_of
from archivist.capturing.evidence import SUFFIX as SUFFIX_OF_EVIDENCE
from archivist.capturing.provenance import Provenance
from archivist.entry import SUFFIX, entry_id
from archivist.files import ENTRIES
from archivist.names import slug
from archivist.repository.claimed import Claimed, commits_with
from archivist.repository.objects import read_what_can_be
from archivist.repository.process import Repository
from archivist.versions.ordering import RECOVERED, RESTORED
from archivist.warc import MAX_SIZE

TRAILER = "Archivist-Entry"
_EXHIBIT = re.compile(rf"{FOLDER}/[^/\0]+{re.escape(SUFFIX_OF_EVIDENCE)}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A commit that records a version: what it says, the entry's path in it (relative to the
    archive), and the objects (blobs, or `REV:PATH`) of the entry and of its evidence, blank if it
    names none. `is_remade` says that its text was made of a page that an earlier claim is of.
    """

    rev: str
    provenance: Provenance
    path: str
    entry_object: str
    evidence_object: str = ""
    is_recovered: bool = False
    is_restored: bool = False
    is_remade: bool = False

    @property
    def entry(self) -> str:
        """The entry's id."""
        return self.provenance.entry

    @property
    def is_capture(self) -> bool:
        """True if it brought a text that was made of a page; False for one that only adds a
        snapshot, follows a source, or comes back to the present text.
        """
        return bool(self.provenance.extractor) and not self.is_restored

    @property
    def is_outside(self) -> bool:
        """True if its evidence is kept beside the commits, in the archive's folder."""
        exhibit = self.provenance.evidence
        return exhibit is not None and exhibit.path != path_of(self.entry)


@dataclass(frozen=True, slots=True)
class Objects:
    """The bytes of a claim's entry and evidence, None where they cannot be read; `broken` names
    those whose bytes are not what git calls them by. In a partial clone (`is_partial`) what cannot
    be read was perhaps not fetched; that of a claim which was imported may not have come along.
    """

    entry: bytes | None
    evidence: bytes | None
    broken: tuple[str, ...] = ()
    is_partial: bool = False
    is_imported: bool = False


def claims(repository: Repository, tip: str, prefix: bytes) -> list[Claim]:
    """All claims in the history of `tip`, oldest first; `prefix` is where the archive lies in its
    repository. Raises GitFailure.
    """
    found = (_claim(one, prefix) for one in commits_with(repository, tip, TRAILER))
    return list(_with_remade([one for one in found if one][::-1]))


def _with_remade(claims: Iterable[Claim]) -> Iterator[Claim]:
    seen: set[tuple[str, str, str]] = set()
    for one in claims:
        page = (one.entry, one.provenance.source, one.provenance.captured)
        yield replace(one, is_remade=True) if page in seen else one
        if one.is_capture:
            seen.add(page)


def with_objects(
    repository: Repository,
    wanted: Sequence[Claim],
    outside: Callable[[str], bytes | None],
    *,
    is_partial: bool = False,
    imported: Container[str] = (),
) -> Iterator[tuple[Claim, Objects]]:
    """Each claim with its objects, read one after another by one process; `outside` gives evidence
    that is in no commit, `imported` are the commits that an import brought.
    """
    asked = [name for one in wanted for name in (one.entry_object, one.evidence_object) if name]
    answers = read_what_can_be(repository, asked, MAX_SIZE)
    for one in wanted:
        entry = next(answers)
        evidence = next(answers) if one.evidence_object else None
        if evidence is None and one.is_outside:
            evidence = outside(one.provenance.evidence.path) if one.provenance.evidence else None
        pairs = ((one.path, one.entry_object, entry), (_name(one), one.evidence_object, evidence))
        broken = tuple(name for name, oid, data in pairs if not _is_whole(oid, data))
        yield one, Objects(entry, evidence, broken, is_partial, one.rev in imported)


def _name(one: Claim) -> str:
    return one.provenance.evidence.path if one.provenance.evidence else ""


def _is_whole(oid: str, data: bytes | None) -> bool:
    """False if a blob's bytes are others than its id says: git looks only when it stores them."""
    if data is None or ":" in oid:
        return True
    head = f"blob {len(data)}\0".encode()
    return sha1(head + data, usedforsecurity=False).hexdigest() == oid


def _claim(one: Claimed, prefix: bytes) -> Claim | None:
    provenance = Provenance.parse(one.trailers)
    if provenance is None:
        return None
    below = prefix + ENTRIES.encode() + b"/"
    # An import may have given the file the name that its id suggests.
    names = [
        f"{one}{SUFFIX}".encode("utf-8", "surrogateescape")
        for one in (provenance.entry, slug(provenance.entry))
    ]
    path = next(
        (path for path in one.files if path.startswith(below) and _file(path) in names),
        below + names[0],
    )
    shown = path.removeprefix(prefix).decode("utf-8", "surrogateescape")
    keys = {key for key, _ in one.trailers}
    exhibit = provenance.evidence
    if exhibit and not _EXHIBIT.fullmatch(exhibit.path):
        return None
    return Claim(
        one.rev,
        provenance,
        shown,
        _object(one, path),
        _object(one, prefix + exhibit.path.encode("utf-8", "surrogateescape")) if exhibit else "",
        RECOVERED in keys,
        RESTORED in keys,
    )


def _file(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]


def _object(one: Claimed, path: bytes) -> str:
    """The blob at a path of a commit: by its id if the commit changed it, else by its name."""
    name = path.decode("utf-8", "surrogateescape")
    return one.files.get(path) or f"{one.rev}:{name}"


def is_of(path: str, name: str) -> bool:
    """True if an entry's path or id is what a command line names."""
    return name in (path, entry_id(path)) or path.startswith(f"{name.rstrip('/')}/")
