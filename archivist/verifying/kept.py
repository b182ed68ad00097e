"""Evidence after its capture: it must stay what it was until a later capture replaces it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archivist.capturing.evidence import path_of
from archivist.entry import entry_id
from archivist.repository.objects import read_what_can_be
from archivist.repository.process import Repository
from archivist.verifying.checking import Finding
from archivist.verifying.claims import Claim
from archivist.verifying.line import Changed, Line
from archivist.warc import MAX_SIZE, digest


@dataclass
class Kept:
    """The evidence of an archive, of which `claims` say what it must be, oldest first; `blobs` are
    the files of HEAD.
    """

    repository: Repository
    line: Line
    claims: Sequence[Claim]
    blobs: dict[str, str]
    is_partial: bool = False
    _digests: dict[str, str | None] = field(default_factory=dict, init=False)

    def findings(self, last: Iterable[Claim]) -> Iterator[tuple[Claim, Finding]]:
        """What is not, at HEAD, the evidence that was captured last; `last` are the last captures
        of all entries, whose evidence must be there as long as the entry is.
        """
        newest = self._newest()
        needed = {id(one) for one in last}
        places = {path: (path, self._moved(claim, newest)) for path, claim in newest.items()}
        self._read(
            self.blobs[place]
            for path, claim in newest.items()
            for place in places[path]
            if self.blobs.get(place) not in (None, claim.evidence_object)
        )
        for path, claim in newest.items():
            present = self.line.present(claim)
            if any(self._is_right(claim, place) for place in places[path]):
                continue
            rev = self._changed_in(path)
            if path in self.blobs:
                words = f"is not the file that was captured last, in {claim.rev[:10]}"
                yield claim, Finding("evidence", f"{path} {words}{rev and f': {rev} changed it'}")
            elif present and id(claim) in needed and (rev or ":" not in claim.evidence_object):
                by = f": {rev} removed it" if rev else ""  # else an import left it out
                yield claim, Finding("evidence", f"{path} is no longer there{by}")

    def mended(self) -> Iterator[str]:
        """What was wrong with evidence after a capture, and is right again."""
        newest = self._newest()
        foreign = list(self._foreign())
        self._read(one.oid for one in foreign if one.oid)
        named = {one.provenance.evidence.digest for one in self.claims if one.provenance.evidence}
        for one in foreign:
            claim, said = newest[one.path], self._digests.get(one.oid or "")
            if said is not None and said not in named and self._is_right(claim, one.path):
                yield f"{one.path} was damaged in {one.rev[:10]}; a later commit put it right"

    def _foreign(self) -> Iterator[Changed]:
        """The changes of evidence, after a capture, that no claim is known to have made."""
        known = {(_path(one), one.evidence_object) for one in self.claims}
        captured: set[str] = set()
        for one in self.line.changed:
            if (one.path, one.oid) in known:
                captured.add(one.path)
            elif one.oid and one.path in captured:
                yield one

    def _newest(self) -> dict[str, Claim]:
        """The last capture of each file of evidence that is kept in commits."""
        return {
            _path(one): one
            for one in self.claims
            if one.provenance.evidence and one.is_capture and self._is_of_line(one)
        }

    def _is_of_line(self, claim: Claim) -> bool:
        is_own = not (claim.is_outside or claim.is_recovered)
        return is_own and self.line.of(claim) is not None

    def _moved(self, claim: Claim, newest: dict[str, Claim]) -> str:
        """Where evidence may have moved to, with its entry; blank if that is another's place."""
        present = self.line.present(claim)
        place = path_of(entry_id(present)) if present else ""
        return "" if place in newest else place

    def _is_right(self, claim: Claim, path: str) -> bool:
        """True if HEAD has the evidence of a claim at this path (or, in a partial clone, may)."""
        oid = self.blobs.get(path)
        if oid is None:
            return False
        if oid == claim.evidence_object:
            return True
        said, exhibit = self._digests.get(oid), claim.provenance.evidence
        return self.is_partial if said is None else exhibit is not None and said == exhibit.digest

    def _changed_in(self, path: str) -> str:
        """The last commit that changed a file."""
        revs = (one.rev for one in reversed(self.line.changed) if one.path == path)
        return next(revs, "")[:10]

    def _read(self, oids: Iterable[str]) -> None:
        """Learn the digests of blobs."""
        wanted = [one for one in dict.fromkeys(oids) if one not in self._digests]
        if wanted:
            found = read_what_can_be(self.repository, wanted, MAX_SIZE)
            for oid, data in zip(wanted, found, strict=True):
                self._digests[oid] = None if data is None else digest(data)


def _path(claim: Claim) -> str:
    return claim.provenance.evidence.path if claim.provenance.evidence else ""
