"""Which events of a history concern entries, imported ones among them: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from archivist.repository.timeline import Move, Step
from archivist.versions.following import Event, Place

# Gives the steps, newest first, that a merge brought in as a history of their own.
Brought = Callable[[Step], Iterable[Step]]
IMPORT = "Archivist-Source"
_NOTHING: tuple[list[Event], dict[bytes, str]] = [], {}


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
    earlier = _Earlier()
    for step in steps:
        inner: list[Event] = []
        before, ends = earlier.before(step) if earlier.paths else _NOTHING
        if is_import(step):
            found = _backwards(brought(step), place, brought, set())
            led = _ends(found)
            inner = _imported(step, found, led)
            earlier.wait(step, found, led)
        told = {event.move.path: event.move for event in reversed(inner)}
        for move in step.moves:
            if move.path in told and told[move.path].new == move.new:
                continue
            known = place.holds(move.path) or move.path in outside
            if move.origin and not known and place.holds(move.origin):
                events.append(Event(step, Move(move.origin, move.old, None)))
            elif known:
                late = move.path in ends
                events.append(Event(step, move._replace(old=ends[move.path]) if late else move))
                if move.origin and not place.holds(move.origin):
                    outside.add(move.origin)
        events += inner + before
    outside |= earlier.paths  # whatever is remembered does not tell when they came
    return events


class _Earlier:
    """What imports brought of files that stood here already, as the import left them: what these
    went through before they came here.

    It waits, as steps come newest first, for the step by which the file came. `paths` wait.
    """

    def __init__(self) -> None:
        self.paths: set[bytes] = set()
        self._ends: dict[bytes, str] = {}
        self._standing: set[bytes] = set()  # those that are known to have stood here
        self._events: list[tuple[Event, bytes]] = []

    def wait(self, merge: Step, events: list[Event], led: Mapping[bytes, str | None]) -> None:
        """Let the events wait, newest first, of the files that this merge did not touch, and to
        which they `led`.
        """
        touched = {path for one in merge.moves for path in (one.path, one.origin)}
        ends = {path: new for path, new in led.items() if new and path not in touched}
        if ends:
            self._events += _chained(merge, events, ends.keys() - self.paths)
        self._ends = ends | self._ends
        self.paths |= ends.keys()

    def before(self, step: Step) -> tuple[list[Event], dict[bytes, str]]:
        """The events, newest first, that come before what this step did, and the blobs to which
        they lead.
        """
        come: dict[bytes, str] = {}
        for move in step.moves:
            for path in {move.path, move.origin or move.path} & self.paths:
                stood = path in self._standing or move.new == self._ends[path]
                if path != move.path or move.origin or not stood or is_import(step):
                    self.paths.discard(path)  # that was another file
                elif move.old is None:
                    come[path] = self._ends[path]
                self._standing.add(path)
        found = [event for event, path in self._events if path in come]
        self.paths -= come.keys()
        self._events = [one for one in self._events if one[1] in self.paths]
        return found, come


def _ends(events: Iterable[Event]) -> dict[bytes, str | None]:
    """The blob to which events, newest first, lead at each path; None where nothing is left."""
    found: dict[bytes, str | None] = {}
    for event in events:
        found.setdefault(event.move.path, event.move.new)
        if event.move.origin:
            found.setdefault(event.move.origin, None)
    return found


def is_import(step: Step) -> bool:
    """True for a merge by which archivist brought another archive's history in."""
    return len(step.parents) > 1 and step.says(IMPORT)


def _imported(merge: Step, events: list[Event], led: Mapping[bytes, str | None]) -> list[Event]:
    """Of the imported events, newest first, those of the files that the merge took over as they
    `led` to them.
    """
    taken = {one.path for one in merge.moves if one.new and led.get(one.path) == one.new}
    return [event for event, _ in _chained(merge, events, taken)]


def _chained(
    merge: Step, events: list[Event], finals: Iterable[bytes]
) -> list[tuple[Event, bytes]]:
    """Of the imported events, newest first, those that lead to the files at these paths, each with
    the path that it leads to.
    """
    leads = {path: path for path in finals}  # the path on the way → the one that it leads to
    kept: list[Event] = []
    chains: dict[bytes, list[int]] = {}
    ends: list[bytes] = []
    for event in events:
        final = leads.get(event.move.path)
        if final is None:
            continue
        chains.setdefault(final, []).append(len(kept))
        kept.append(event)
        ends.append(final)
        if event.move.origin:
            del leads[event.move.path]
            leads[event.move.origin] = final
    _settle(merge, kept, chains, {final: path for path, final in leads.items()})
    return list(zip(kept, ends, strict=True))


def _settle(
    merge: Step,
    kept: list[Event],
    chains: dict[bytes, list[int]],
    begins: dict[bytes, bytes],
) -> None:
    """Let each chain of imported events, at these places, newest first, begin where it does.

    An entry that was renamed there keeps to a lane of its own on the way. It goes on from the entry
    that is here under its first name only if the merge takes that away.
    """
    for final, places in chains.items():
        if any(kept[place].move.origin for place in places):
            begin = begins.get(final, final)
            replaced = begin in chains and begins.get(begin) != begin
            goes_on = begin == final or replaced or _takes(merge, begin)
            lane = f"{merge.rev} {final.decode('utf-8', 'surrogateescape')}"
            _lay(kept, places, lane, goes_on=goes_on)
        oldest = kept[places[-1]]
        if oldest.move.old is None and not oldest.comes:
            move = oldest.move._replace(old=_stood(merge, oldest.move.path))
            kept[places[-1]] = oldest._replace(move=move)


def _takes(merge: Step, path: bytes) -> bool:
    """True if a merge takes the file at a path away."""
    return any(
        path == move.origin or (path == move.path and move.new is None) for move in merge.moves
    )


def _stood(merge: Step, path: bytes) -> str | None:
    """The blob at a path before a merge changed it or took it away; None if there was none, or if
    the merge left it as it was.
    """
    return next((one.old for one in merge.moves if path == (one.origin or one.path)), None)


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
