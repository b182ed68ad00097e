"""The main line as a proof reads it: which entry a claim is of, whatever its file is called now,
and which commits changed a file of evidence.

Nothing that is remembered of a history serves here: a proof reads the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from archivist.capturing.evidence import FOLDER
from archivist.errors import GitFailure
from archivist.repository.process import Repository
from archivist.repository.timeline import Extent, Step, timeline
from archivist.verifying.claims import Claim
from archivist.versions.following import Chain, Following, Place
from archivist.versions.relevance import relevant


class Changed(NamedTuple):
    """A commit that changed a file of evidence: its path, and its blob (None: it was removed)."""

    rev: str
    path: str
    oid: str | None


@dataclass
class Line:
    """Every entry of a history with its events, and what was done to evidence, oldest first;
    `imported` are the commits that imports brought.

    `exact` says that texts are missing, so that files which were edited as they moved count as new.
    """

    place: Place
    exact: bool = False
    chains: list[Chain] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    imported: set[str] = field(default_factory=set)
    _events: dict[tuple[str, bytes], Chain] = field(default_factory=dict)
    _texts: dict[tuple[str, bytes], Chain] = field(default_factory=dict)
    _paths: dict[bytes, Chain] = field(default_factory=dict)

    @classmethod
    def read(cls, repository: Repository, known: Extent) -> Line:
        """The line that leads to HEAD. Raises GitFailure if an object is missing."""
        place, tip = Place(known.prefix), known.head or ""
        try:
            line = cls(place)
            line.fill(repository, tip)
        except GitFailure:
            line = cls(place, exact=True)  # whether a file moved and changed is not seen then
            line.fill(repository, tip)
        return line

    def of(self, claim: Claim) -> Chain | None:
        """The entry that a claim is of; None for one that was never taken over here.

        A commit of the line, or of an import, is known by itself; one that a merge brought by the
        text that it led to, else by the path.
        """
        path = self._path(claim)
        found = self._events.get((claim.rev, path)) or self._texts.get((claim.entry_object, path))
        if found or claim.rev in self.imported:
            return found
        return self._paths.get(path)

    def present(self, claim: Claim) -> str:
        """The path at HEAD of the entry that a claim is of; blank if it is no longer there."""
        chain = self.of(claim)
        return self.place.shown(chain.path) if chain and chain.is_here else ""

    def removal(self, claim: Claim) -> str:
        """The commit that removed the entry that a claim is of; blank if it is there."""
        chain = self.of(claim)
        return "" if chain is None or chain.is_here else chain.events[-1].step.rev

    def _path(self, claim: Claim) -> bytes:
        return self.place.prefix + claim.path.encode("utf-8", "surrogateescape")

    def fill(self, repository: Repository, tip: str) -> None:
        """Read the history that leads to a commit. Raises GitFailure."""

        def brought(merge: Step) -> Iterator[Step]:
            first, second, *_ = merge.parents
            for step in timeline(repository, second, after=first, exact=self.exact):
                self.imported.add(step.rev)
                yield step

        steps = self._watched(timeline(repository, tip, exact=self.exact))
        following = Following(self.place)
        following.take(relevant(steps, self.place, brought, set()))
        self.chains = following.chains
        self.changed.reverse()
        self._index()

    def _watched(self, steps: Iterable[Step]) -> Iterator[Step]:
        below = self.place.prefix + FOLDER.encode() + b"/"
        for step in steps:
            for move in step.moves:
                if move.path.startswith(below):
                    self.changed.append(Changed(step.rev, self.place.shown(move.path), move.new))
                if move.origin and move.origin.startswith(below):
                    self.changed.append(Changed(step.rev, self.place.shown(move.origin), None))
            yield step

    def _index(self) -> None:
        for chain in self.chains:
            for event in chain.events:
                path = event.move.path
                self._events[event.step.rev, path] = chain
                self._texts[event.move.new or "", path] = chain
                self._paths[path] = chain
        for chain in self.chains:
            if chain.is_here:
                self._paths[chain.path] = chain
