"""The present state of entries against what was recorded of them last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from archivist import files
from archivist.capturing.evidence import FOLDER
from archivist.capturing.texts import body_digest
from archivist.entry import SUFFIX, Entry
from archivist.errors import FileFailure
from archivist.files import ENTRIES, MAX_SIZE
from archivist.repository.log import tree_files
from archivist.repository.objects import read_what_can_be
from archivist.repository.process import Repository
from archivist.verifying.checking import Finding, of_day
from archivist.verifying.claims import Claim
from archivist.warc import MAX_SIZE as MAX_EVIDENCE
from archivist.workspace import entry_of


@dataclass(frozen=True)
class Present:
    """The files of HEAD, and those in the archive's folder (None where there is no work tree). In a
    partial clone, texts that were not fetched are not broken.
    """

    repository: Repository
    root: Path | None
    blobs: dict[str, str]
    is_partial: bool = False

    @classmethod
    def of(cls, repository: Repository, root: Path | None, *, is_partial: bool = False) -> Present:
        """The state of HEAD. Raises GitFailure."""
        found = tree_files(repository, "HEAD", f"{ENTRIES}/", f"{FOLDER}/")
        blobs = {
            one.path.decode("utf-8", "surrogateescape"): one.oid
            for one in found
            if one.mode.startswith("100")
        }
        return cls(repository, root, blobs, is_partial)

    @property
    def entries(self) -> list[str]:
        """The paths of the entries of HEAD."""
        return [one for one in self.blobs if one.startswith(f"{ENTRIES}/") and one.endswith(SUFFIX)]

    def findings(self, last: Sequence[tuple[Claim, str]]) -> Iterator[tuple[Claim, Finding]]:
        """What does not agree, given the last capture of each entry, and the entry's path now."""
        known = [(one, path) for one, path in last if path in self.blobs]
        texts = read_what_can_be(self.repository, [self.blobs[path] for _, path in known], MAX_SIZE)
        for (claim, path), data in zip(known, texts, strict=True):
            yield from ((claim, one) for one in self._of_text(claim, path, data))
            if data is not None and self.blobs[path] != claim.entry_object:
                yield from ((claim, one) for one in _of_day(claim, entry_of(path, data)))
            exhibit = claim.provenance.evidence
            for one in filter(None, (path, exhibit and exhibit.path)):
                if why := self._differs(one):
                    yield claim, Finding("uncommitted", f"{one} {why}")

    def _of_text(self, claim: Claim, path: str, data: bytes | None) -> Iterator[Finding]:
        if data is None:
            if not self.is_partial:
                yield Finding("object", f"{path} cannot be read in HEAD")
            return
        said = claim.provenance.text
        if said and body_digest(entry_of(path, data).body) != said:
            words = "the present text is not the one that was captured last"
            name = "" if path == claim.path else f", as {claim.path}"
            yield Finding("edited", f"{words}{name}, in {claim.rev[:10]}")

    def untold(self, paths: Sequence[str]) -> list[str]:
        """Those of these entries that have a text, or cannot be read: stubs have none."""
        wanted = [path for path in paths if path in self.blobs]
        texts = read_what_can_be(self.repository, [self.blobs[one] for one in wanted], MAX_SIZE)
        return [
            path
            for path, data in zip(wanted, texts, strict=True)
            if data is None or entry_of(path, data).body.strip()
        ]

    def _differs(self, path: str) -> str:
        """How a file of the folder differs from HEAD; blank if it does not."""
        oid = self.blobs.get(path)
        if self.root is None or oid is None:
            return ""
        full = self.root / path
        try:
            data = None if full.is_symlink() else files.read_bounded(full, MAX_EVIDENCE)
        except OSError:
            return "is not in the folder" if not full.exists() else "cannot be read in the folder"
        if data is None:
            return "is a link in the folder, or too large"
        forms = (data, data.replace(b"\r\n", b"\n")) if path.endswith(SUFFIX) else (data,)
        return "" if oid in map(_oid, forms) else "in the folder is not the committed one"

    def outside(self, path: str) -> bytes | None:
        """Evidence that is kept beside the commits; None if it is not here."""
        if self.root is None or (self.root / FOLDER).is_symlink():
            return None
        full = self.root / path
        try:
            return None if full.is_symlink() else files.read_bounded(full, MAX_EVIDENCE)
        except (OSError, FileFailure):
            return None


def _of_day(claim: Claim, entry: Entry) -> Iterator[Finding]:
    """The present `date archived` against the day of the last capture. Where the page is, and its
    memento, may be told anew without a capture; when the text stood there may not.
    """
    for one in of_day(claim, entry):
        yield one._replace(message=f"since {claim.rev[:10]} was recorded, {one.message}")


def _oid(data: bytes) -> str:
    head = f"blob {len(data)}\0".encode()
    return sha1(head + data, usedforsecurity=False).hexdigest()
