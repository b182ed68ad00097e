"""Which events of a history concern entries, imported ones among them: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archivist.repository.timeline import Move, Step
from archivist.versions.following import Event, Place

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
