"""Writing a history anew, commit by commit, with nothing but what has a place here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from archivist.repository.fastimport import CommitStream, Words
from archivist.repository.log import Commit

# Which files of the source (path → blob) claim a path here; one alone gets it.
Claims = dict[str, tuple[tuple[bytes, str], ...]]
# What a commit changes: the path here, the path there, and the blob, None if there is no entry.
Steps = Sequence[tuple[str, bytes, str | None]]
# Gives the words of the new commit, if there is one.
Worded = Callable[[], Words]


class Told(NamedTuple):
    """A commit as it is told: its number and its parents', and what it makes of which paths (None:
    removed) against the first of them.
    """

    number: int
    parents: Sequence[int]
    edits: Mapping[str, str | None]


class Telling:
    """Writes the kept commits, and keeps what is claimed in each commit that still has children
    to come. The last child takes its parent's claims over, so a long line copies nothing.
    """

    def __init__(self, stream: CommitStream, history: Iterable[Commit], prefix: str) -> None:
        self.numbers: dict[str, int] = {}  # old commit → the kept one; 0 if there is none yet
        self.told: list[Told] = []
        self._stream = stream
        self._prefix = prefix
        self._claims: dict[str, Claims] = {}
        self._children = Counter(parent for one in history for parent in one.parents)

    def add(self, commit: Commit, steps: Steps, worded: Worded) -> None:
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
        parents = list(dict.fromkeys(filter(None, numbers)))
        if edits or len(parents) > 1:
            self.numbers[commit.oid] = self._tell(worded(), parents, edits)
        else:
            self.numbers[commit.oid] = parents[0] if parents else 0

    def end(self, tip: str) -> int:
        """Let the history end with what tells `tip`; gives its number, 0 if nothing does."""
        number = self.numbers[tip]
        if number:
            self._stream.end_at(number)
        return number

    def _tell(self, words: Words, parents: list[int], edits: Mapping[str, str | None]) -> int:
        files = {self._prefix + path: oid for path, oid in edits.items()}
        number = self._stream.add(words, parents, files)
        self.told.append(Told(number, parents, edits))
        return number

    def _take(self, commit: str) -> Claims:
        """A parent's claims, to be changed."""
        self._children[commit] -= 1
        if self._children[commit]:
            return dict(self._claims[commit])
        return self._claims.pop(commit)


def _apply(claims: Claims, steps: Steps) -> dict[str, str | None]:
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
