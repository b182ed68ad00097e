"""What an import makes of a source: one row a file, and what is to be written for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["imported", "updated", "unchanged", "left out", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("imported", "updated", "unchanged", "left out", "failed")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: the entry's id and path here, its path in the source, and why.

    A file that is no entry has no id and no path here; an entry that the source dropped has no
    path there. `versions` counts the entry's texts in the source's history.
    """

    entry: str | None
    path: str | None
    source: str | None
    outcome: Outcome
    reason: str | None = None
    versions: int = 0


@dataclass(frozen=True, slots=True)
class Write:
    """A path of the archive and the blobs it shall change between; None stands for no file."""

    path: str
    before: str | None
    after: str | None
    mode: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file of the source's last state: its path and blob, and why it is no entry, if so.

    `place` is where it belongs here, if that does not follow from its path; `remark` what else is
    to be said of it.
    """

    path: bytes
    oid: str
    unfit: str | None = None
    place: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, sorted, and all writes."""

    results: tuple[Imported, ...]
    writes: tuple[Write, ...]

    def count(self, *outcomes: Outcome) -> int:
        """How many rows have one of these outcomes."""
        return sum(one.outcome in outcomes for one in self.results)
