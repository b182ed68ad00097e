"""Following entries through the changes of their paths: pure functions.

An entry is followed through renames, and through deletion and return at one path, or under one id
in another folder. Where a path was left by a rename and taken again, what is there now is another
entry; a copy is another entry, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from archivist.entry import SUFFIX
from archivist.files import ENTRIES
from archivist.repository.timeline import Move, Step
from archivist.versions.version import Version


class Event(NamedTuple):
    """What one commit did to one entry.

    The paths of an import's history are not those of the main line until it is merged: what one of
    its entries was called on its way is followed in a lane of its own, from which an event `comes`
    and into which it `goes`; blank is the main line.
    """

    step: Step
    move: Move
    turn: int = 0  # counts up along the main line
    comes: str = ""
    goes: str = ""


LAST = 1 << 62  # the turn of what is not committed


class Recalled(NamedTuple):
    """What is remembered of an entry: its last blob (None if it was removed), its events."""

    oid: str | None
    events: Callable[[], list[Event]]
    versions: Callable[[], list[Version]]


class Chain:
    """All events of one entry, in the order of the commits; `path` is its last one.

    `recalled` is what is remembered of it, None as soon as there is more to it than that.
    """

    def __init__(self, path: bytes, recalled: Recalled | None = None) -> None:
        self.path = path
        self.recalled = recalled
        self.oid = recalled.oid if recalled else None

    @cached_property
    def events(self) -> list[Event]:
        """The events; remembered ones are looked up when they are asked for."""
        return self.recalled.events() if self.recalled else []

    def add(self, event: Event) -> None:
        """Let the entry go on with this event."""
        self.events.append(event)
        self.path, self.oid, self.recalled = event.move.path, event.move.new, None

    def committed(self) -> Chain:
        """The entry as it is without edits that are not committed."""
        if self.recalled or self.events[-1].turn != LAST:
            return self
        chain = Chain(self.path)
        for event in self.events:
            if event.turn != LAST:
                chain.add(event)
        return chain

    @property
    def is_here(self) -> bool:
        """True if the entry was not removed at the end."""
        return self.oid is not None


class Place(NamedTuple):
    """Where an archive lies in its repository: `prefix` ends in `/`, or is blank."""

    prefix: bytes

    def holds(self, path: bytes) -> bool:
        """True if an entry may be at this path of the repository: hidden files are none."""
        below = self.prefix + ENTRIES.encode() + b"/"
        if not (path.startswith(below) and path.endswith(SUFFIX.encode())):
            return False
        return b"/." not in path[len(below) - 1 :]

    def shown(self, path: bytes) -> str:
        """A path relative to the archive; bytes that are not UTF-8 are kept as surrogates."""
        return path.removeprefix(self.prefix).decode("utf-8", "surrogateescape")


# Gives the steps, newest first, that a merge brought in as a history of their own.
Brought = Callable[[Step], Iterable[Step]]
IMPORT = "Archivist-Source"


def relevant(
    steps: Iterable[Step], place: Place, brought: Brought, outside: set[bytes], turn: int = 0
) -> list[Event]:
    """The events that concern entries, oldest first, of steps that come newest first.

    A file that was moved into the archive from elsewhere is followed to where it came from: its
    paths are added to those `outside`. One that was moved out is removed. An import merges a
    history in, and its commits stand for the merge where they lead to the same texts. `turn` is
    the last one before.
    """
    events = _backwards(steps, place, brought, outside)[::-1]
    rev = ""
    for number, event in enumerate(events):
        turn, rev = turn + (event.step.rev != rev), event.step.rev
        events[number] = event._replace(turn=turn)
    return events


def _backwards(
    steps: Iterable[Step], place: Place, brought: Brought, outside: set[bytes]
) -> list[Event]:
    events: list[Event] = []
    for step in steps:
        inner: list[Event] = []
        if is_import(step):
            inner = _imported(step, _backwards(brought(step), place, brought, set()))
        told = {event.move.path: event.move for event in reversed(inner)}
        for move in step.moves:
            if move.path in told and told[move.path].new == move.new:
                continue
            known = place.holds(move.path) or move.path in outside
            if move.origin and not known and place.holds(move.origin):
                events.append(Event(step, Move(move.origin, move.old, None)))
            elif known:
                events.append(Event(step, move))
                if move.origin and not place.holds(move.origin):
                    outside.add(move.origin)
        events += inner
    return events


def is_import(step: Step) -> bool:
    """True for a merge by which archivist brought another archive's history in."""
    return len(step.parents) > 1 and step.says(IMPORT)


def _imported(merge: Step, events: list[Event]) -> list[Event]:
    """Of the imported events, newest first, those of the files that the merge took over.

    An entry that was renamed there keeps to a lane of its own on the way. It goes on from the entry
    that is here under its first name only if the merge takes that away.
    """
    taken = {move.path: move for move in merge.moves if move.new}
    wanted = {
        path: move
        for path, move in taken.items()
        if next((one.move.new for one in events if one.move.path == path), None) == move.new
    }
    finals = {path: path for path in wanted}  # the path on the way → the one that it leads to
    kept: list[Event] = []
    chains: dict[bytes, list[int]] = {}
    for event in events:
        final = finals.get(event.move.path)
        if final is None:
            continue
        chains.setdefault(final, []).append(len(kept))
        kept.append(event)
        if event.move.origin:
            del finals[event.move.path]
            finals[event.move.origin] = final
    begins = {final: path for path, final in finals.items()}
    for final, places in chains.items():
        if any(kept[place].move.origin for place in places):
            begin = begins.get(final, final)
            replaced = begin in chains and begins.get(begin) != begin
            goes_on = begin == final or replaced or _takes(merge, begin)
            lane = f"{merge.rev} {final.decode('utf-8', 'surrogateescape')}"
            _lay(kept, places, lane, goes_on=goes_on)
    return kept


