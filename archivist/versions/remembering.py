"""What is remembered of a history from earlier runs, so that only what is new must be read.

Texts, and pairs of them, are known by their blobs, a whole timeline by the commit that it leads to:
whatever becomes of branches, what is remembered stays true. A timeline goes on to a later commit of
the same line of first parents; where that cannot be, history is read anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from archivist.entry import entry_id
from archivist.state.timelines import Line, StoredChain, StoredLore, TimelineIndex, TimelinesLost
from archivist.versions import story
from archivist.versions.following import Chain, Following, Place, Recalled
from archivist.versions.studying import Knowledge
from archivist.versions.telling import Told, blobs

STATE = ("archivist", "history.sqlite3")
_HERE, _GONE, _LOST = "here", "gone", "lost"  # lost: another entry was moved to where it was


class Memory:
    """The memory of one archive's history. Where it fails, it knows nothing more."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.place = place
        self.line: Line | None = None  # the one that was recalled
        self._informed = 0  # of how many texts and pairs knowledge came from here
        self._stored: dict[int, StoredChain] = {}
        self._path = folder.joinpath(*STATE)
        self._index: TimelineIndex | None = None
        self._is_closed = False
        if os.path.isfile(self._path):
            self._open()

    def _open(self) -> None:
        """Have the index, and begin one if there is none; where that failed, it is not waited for
        again.
        """
        if self._index is None and not self._is_closed:
            self._is_closed = True
            with self._as_long_as_it_lasts():
                self._index = TimelineIndex(self._path)
                self._is_closed = False

    @contextmanager
    def _as_long_as_it_lasts(self) -> Iterator[None]:
        """Go on without the index from a failure on."""
        try:
            yield
        except TimelinesLost:
            self._index = None

    def states(self, root: Path) -> dict[str, str]:
        """The states of working files that did not differ from HEAD, as `keep_states` got them."""
        data = None
        with self._as_long_as_it_lasts():
            data = self._index.states(_name(root)) if self._index else None
        import json  # stories are in it, too

        return json.loads(data) if data else {}

    def keep_states(self, root: Path, states: Mapping[str, str], known: Mapping[str, str]) -> None:
        """Remember the states of files of the working tree at `root`, if any is not `known` yet."""
        import json

        if states.items() <= known.items():
            return
        self._open()
        if self._index:
            with self._as_long_as_it_lasts():
                self._index.keep_states(_name(root), json.dumps(states).encode())

    def is_behind(self, tip: str) -> bool:
        """True if what was recalled leads to another commit, or if nothing was recalled."""
        return self.line is None or self.line.tip != tip

    def lines(self) -> list[Line]:
        """The timelines that are remembered of this archive, the newest first."""
        with self._as_long_as_it_lasts():
            if self._index:
                return self._index.lines(self.place.prefix)
        return []

    def recall(self, line: Line) -> Following | None:
        """A remembered timeline; None if it is not to be had."""
        stored: list[StoredChain] | None = None
        with self._as_long_as_it_lasts():
            stored = self._index.chains(line) if self._index else None
        if stored is None:
            return None
        self.line = line
        self._stored = {one.number: one for one in stored}
        following = Following(self.place)
        for one in stored:
            chain = Chain(one.path, self._recalled(one))
            following.chains.append(chain)
            if one.state == _HERE:
                following.here[one.path] = chain
            elif one.state == _GONE:
                following.lose(one.path, chain)
        return following

    def inform(self, knowledge: Knowledge, chains: Iterable[Chain]) -> None:
        """Let it be known what is remembered of the texts of these entries, and of their pairs."""
        paths = {path for chain in chains for path in _paths(chain)}
        if self._index is None or not paths:
            return
        from archivist.versions import lore

        before = _size(knowledge)
        with self._as_long_as_it_lasts():
            for data in self._index.lore(sorted(paths)):
                lore.read(knowledge, data)
        self._informed += _size(knowledge) - before

    def learn(self, knowledge: Knowledge, chains: Sequence[Chain]) -> None:
        """Remember what is known of the texts of these entries, if any of it is new."""
        self._open()
        if not self._index or (self._informed == _size(knowledge) and not knowledge.digested):
            return
        from archivist.versions import lore

        befores = lore.befores(knowledge)
        news = (
            StoredLore(one.path, lore.written(knowledge, befores, blobs(one.events)))
            for one in chains
        )
        with self._as_long_as_it_lasts():
            self._index.learn(news)

    def keep(self, tip: str, turn: int, following: Following, told: Mapping[int, Told]) -> None:
        """Remember a timeline up to a commit; `told` has the versions of those of its entries that
        are not remembered as they are, by their number.
        """
        if self._index is None:
            return
        chains = []
        # Edits that are not committed may have moved an entry on: where it is now does not tell.
        states = dict.fromkeys(following.here.values(), _HERE)
        states |= dict.fromkeys(following.gone.values(), _GONE)
        for number, chain in enumerate(following.chains):
            state = states.get(chain, _LOST)
            if number in told:
                events = [event for event in chain.events if event.step.rev]
                end, data = events[-1].move, story.written(events, told[number])
                chains.append(StoredChain(number, end.path, state, end.new, data))
            else:
                chains.append(self._stored[number]._replace(state=state))
        with self._as_long_as_it_lasts():
            if self.line:
                news = [one for one in chains if self._stored.get(one.number) != one]
                self._index.advance(self.line, tip, turn, news)
            else:
                self._index.store(self.place.prefix, tip, turn, chains)

    def _recalled(self, one: StoredChain) -> Recalled:
        entry = entry_id(self.place.shown(one.path))
        return Recalled(
            one.oid,
            lambda: story.events(self.place, one.story),
            lambda: story.versions(entry, one.story),
        )


def _name(root: Path) -> bytes:
    return os.fsencode(root.absolute())


def _paths(chain: Chain) -> Iterable[bytes]:
    """Where an entry is or was."""
    yield chain.path
    for event in chain.events:
        yield event.move.path
        if event.move.origin:
            yield event.move.origin


def _size(knowledge: Knowledge) -> int:
    return len(knowledge.facts) + len(knowledge.pairs)
