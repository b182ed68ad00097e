"""What is remembered of a history from earlier runs, so that only what is new must be read.

Texts, and pairs of them, are known by their blobs, a whole timeline by the commit that it leads to:
whatever becomes of branches, what is remembered stays true. A timeline goes on to a later commit of
the same line of first parents; where that cannot be, history is read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from archivist.dates import PolicyDate
from archivist.entry import entry_id
from archivist.repository.timeline import Move, Step
from archivist.state.timelines import (
    Line,
    StoredChain,
    StoredPair,
    StoredText,
    TimelineIndex,
    TimelinesLost,
)
from archivist.versions.comparing import Comparison
from archivist.versions.following import Chain, Event, Following, Place, Recalled
from archivist.versions.studying import Facts, Knowledge
from archivist.versions.telling import Told
from archivist.versions.version import KINDS, Version

STATE = ("archivist", "history.sqlite3")
_HERE, _GONE, _LOST = "here", "gone", "lost"  # lost: another entry was moved to where it was
_FIELDS = len(Version._fields)
_OLD, _PLACE, _TURN, _SILENT = range(_FIELDS, _FIELDS + 4)  # of a row, behind the version
_ARCHIVED, _ANNOUNCED, _TRAILERS = map(Version._fields.index, ("archived", "announced", "trailers"))


class Memory:
    """The memory of one archive's history. Where it fails, it knows nothing more."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.place = place
        self.line: Line | None = None  # the one that was recalled
        self._texts: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._stored: dict[int, StoredChain] = {}
        self._path = folder.joinpath(*STATE)
        self._index: TimelineIndex | None = None
        if self._path.is_file():
            self._open()

    def _open(self) -> None:
        with suppress(TimelinesLost):
            self._index = TimelineIndex(self._path)

    def is_behind(self, tip: str) -> bool:
        """True if what was recalled leads to another commit, or if nothing was recalled."""
        return self.line is None or self.line.tip != tip

    def lines(self) -> list[Line]:
        """The timelines that are remembered of this archive, the newest first."""
        try:
            return self._index.lines(self.place.prefix) if self._index else []
        except TimelinesLost:
            self._index = None
            return []

    def recall(self, line: Line) -> Following | None:
        """A remembered timeline; None if it is not to be had."""
        try:
            stored = self._index.chains(line) if self._index else []
        except TimelinesLost:
            self._index = None
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

    def inform(self, knowledge: Knowledge, chains: Iterable[Sequence[str]]) -> None:
        """Let it be known what is remembered of the texts of these chains, and of their pairs."""
        oids = {oid for chain in chains for oid in chain}
        if self._index is None or not oids:
            return
        try:
            for text in self._index.texts(oids):
                knowledge.facts.setdefault(text.oid, _facts(text))
                self._texts.add(text.oid)
            for pair in self._index.pairs(oids):
                knowledge.pairs.setdefault((pair.old, pair.new), _comparison(pair))
                self._pairs.add((pair.old, pair.new))
        except (TimelinesLost, ValueError, TypeError):
            self._index = None

    def learn(self, knowledge: Knowledge) -> None:
        """Remember what is known of texts that are in the repository and can be read."""
        if self._index is None:
            self._open()
        own = knowledge.own
        texts = (
            _stored(oid, facts)
            for oid, facts in knowledge.facts.items()
            if facts.is_readable
            and oid not in own
            and (oid not in self._texts or oid in knowledge.digested)
        )
        pairs = (
            StoredPair(old, new, *change)
            for (old, new), change in knowledge.pairs.items()
            if change and old not in own and new not in own and (old, new) not in self._pairs
        )
        try:
            if self._index:
                self._index.learn(texts, pairs)
        except TimelinesLost:
            self._index = None

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
                end, story = events[-1].move, _story(events, told[number])
                chains.append(StoredChain(number, end.path, state, end.new, story))
            else:
                chains.append(self._stored[number]._replace(state=state))
        try:
            if self.line:
                news = [one for one in chains if self._stored.get(one.number) != one]
                self._index.advance(self.line, tip, turn, news)
            else:
                self._index.store(self.place.prefix, tip, turn, chains)
        except TimelinesLost:
            self._index = None

    def _recalled(self, one: StoredChain) -> Recalled:
        entry = entry_id(self.place.shown(one.path))

        @cache
        def rows() -> list[list[Any]]:
            import json  # only where the index knows the entry

            found: list[list[Any]] = json.loads(one.story)
            return found

        return Recalled(
            one.oid,
            lambda: [_event(self.place, row) for row in sorted(rows(), key=_place_of)],
            lambda: [_version(entry, row) for row in rows() if not row[_SILENT]],
        )


def _story(events: list[Event], told: Told) -> str:
    """What is told, each with the blob before it on the main line, its place and its turn there,
    and whether it is silent.
    """
    import json

    places = {id(event): place for place, event in enumerate(events)}
    rows = [
        (*one.version, one.event.move.old, places[id(one.event)], one.event.turn, one.is_silent)
        for one in told
    ]
    return json.dumps(rows, separators=(",", ":"))


def _place_of(row: list[Any]) -> int:
    place: int = row[_PLACE]
    return place


def _version(entry: str, row: list[Any]) -> Version:
    values = row[:_FIELDS]
    values[0] = entry
    values[_ARCHIVED], values[_ANNOUNCED] = _day(row[_ARCHIVED]), _day(row[_ANNOUNCED])
    values[_TRAILERS] = tuple((key, value) for key, value in row[_TRAILERS])
    return Version._make(values)


def _event(place: Place, row: list[Any]) -> Event:
    """The event that a version was told of."""
    one = _version("", row)
    trailers = "".join(f"{key}: {value}\n" for key, value in one.trailers)
    step = Step(one.rev or "", (), one.committed or 0, one.author, one.subject, trailers, ())
    move = Move(_path(place, one.path), row[_OLD], one.oid, _origin(place, one), one.alike)
    return Event(step, move, row[_TURN])


def _path(place: Place, shown: str) -> bytes:
    return place.prefix + shown.encode("utf-8", "surrogateescape")


def _origin(place: Place, one: Version) -> bytes | None:
    return None if one.origin is None else _path(place, one.origin)


def _day(value: list[int] | None) -> PolicyDate | None:
    return None if value is None else PolicyDate(*value)


@lru_cache(1024)
def _written(day: PolicyDate | None) -> str:
    return "" if day is None else day.iso()


@lru_cache(1024)
def _read(text: str) -> PolicyDate | None:
    day = PolicyDate(*map(int, text.split("-"))) if text else None
    return day if day and day.first else None  # raises ValueError for a day that is none


def _stored(oid: str, facts: Facts) -> StoredText:
    dates = _written(facts.archived), _written(facts.announced)
    return StoredText(oid, *dates, facts.words, facts.size, facts.digest)


def _facts(text: StoredText) -> Facts:
    dates = _read(text.archived), _read(text.announced)
    return Facts(*dates, int(text.words), int(text.size), str(text.digest))


def _comparison(pair: StoredPair) -> Comparison:
    if pair.kind is not None and pair.kind not in KINDS:
        raise ValueError(f"there is no kind {pair.kind}")
    return Comparison(pair.kind, int(pair.added), int(pair.removed))
