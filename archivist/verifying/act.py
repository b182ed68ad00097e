"""A proof: read the claims, compare them, ask the witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archivist.choice import unknown
from archivist.entry import entry_id
from archivist.errors import GitFailure, UsageError
from archivist.names import nearest
from archivist.repository.process import Repository
from archivist.repository.signatures import signatures
from archivist.repository.soundness import damages
from archivist.repository.timeline import Extent, extent
from archivist.verifying.checking import Finding
from archivist.verifying.claims import Claim, claims, is_of, with_objects
from archivist.verifying.kept import Kept
from archivist.verifying.line import Line
from archivist.verifying.present import Present
from archivist.verifying.result import Asked, Report, Result
from archivist.verifying.sharing import checked
from archivist.workspace import entry_of

if TYPE_CHECKING:  # the network is imported only by those who ask it
    from archivist.verifying.remote import Witness, Witnesses


@dataclass(frozen=True)
class Proof:
    """The proof of an archive at `root`, or in a bare repository. `signed` demands good signatures;
    `sound` that every object of the repository is whole; `witnesses`, if given, are asked too.
    `jobs` processes check the versions; None for as many as pay. `suggest` gives the title that a
    name is like.
    """

    root: Path
    signed: bool = False
    sound: bool = True
    witnesses: Witnesses | None = None
    jobs: int | None = None
    suggest: Callable[[str], str | None] = lambda _: None

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
        root = None if known.is_bare else self.root
        present = Present.of(repository, root, is_partial=known.is_partial)
        line = Line.read(repository, known)
        every = claims(repository, known.head, known.prefix)
        chosen = _chosen(every, line, present, names, self.suggest)
        kept = Kept(repository, line, every, present.blobs, known.is_partial)
        results = list(self._results(repository, chosen, present, line))
        results += _unrecorded(present, line, every, names)
        results = _with_present(results, chosen, line, present, kept)
        if self.signed:
            results = self._with_signatures(repository, results)
        asked = None
        if self.witnesses is not None:
            results, asked = self._with_witnesses(results, self.witnesses)
        results = [one for one in results if one.is_of_interest]
        order = {one.rev: number for number, one in enumerate(every)}
        results.sort(key=lambda one: (one.entry, order.get(one.rev, -1)))
        trouble = next((one.unknown for one in results if one.unknown), "")
        notes = (*_lacking(known, line), *kept.mended())
        is_whole = not (known.is_shallow or known.is_partial)
        return Report(tuple(results), damaged, trouble, notes, asked, is_whole)

    def _damaged(self, repository: Repository) -> tuple[Finding, ...]:
        return tuple(
            Finding("object", f"{one.oid or 'the repository'} is broken or missing: {one.about}")
            for one in damages(repository)
        )

    def _results(
        self, repository: Repository, chosen: Sequence[Claim], present: Present, line: Line
    ) -> Iterator[Result]:
        outside, is_partial = present.outside, present.is_partial
        pairs = with_objects(
            repository, chosen, outside, is_partial=is_partial, imported=line.imported
        )
        for claim, entry, found in checked(pairs, len(chosen), self.jobs):
            if self.witnesses is not None and entry is not None:
                self.witnesses.add(claim, entry_of(claim.path, entry))
            yield Result(
                claim.entry,
                claim.path,
                claim.rev,
                claim.provenance.captured,
                found.findings,
                found.unproven,
                present=line.present(claim) or None,
                removed=line.removal(claim),
                is_capture=claim.is_capture,
            )

    def _with_signatures(self, repository: Repository, results: list[Result]) -> list[Result]:
        revs = list(dict.fromkeys(one.rev for one in results if one.rev))
        found = [
            (one.rev, Finding("signature", one.problem))
            for one in signatures(repository, revs)
            if one.problem
        ]
        return _added(results, found)

    def _with_witnesses(
        self, results: list[Result], witnesses: Witnesses
    ) -> tuple[list[Result], Asked]:
        said = witnesses.ask()
        found = [(rev, one.finding) for rev, one in said.items() if one.finding]
        asked = [one for one in said.values() if one.is_asked]
        answered = [one for one in asked if not one.unknown]
        heard = [_heard(one, said.get(one.rev)) for one in _added(results, found)]
        return heard, Asked(len(asked), len(answered))


def _heard(result: Result, witness: Witness | None) -> Result:
    """The result with what its witness did not answer, or why it was not asked."""
    if witness is None or not witness.unknown:
        return result
    if witness.is_asked:
        return result._replace(unknown=witness.unknown)
    return result._replace(unproven=(*result.unproven, witness.unknown))


def _with_present(
    results: list[Result], chosen: Sequence[Claim], line: Line, present: Present, kept: Kept
) -> list[Result]:
    """The results with what does not agree at HEAD, and in the folder."""
    own = [one for one in chosen if one.is_capture and not one.is_recovered]
    last = {id(chain): one for one in own if (chain := line.of(one))}
    places = [(one, line.present(one)) for one in last.values()]
    found = [*present.findings(places), *kept.findings(last.values())]
    return _added(results, [(one.rev, finding) for one, finding in found])


def _lacking(known: Extent, line: Line) -> Iterator[str]:
    """What this clone lacks, so that not everything was proved."""
    if known.is_shallow:
        yield (
            "this clone is shallow: what was captured before it was cut off is not proved; "
            "`git fetch --unshallow` brings the rest"
        )
    if known.is_partial:
        yield (
            "this clone is partial: what was not fetched is not proved; "
            "`git fetch --refetch --no-filter` brings it"
        )
    if line.exact:
        yield "texts are missing here: files that were edited as they moved count as new"


def _added(results: list[Result], found: Sequence[tuple[str, Finding]]) -> list[Result]:
    """The results with more findings, by commit."""
    more: dict[str, tuple[Finding, ...]] = {}
    for rev, finding in found:
        more[rev] = (*more.get(rev, ()), finding)
    return [one._replace(findings=one.findings + more.get(one.rev, ())) for one in results]


def _chosen(
    every: Sequence[Claim],
    line: Line,
    present: Present,
    names: Sequence[str],
    suggest: Callable[[str], str | None],
) -> list[Claim]:
    """The claims of the entries that are named, by their names now or then; all without a name.
    Raises UnknownName, with what `suggest` says if no former id is like it.
    """
    if not names:
        return list(every)
    paths = {*present.entries, *(one.path for one in every)}
    for name in names:
        if not any(is_of(path, name) for path in paths):
            near = nearest(name, sorted({entry_id(one) for one in paths})) or suggest(name)
            raise unknown(name, near, "`archivist verify` proves all entries", ever=True)
    return [
        one
        for one in every
        if any(is_of(path, name) for path in (one.path, line.present(one)) for name in names)
    ]


def _unrecorded(
    present: Present, line: Line, every: Sequence[Claim], names: Sequence[str]
) -> Iterator[Result]:
    """The entries of HEAD of which no commit says where their present text is from."""
    known = {line.present(one) for one in every if one.is_capture and not one.is_recovered}
    wanted = [
        path
        for path in present.entries
        if path not in known and (not names or any(is_of(path, one) for one in names))
    ]
    for path in present.untold(wanted):
        yield Result(entry_id(path), path, is_recorded=False, present=path)