def _takes(merge: Step, path: bytes) -> bool:
    """True if a merge takes the file at a path away."""
    return any(
        path == move.origin or (path == move.path and move.new is None) for move in merge.moves
    )


def _lay(events: list[Event], places: Sequence[int], lane: str, *, goes_on: bool) -> None:
    """Let the events of one entry, at these places, newest first, keep to a lane."""
    newest, oldest = places[0], places[-1]
    for place in places:
        event = events[place]
        comes = "" if place == oldest and goes_on else lane
        events[place] = event._replace(comes=comes, goes="" if place == newest else lane)
    if not goes_on:
        first = events[oldest]
        move = first.move._replace(old=None, origin=None, alike=None)
        events[oldest] = first._replace(move=move)


class Following:
    """The entries that were met, and those that are at a path now, or were there last."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chains: list[Chain] = []
        self.here: dict[bytes, Chain] = {}
        self.gone: dict[bytes, Chain] = {}
        self._gone_at: dict[bytes, set[bytes]] = {}  # the name of a file → where it was

    def copied(self) -> Following:
        """The same entries, to go on with apart."""
        other = Following(self.place)
        other.chains, other.here = list(self.chains), dict(self.here)
        for path, chain in self.gone.items():
            other.lose(path, chain)
        return other

    def lose(self, path: bytes, chain: Chain) -> None:
        """An entry is gone, and was at this path last."""
        self.gone[path] = chain
        if self.place.holds(path):
            self._gone_at.setdefault(_name(path), set()).add(path)

    def take(self, events: Iterable[Event]) -> None:
        """Go on with these events, oldest first."""
        for events_of_commit in map(self._rejoined, _by_commit(events)):
            # What a commit takes away is taken before anything new takes its place.
            origins = {
                key: self.here.pop(key)
                for one in events_of_commit
                if one.move.origin and (key := _key(one.comes, one.move.origin)) in self.here
            }
            for event in sorted(events_of_commit, key=lambda one: one.move.new is not None):
                self._take(event, origins)

    def _take(self, event: Event, origins: dict[bytes, Chain]) -> None:
        path, origin = event.move.path, event.move.origin
        before, after = _key(event.comes, path), _key(event.goes, path)
        chain = origins.get(_key(event.comes, origin)) if origin else None
        if chain:
            self._returned(after)
        else:
            chain = self.here.pop(before, None) or self._returned(before)
        if chain is None and before == path:
            chain = self._returned_elsewhere(path)
        if chain is None:
            chain = Chain(path)
            self.chains.append(chain)
        chain.add(event)
        self.here[after] = chain
        if event.move.new is None:
            self.lose(after, self.here.pop(after))

    def _returned(self, path: bytes) -> Chain | None:
        """The entry that was at a path last, which is not gone any more."""
        self._gone_at.get(_name(path), set()).discard(path)
        return self.gone.pop(path, None)

    def _returned_elsewhere(self, path: bytes) -> Chain | None:
        """The one entry that is gone and had the id of what is at this path now."""
        places = self._gone_at.get(_name(path), set()) if self.place.holds(path) else set()
        return self._returned(next(iter(places))) if len(places) == 1 else None

    def _rejoined(self, events: list[Event]) -> list[Event]:
        """The events of a commit; one that takes an id away and one that brings it in another
        folder are one move, however little of the text stayed.
        """
        taken: dict[bytes, list[Event]] = {}
        brought: dict[bytes, list[Event]] = {}
        for event in events if len(events) > 1 else ():
            path, old, new, origin, _ = event.move
            if (old is None or new is None) and not origin and self._is_plain(event):
                (taken if new is None else brought).setdefault(_name(path), []).append(event)
        for name in taken.keys() & brought.keys():
            if len(taken[name]) == len(brought[name]) == 1:
                (left,), (come,) = taken[name], brought[name]
                move = come.move._replace(old=left.move.old, origin=left.move.path)
                joined = come._replace(move=move)
                events = [joined if one is come else one for one in events if one is not left]
        return events

    def _is_plain(self, event: Event) -> bool:
        """True for what was done on the main line, within the archive."""
        return not (event.comes or event.goes) and self.place.holds(event.move.path)


def _name(path: bytes) -> bytes:
    """The name of a file, which is its id."""
    return path[path.rfind(b"/") + 1 :]


def _key(lane: str, path: bytes) -> bytes:
    """A path on its lane; on the main line, the path."""
    return lane.encode("utf-8", "surrogateescape") + b"\0" + path if lane else path


def _by_commit(events: Iterable[Event]) -> Iterable[list[Event]]:
    group: list[Event] = []
    for event in events:
        if group and group[0].step.rev != event.step.rev:
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def breaks(chains: Iterable[Chain], tree: dict[bytes, str]) -> list[str]:
    """What is wrong with these chains, if anything: an event that does not begin where the one
    before it ended, or an end that is not what `tree` (path → blob) holds.
    """
    wrong = []
    left = dict(tree)
    for chain in chains:
        last: str | None = None
        for event in chain.events:
            if event.move.old != last:
                name = event.move.path.decode("utf-8", "surrogateescape")
                wrong.append(f"{name}: {event.step.rev[:10]} does not begin where it ended before")
            last = event.move.new
        # One that is gone ends nowhere: what is at its path now may be another entry.
        if last is not None and last != left.pop(chain.path, None):
            name = chain.path.decode("utf-8", "surrogateescape")
            wrong.append(f"{name}: its versions do not end at the text of HEAD")
    wrong += [
        f"{path.decode('utf-8', 'surrogateescape')}: no version leads to the text of HEAD"
        for path in left
    ]
    return wrong
