"""A proof: read the claims, compare them, ask the witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archivist.entry import SUFFIX, entry_id
from archivist.errors import GitFailure, UsageError
from archivist.names import nearest
from archivist.repository.process import Repository
from archivist.repository.signatures import signatures
from archivist.repository.soundness import damages
from archivist.repository.timeline import extent
from archivist.verifying.checking import Finding, check
from archivist.verifying.claims import Claim, claims, is_of, with_objects
from archivist.verifying.present import Present
from archivist.verifying.result import Report, Result
from archivist.workspace import entry_of

if TYPE_CHECKING:  # the network is imported only by those who ask it
    from archivist.verifying.remote import Witnesses


@dataclass(frozen=True)
class Proof:
    """The proof of an archive at `root`, or in a bare repository. `signed` demands good signatures;
    `sound` that every object of the repository is whole; `witnesses`, if given, are asked too.
    """

    root: Path
    signed: bool = False
    sound: bool = True
    witnesses: Witnesses | None = None

    def run(self, names: Sequence[str]) -> Report:
        """Prove these entries (ids, files, folders), or all. Raises UsageError, GitFailure."""
        repository = Repository(self.root)
        if not repository.exists:
            raise UsageError("this archive is in no git repository: nothing can be proved")
        damaged = self._damaged(repository) if self.sound else ()
        try:
            return self._proved(repository, damaged, names)
        except GitFailure:
            if not damaged:
                raise
            return Report(repository=damaged)  # the history cannot be walked: that is why

    def _proved(
        self, repository: Repository, damaged: tuple[Finding, ...], names: Sequence[str]
    ) -> Report:
        known = extent(repository)
        if known.head is None:
            return Report(repository=damaged)
        present = Present.of(repository, None if known.is_bare else self.root)
        every = claims(repository, known.head, known.prefix)
        chosen = _chosen(every, present, names)
        results = list(self._results(repository, chosen, present))
        results += _unrecorded(present, every, names)
        results = self._with_present(results, chosen, present)
        if self.signed:
            results = self._with_signatures(repository, results)
        if self.witnesses is not None:
            results = self._with_witnesses(results, self.witnesses)
        order = {one.rev: number for number, one in enumerate(every)}
        results.sort(key=lambda one: (one.entry, order.get(one.rev, -1)))
        trouble = next((one.unknown for one in results if one.unknown), "")
        return Report(tuple(results), damaged, trouble)

    def _damaged(self, repository: Repository) -> tuple[Finding, ...]:
        return tuple(
            Finding("object", f"{one.oid or 'the repository'} is broken or missing: {one.about}")
            for one in damages(repository)
        )

    def _results(
        self, repository: Repository, chosen: Sequence[Claim], present: Present
    ) -> Iterator[Result]:
        for claim, objects in with_objects(repository, chosen, present.outside):
            found = check(claim, objects)
            if self.witnesses is not None and objects.entry is not None:
                self.witnesses.add(claim, entry_of(claim.path, objects.entry))
            captured = claim.provenance.captured
            if not claim.is_capture and not found.findings:
                continue
            yield Result(
                claim.entry, claim.path, claim.rev, captured, found.findings, found.unproven
            )

    def _with_present(
        self, results: list[Result], chosen: Sequence[Claim], present: Present
    ) -> list[Result]:
        last = {one.entry: one for one in chosen if one.is_capture and not one.is_recovered}
        return _added(
            results, [(one.rev, found) for one, found in present.findings([*last.values()])]
        )

    def _with_signatures(self, repository: Repository, results: list[Result]) -> list[Result]:
        revs = list(dict.fromkeys(one.rev for one in results if one.rev))
        found = [
            (one.rev, Finding("signature", one.problem))
            for one in signatures(repository, revs)
            if one.problem
        ]
        return _added(results, found)

    def _with_witnesses(self, results: list[Result], witnesses: Witnesses) -> list[Result]:
        said = witnesses.ask()
        found = [(rev, one.finding) for rev, one in said.items() if one.finding]
        return [
            one._replace(unknown=said[one.rev].unknown) if one.rev in said else one
            for one in _added(results, found)
        ]


def _added(results: list[Result], found: Sequence[tuple[str, Finding]]) -> list[Result]:
    """The results with more findings, by commit."""
    more: dict[str, tuple[Finding, ...]] = {}
    for rev, finding in found:
        more[rev] = (*more.get(rev, ()), finding)
    return [one._replace(findings=one.findings + more.get(one.rev, ())) for one in results]


def _chosen(every: Sequence[Claim], present: Present, names: Sequence[str]) -> list[Claim]:
    """The claims of the entries that are named; all without a name. Raises UsageError."""
    if not names:
        return list(every)
    paths = {*present.blobs, *(one.path for one in every)}
    for name in names:
        if not any(is_of(path, name) for path in paths):
            near = nearest(name, sorted({entry_id(one) for one in paths}), 0.5)
            raise UsageError(f"there is no entry {name}", f"did you mean {near}?" if near else None)
    return [one for one in every if any(is_of(one.path, name) for name in names)]


def _unrecorded(present: Present, every: Sequence[Claim], names: Sequence[str]) -> Iterator[Result]:
    """The entries of HEAD of which no commit says where their present text is from."""
    known = {one.entry for one in every if one.is_capture and not one.is_recovered}
    for path in present.blobs:
        name = entry_id(path)
        is_wanted = not names or any(is_of(path, one) for one in names)
        if path.endswith(SUFFIX) and name not in known and is_wanted:
            yield Result(name, path, is_recorded=False)
