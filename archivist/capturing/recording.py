"""One version, one commit: the entry's file and its evidence, with their provenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archivist.capturing.provenance import Provenance
from archivist.console import escape
from archivist.repository.commits import Times
from archivist.repository.proposing import Proposer
from archivist.repository.recording import Recorder

_LONGEST = 200  # characters of a subject


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be committed: the entry's path and its new bytes, its evidence where that
    belongs into the commit (the path is the one that the provenance names), and the words.
    """

    path: str
    data: bytes
    provenance: Provenance
    subject: str
    evidence: bytes | None = None
    remark: str = ""

    @property
    def files(self) -> dict[str, bytes | None]:
        """The files of the commit."""
        found: dict[str, bytes | None] = {self.path: self.data}
        exhibit = self.provenance.evidence
        if self.evidence is not None and exhibit is not None:
            found[exhibit.path] = self.evidence
        return found

    @property
    def message(self) -> str:
        """The commit's message: subject, remark, trailers."""
        subject = escape(" ".join(self.subject.split()))[:_LONGEST]
        trailers = "\n".join(self.provenance.lines())
        return "\n\n".join(part for part in (subject, self.remark.strip(), trailers) if part) + "\n"


def record(
    recorder: Recorder,
    version: NewVersion,
    *,
    written: datetime | None = None,
    committed: datetime | None = None,
) -> str:
    """Commit a version on the checked-out branch, and write its files; the commit.

    `written` is the author's date, `committed` the committer's; None for the clock's. Raises
    GitFailure or FileFailure: nothing is changed then.
    """
    return recorder.record(version.files, version.message, Times(written, committed))


def propose(
    proposer: Proposer,
    version: NewVersion,
    *,
    written: datetime | None = None,
    committed: datetime | None = None,
) -> str:
    """Commit a version on a branch that is not checked out; the commit. Raises GitFailure or
    FileFailure: nothing is changed then.
    """
    return proposer.propose(version.files, version.message, Times(written, committed))
