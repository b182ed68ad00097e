"""Following entries through the changes of their paths: pure functions.

An entry is followed through renames, and through deletion and return at one path, or under one id
in another folder. Where a path was left by a rename and taken again, what is there now is another
entry; a copy is another entry, too.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Callable, Iterable
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

    def committed(self) -> "Chain":
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


class Following:
    """The entries that were met, and those that are at a path now, or were there last."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.chains: list[Chain] = []
        self.here: dict[bytes, Chain] = {}
        self.gone: dict[bytes, Chain] = {}
        self._gone_at: dict[bytes, set[bytes]] = {}  # the name of a file → where it was

    def copied(self) -> "Following":
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
