"""A stranger's history, told again with nothing but its entries, at their places here, and the
evidence of their versions.

The new commits depend on the old ones alone, so the same source always gives the same commits,
and a source that grew gives the same ones and some more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archivist.importing.exhibits import Exhibits, exhibits, place_of
from archivist.importing.fetching import GitSource, unfit_texts
from archivist.importing.mapping import target, unfit_file
from archivist.importing.telling import Telling
from archivist.repository import Repository
from archivist.repository.fastimport import writing_commits
from archivist.repository.log import Change, changes, commits, raw_commits

REF = "refs/archivist/import"
MAX_WORDS = 1 << 25  # bytes of one commit's message; what is longer is cut


@dataclass(frozen=True)
class Rewritten:
    """A history as it will be here: its commits, oldest first, the last one (None if nothing in
    it was ever an entry), all texts that each path ever had, and which files there are evidence.
    """

    commits: tuple[str, ...] = ()
    tip: str | None = None
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    exhibits: Exhibits = frozenset()


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
    with writing_commits(repository, REF) as stream:
        telling = Telling(stream, history, prefix)
        raw = raw_commits(repository, [one.oid for one in history], MAX_WORDS)
        for commit, (_, words) in zip(history, raw, strict=True):
            telling.add(commit, words, _claimed(steps.get(commit.oid, ()), entries, kept))
        tip = telling.numbers[source.tip]
        if tip:
            stream.end_at(tip)
    if not tip:
        return Rewritten()
    told = commits(repository, REF)
    texts = {path: frozenset(blobs) for path, blobs in telling.texts.items()}
    oids = tuple(one.oid for one in told)
    return Rewritten(oids, repository.text("rev-parse", REF), texts, kept)


def count_versions(source: GitSource, prefix: str) -> Counter[str]:
    """How many versions each path has along the main line of the told history, renames followed."""
    line = commits(source.repository, REF, first_parent=True)
    counts: Counter[str] = Counter()
    for _, found in changes(source.repository, line, renames=True):
        origins = {one.origin for one in found if one.origin}
        before = {origin: counts.pop(_inner(origin, prefix), 0) for origin in origins}
        for one in found:
            if one.oid:
                earlier = before[one.origin] if one.origin else 0
                counts[_inner(one.path, prefix)] += 1 + earlier
    return counts


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
