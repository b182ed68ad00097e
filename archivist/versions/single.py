"""The events of one entry, read along its own path: what others went through is not looked at."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import os
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository import Repository
from archivist.repository.timeline import Move, Step, merges_say, timeline, was_elsewhere
from archivist.versions.following import Chain, Event, Place
from archivist.versions.relevance import IMPORT, is_import

_MOST_NAMES = 8  # that an entry had; each costs a walk, so that with more of them all is read


class Unclear(Exception):
    """Only the whole history can tell."""


class _Stage(NamedTuple):
    """What an entry went through under one name, newest first, and where it came from then."""

    events: list[Event]
    origin: bytes | None
    tip: str  # the commit before it was moved


def single(repository: Repository, place: Place, tip: str, path: bytes) -> Chain | None:
    """The entry that is at a path in a commit; None if it takes the whole history to tell.

    That is: after an import, which brings a history in; for an entry that was moved out of the
    archive and came back; for one with many names, or with an id that was in another folder, too,
    before; where objects are missing.
    """
    events: list[Event] = []
    origin: bytes | None = path
    try:
        for _ in range(_MOST_NAMES):
            if origin is None:
                return _chain(path, events)
            stage = _stage(repository, place, tip, origin)
            events += stage.events
            origin, tip = stage.origin, stage.tip
    except (GitFailure, Unclear):
        pass
    return None


def _chain(path: bytes, events: list[Event]) -> Chain | None:
    chain = Chain(path)
    for turn, event in enumerate(reversed(events), 1):
        chain.add(event._replace(turn=turn))
    return chain if events else None


def _stage(repository: Repository, place: Place, tip: str, path: bytes) -> _Stage:
    events: list[Event] = []
    done = _done(repository, tip, path, place.prefix)
    for step, move in done:
        if move.path != path:  # it was renamed: what came later is another entry
            if not place.holds(move.path):
                raise Unclear
            break
        events.append(Event(step, move))
        if move.origin:
            if any(older.new is None for _, older in islice(done, 1)):
                raise Unclear  # another entry was removed there, which is to be noted
            break
    come = next((one.step.rev for one in events if not (one.move.old or one.move.origin)), None)
    if come and was_elsewhere(repository, come, _shown(path, place.prefix)):
        raise Unclear
    if come and merges_say(repository, tip, come, IMPORT):
        raise Unclear  # which may have brought what the file went through before it came here
    if events and events[-1].move.origin:
        return _Stage(events, events[-1].move.origin, events[-1].step.parents[0])
    return _Stage(events, None, tip)


def _done(
    repository: Repository, tip: str, path: bytes, prefix: bytes
) -> Iterator[tuple[Step, Move]]:
    """What was done to a path, newest first: to it, or from it to another."""
    for step in timeline(repository, tip, path=_shown(path, prefix)):
        if is_import(step):
            raise Unclear
        found = [move for move in step.moves if move.path == path]
        found = found or [move for move in step.moves if move.origin == path]
        if found:
            yield step, found[0]


def _shown(path: bytes, prefix: bytes) -> str:
    """A path, relative to the archive, as git is asked for it."""
    return os.fsdecode(os.path.relpath(b"/" + path, b"/" + prefix))
