"""A stranger's history, told again with nothing but its entries, at their places here.

The new commits depend on the old ones alone, so the same source always gives the same commits,
and a source that grew gives the same ones and some more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archivist.importing.fetching import GitSource, unfit_texts
from archivist.importing.mapping import target, unfit_file
from archivist.repository import Repository
from archivist.repository.fastimport import CommitStream, words_of, writing_commits
from archivist.repository.log import Change, Commit, changes, commits, raw_commits

REF = "refs/archivist/import"
_MAX_WORDS = 1 << 25  # bytes of one commit's message; what is longer is cut

# Which files of the source (path → blob) claim a path here; one alone gets it.
Claims = dict[str, tuple[tuple[bytes, str], ...]]


@dataclass(frozen=True)
class Rewritten:
    """A history as it will be here: its commits, oldest first, the last one (None if nothing in
    it was ever an entry), and all texts that each path ever had.
    """

    commits: tuple[str, ...] = ()
    tip: str | None = None
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
        if (fit := [one for one in found if unfit_file(one.path, "100644") is None])
    }
    entries = _entries(repository, steps.values())
    with writing_commits(repository, REF) as stream:
        telling = _Telling(stream, history, prefix)
        raw = raw_commits(repository, [one.oid for one in history], _MAX_WORDS)
        for commit, (_, words) in zip(history, raw, strict=True):
            telling.add(commit, words, _claimed(steps.get(commit.oid, ()), entries))
        tip = telling.numbers[source.tip]
        if tip:
            stream.end_at(tip)
    if not tip:
        return Rewritten()
    told = commits(repository, REF)
    texts = {path: frozenset(blobs) for path, blobs in telling.texts.items()}
    return Rewritten(tuple(one.oid for one in told), repository.text("rev-parse", REF), texts)


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


def _claimed(steps: Iterable[Change], entries: set[str]) -> list[tuple[str, bytes, str | None]]:
    """For each change: the path here, the path there, and the blob if it is an entry."""
    return [
        (target(one.path), one.path, one.oid if one.oid in entries and _is_fit(one) else None)
        for one in steps
    ]


class _Telling:
    """Writes the kept commits, and keeps what is claimed in each commit that still has children
    to come. The last child takes its parent's claims over, so a long line copies nothing.
    """

    def __init__(self, stream: CommitStream, history: Iterable[Commit], prefix: str) -> None:
        self.numbers: dict[str, int] = {}  # old commit → the kept one; 0 if there is none yet
        self.texts: dict[str, set[str]] = {}
        self._stream = stream
        self._prefix = prefix
        self._claims: dict[str, Claims] = {}
        self._children = Counter(parent for one in history for parent in one.parents)

    def add(self, commit: Commit, raw: bytes, steps: list[tuple[str, bytes, str | None]]) -> None:
        """Tell one commit, or leave it out if it changes no entry and joins no lines."""
        first = commit.parents[0] if commit.parents else None
        others = [self._take(one) for one in commit.parents[1:]]
        claims = self._take(first) if first else {}
        numbers = [self.numbers[one] for one in commit.parents]
        edits = _apply(claims, steps)
        if first and not self.numbers[first] and any(numbers):
            # The first line holds no entry yet: go on from the first parent that does.
            place = next(index for index, number in enumerate(numbers) if number)
            edits = _difference(others[place - 1], claims)
        if self._children[commit.oid]:
            self._claims[commit.oid] = claims
        self._tell(commit, raw, list(dict.fromkeys(filter(None, numbers))), edits)

    def _tell(
        self, commit: Commit, raw: bytes, parents: list[int], edits: Mapping[str, str | None]
    ) -> None:
        if not edits and len(parents) < 2:
            self.numbers[commit.oid] = parents[0] if parents else 0
            return
        files = {self._prefix + path: oid for path, oid in edits.items()}
        self.numbers[commit.oid] = self._stream.add(words_of(raw), parents, files)
        for path, oid in edits.items():
            if oid:
                self.texts.setdefault(path, set()).add(oid)

    def _take(self, commit: str) -> Claims:
        """A parent's claims, to be changed."""
        self._children[commit] -= 1
        if self._children[commit]:
            return dict(self._claims[commit])
        return self._claims.pop(commit)


def _apply(claims: Claims, steps: list[tuple[str, bytes, str | None]]) -> dict[str, str | None]:
    """Change the claims; gives the paths whose text changes by it."""
    before = {place: _holder(claims, place) for place, _, _ in steps}
    for place, path, oid in steps:
        rest = tuple(one for one in claims.get(place, ()) if one[0] != path)
        mine = ((path, oid),) if oid else ()
        if rest or mine:
            claims[place] = rest + mine
        else:
            claims.pop(place, None)
    after = {place: _holder(claims, place) for place in before}
    return {place: oid for place, oid in after.items() if oid != before[place]}


def _difference(old: Claims, new: Claims) -> dict[str, str | None]:
    places = dict.fromkeys((*old, *new))
    return {
        place: _holder(new, place) for place in places if _holder(old, place) != _holder(new, place)
    }


def _holder(claims: Claims, place: str) -> str | None:
    found = claims.get(place, ())
    return found[0][1] if len(found) == 1 else None
