"""Reading the main line: all of it, or what came since a state that is remembered."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository import Repository
from archivist.repository.breaking import unbroken
from archivist.repository.timeline import Cut, Extent, Step, timeline
from archivist.versions.following import Following, Place
from archivist.versions.relevance import Brought, relevant
from archivist.versions.remembering import Memory

_TRIED = 2  # remembered timelines of other commits that may lead to this one


class Reading(NamedTuple):
    """The entries that a main line leads to, its last turn, whether it was `exact`: told without
    texts, so that files which were edited as they moved count as new; and where it breaks off.
    """

    following: Following
    turn: int
    exact: bool = False
    broken: tuple[Cut, ...] = ()


class MainLine(NamedTuple):
    """The commits from HEAD back along the first parents."""

    repository: Repository
    extent: Extent
    place: Place

    def read(self, memory: Memory | None) -> Reading:
        """What the line leads to, with as little reading as what is remembered allows.

        Raises GitFailure if an object is missing that it cannot do without.
        """
        if self.extent.head is None:
            return Reading(Following(self.place), 0)
        recalled = self._recalled(memory) if memory else None
        return recalled or self.whole()

    def whole(self) -> Reading:
        """What the line leads to, read from its beginning. Raises GitFailure."""
        try:
            return self._whole(exact=False)
        except GitFailure:
            # Whether a file moved and changed cannot be seen without its texts.
            return self._whole(exact=True)

    def _whole(self, *, exact: bool) -> Reading:
        broken: list[Cut] = []
        head = self.extent.head or ""
        steps = unbroken(
            self.repository, head, timeline(self.repository, head, exact=exact), broken
        )
        events = relevant(steps, self.place, self._brought(broken, exact=exact), set())
        following = Following(self.place)
        following.take(events)
        return Reading(following, events[-1].turn if events else 0, exact, tuple(broken))

    def _recalled(self, memory: Memory) -> Reading | None:
        lines = memory.lines()
        same = [line for line in lines if line.tip == self.extent.head]
        for line in same or lines[:_TRIED]:
            steps = [] if same else self._since(line.tip)
            if steps is None:
                continue
            outside: set[bytes] = set()
            broken: list[Cut] = []
            events = relevant(steps, self.place, self._brought(broken), outside, line.turn)
            following = None if outside or broken else memory.recall(line)
            if following:
                following.take(events)
                return Reading(following, events[-1].turn if events else line.turn)
        return None

    def _since(self, tip: str) -> list[Step] | None:
        """The steps since a commit, newest first; None if it is not on the line."""
        try:
            steps = list(timeline(self.repository, self.extent.head or "", after=tip))
        except GitFailure:
            return None  # perhaps the commit is gone
        linked = [(one.parents or ("",))[0] for one in steps]
        return steps if linked == [*(one.rev for one in steps[1:]), tip] else None

    def _brought(self, broken: list[Cut], *, exact: bool = False) -> Brought:
        return lambda merge: self._inner(merge, broken, exact=exact)

    def _inner(self, merge: Step, broken: list[Cut], *, exact: bool) -> list[Step]:
        """The steps that a merge brought in; none if commits are lost: then it counts as one.

        Raises GitFailure if only texts are lost, so that it can be read `exact`.
        """
        first, second, *_ = merge.parents
        try:
            return list(timeline(self.repository, second, after=first, exact=exact))
        except GitFailure:
            without_texts: list[Cut] = []
            if not exact:
                self._inner(merge, without_texts, exact=True)
            if not (exact or without_texts):
                raise
            broken.append(Cut(merge.rev, merge.committed, second))
            return []
