"""A stranger's history, told again with nothing but its entries, at their places here, and the
evidence of their versions.

The new commits depend on the old ones alone, so the same source always gives the same commits,
and a source that grew gives the same ones and some more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from archivist.importing.exhibits import Exhibits, exhibits, place_of
from archivist.importing.fetching import GitSource, unfit_texts
from archivist.importing.mapping import target, unfit_file
from archivist.importing.telling import Telling
from archivist.repository import Repository
from archivist.repository.fastimport import read_marks, words_of, writing_commits
from archivist.repository.log import Change, Commit, changes, commits, raw_commits

REF = "refs/archivist/import"
_BOTH = {True, False}
MAX_WORDS = 1 << 25  # bytes of one commit's message; what is longer is cut


class Kept(NamedTuple):
    """A commit of the told history, and what it makes of which paths (None: removed) against its
    first parent.
    """

    commit: Commit
    edits: Mapping[str, str | None]


@dataclass(frozen=True)
class Rewritten:
    """A history as it will be here: its commits, parents before children, the last one (None if
    nothing in it was ever an entry), and which files there are evidence.
    """

    kept: tuple[Kept, ...] = ()
    tip: str | None = None
    exhibits: Exhibits = frozenset()

    @property
    def texts(self) -> dict[str, set[str]]:
        """All texts that each path ever had."""
        found: dict[str, set[str]] = {}
        for one in self.kept:
            for path, oid in one.edits.items():
                if oid:
                    found.setdefault(path, set()).add(oid)
        return found


def rewrite(source: GitSource, prefix: str) -> Rewritten:
    """Tell the source's history again, in its own repository, as the ref `REF`.

    `prefix` stands before every path: where the archive lies in its repository.
    Raises GitFailure if an object is missing.
    """
    repository = source.repository
    history = commits(repository, source.tip)
    steps = {
        oid: fit
        for oid, found in changes(repository, history)
        if (fit := [one for one in found if _may_be_kept(one.path)])
    }
    entries = _entries(repository, steps.values())
    kept = exhibits(repository, source.tip, (one for found in steps.values() for one in found))
    marks = repository.root / "marks"
    with writing_commits(repository, REF, marks) as stream:
        telling = Telling(stream, history, prefix)
        raw = raw_commits(repository, [one.oid for one in history], MAX_WORDS)
        for commit, (_, words) in zip(history, raw, strict=True):
            claimed = _claimed(steps.get(commit.oid, ()), entries, kept)
            telling.add(commit, claimed, partial(words_of, words))
        tip = telling.end(source.tip)
    return replace(told_by(telling, tip, read_marks(marks)), exhibits=kept)


def told_by(telling: Telling, tip: int, ids: Mapping[str, str]) -> Rewritten:
    """The history that was told up to the commit of this number (0: none), given the ids of what
    was written.
    """
    if not tip:
        return Rewritten()
    kept = tuple(
        Kept(
            Commit(ids[f":{number}"], tuple(ids[f":{parent}"] for parent in parents)),
            {path: oid and ids.get(oid, oid) for path, oid in edits.items()},
        )
        for number, parents, edits in telling.told
    )
    return Rewritten(kept, ids[f":{tip}"])


def count_versions(source: GitSource, told: Rewritten, prefix: str) -> Counter[str]:
    """How many versions each path has along the main line of the told history, renames followed.

    Git is asked for renames only where something went and something came.
    """
    line = _main_line(told)
    doubtful = [one.commit for one in line if {oid is None for oid in one.edits.values()} >= _BOTH]
    found = dict(changes(source.repository, doubtful, renames=True)) if doubtful else {}
    counts: Counter[str] = Counter()
    for commit, edits in line:
        origins = {
            _inner(one.path, prefix): _inner(one.origin, prefix)
            for one in found.get(commit.oid, ())
            if one.origin
        }
        before = {origin: counts.pop(origin, 0) for origin in origins.values()}
        for path, oid in edits.items():
            if oid:
                counts[path] += 1 + before.get(origins.get(path, ""), 0)
    return counts


def _main_line(told: Rewritten) -> list[Kept]:
    """The line of first parents that ends at the tip, oldest first."""
    by_oid = {one.commit.oid: one for one in told.kept}
    line, oid = list[Kept](), told.tip
    while oid:
        line.append(by_oid[oid])
        oid = next(iter(line[-1].commit.parents), None)
    return line[::-1]


def _inner(path: bytes, prefix: str) -> str:
    return path.decode("utf-8", "surrogateescape").removeprefix(prefix)


def _entries(repository: Repository, steps: Iterable[list[Change]]) -> set[str]:
    """The blobs that are entries."""
    blobs = {one.oid for found in steps for one in found if one.oid and _is_fit(one)}
    return {oid for oid, why in unfit_texts(repository, sorted(blobs)).items() if why is None}


def _is_fit(change: Change) -> bool:
    return unfit_file(change.path, change.mode) is None


def _may_be_kept(path: bytes) -> bool:
    return unfit_file(path, "100644") is None or place_of(path) is not None


def _claimed(
    steps: Iterable[Change], entries: set[str], kept: Exhibits
) -> list[tuple[str, bytes, str | None]]:
    """For each change: the path here, the path there, and the blob if that is to be kept."""
    claimed = []
    for one in steps:
        place = place_of(one.path)
        is_kept = (one.path, one.oid) in kept if place else one.oid in entries and _is_fit(one)
        claimed.append((place or target(one.path), one.path, one.oid if is_kept else None))
    return claimed
