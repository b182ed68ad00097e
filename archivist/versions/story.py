"""Stories: the versions of one entry, as they are remembered.

A list of columns, in JSON: one column a field, one value where all versions have the same. It is
read by columns, too: a history of thousands of versions is told again in the time of a start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, repeat
from operator import itemgetter, not_
from typing import Any

from archivist.dates import PolicyDate
from archivist.repository.timeline import Move, Step
from archivist.versions.following import Event, Place
from archivist.versions.telling import Told
from archivist.versions.version import Version

_FIELDS = Version._fields[1:]  # the entry is known from its path
_DAYS = tuple(map(_FIELDS.index, ("archived", "announced")))
_TRAILERS = _FIELDS.index("trailers")
_MANY_DAYS = 4096


def written(events: Sequence[Event], told: Told) -> bytes:
    """The story of an entry: what is told, each with the blob before it on the main line, its place
    and its turn there, and whether it is silent.
    """
    import json  # only where there is something to remember

    places = {id(event): place for place, event in enumerate(events)}
    rows = [
        (*one.version[1:], one.event.move.old, places[id(one.event)], one.event.turn, one.is_silent)
        for one in told
    ]
    columns: list[Sequence[Any]] = [*zip(*rows, strict=True)]
    for number in _DAYS if columns else ():
        columns[number] = list(map(written_day, columns[number]))
    table = [len(rows), *(_folded(column) for column in columns)]
    return json.dumps(table, separators=(",", ":")).encode()


def versions(entry: str, story: bytes) -> list[Version]:
    """The versions of a story, in valid time."""
    columns = _columns(story)
    return list(compress(_told(entry, columns), map(not_, columns[-1]))) if columns else []


def events(place: Place, story: bytes) -> list[Event]:
    """The events that a story tells of, silent ones too, in the order of their commits."""
    columns = _columns(story)
    *_, olds, places, turns, _ = columns or ((), (), (), ())
    found = zip(places, _told("", columns), olds, turns, strict=True)
    return [_event(place, *row) for _, *row in sorted(found, key=itemgetter(0))]


@lru_cache(_MANY_DAYS)
def written_day(day: PolicyDate | None) -> str:
    """A date as ISO 8601 writes it: a day, a month or a year; blank for none."""
    return "" if day is None else day.iso()


@lru_cache(_MANY_DAYS)
def read_day(text: str) -> PolicyDate | None:
    """What `written_day` wrote."""
    return PolicyDate(*map(int, text.split("-"))) if text else None


def _folded(column: Sequence[Any]) -> Sequence[Any]:
    first = column[0]
    return [first] if all(one == first for one in column) else column


def _columns(story: bytes) -> list[Sequence[Any]]:
    import json  # only where the index knows the entry

    size, *columns = json.loads(story)
    for number in _DAYS if columns else ():
        columns[number] = list(map(read_day, columns[number]))
    if columns:
        columns[_TRAILERS] = [tuple(map(tuple, one)) for one in columns[_TRAILERS]]
    return [column * size if len(column) == 1 else column for column in columns]


def _told(entry: str, columns: list[Sequence[Any]]) -> Iterator[Version]:
    """A version for each event that is told, silent ones too."""
    fields = columns[: len(_FIELDS)]
    return map(Version._make, zip(repeat(entry), *fields, strict=False)) if fields else iter(())


def _event(place: Place, one: Version, old: str | None, turn: int) -> Event:
    trailers = "".join(f"{key}: {value}\n" for key, value in one.trailers)
    step = Step(one.rev or "", (), one.committed or 0, one.author, one.subject, trailers, ())
    origin = None if one.origin is None else _path(place, one.origin)
    return Event(step, Move(_path(place, one.path), old, one.oid, origin, one.alike), turn)


def _path(place: Place, shown: str) -> bytes:
    return place.prefix + shown.encode("utf-8", "surrogateescape")
