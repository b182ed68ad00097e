"""Stories: the versions of one entry, as they are remembered.

Two lists of columns, in JSON, a line each: one column a field, one value where all versions have
the same. The second line is for who goes on with the story. It is read by columns, too: a history
of thousands of versions is told again in the time of a start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from operator import itemgetter, not_
from typing import Any

from archivist.dates import PolicyDate
from archivist.repository.timeline import Move, Step
from archivist.versions.following import Event, Place
from archivist.versions.telling import Told
from archivist.versions.version import Version

_FIELDS = Version._fields[1:]  # the entry is known from its path
_DATES = tuple(map(_FIELDS.index, ("archived", "announced")))
_TRAILERS = _FIELDS.index("trailers")
_MONTHS, _DAYS = 13, 32  # with one that stands for none


def written(events: Sequence[Event], told: Told) -> bytes:
    """The story of an entry: what is told, and whether it is silent; of each the blob before it on
    the main line, its place and its turn there.
    """
    places = {id(event): place for place, event in enumerate(events)}
    columns: list[Sequence[Any]] = [*zip(*(one.version[1:] for one in told), strict=True)]
    for number in _DATES if columns else ():
        columns[number] = list(map(written_day, columns[number]))
    columns.append([one.is_silent for one in told])
    line = [(one.event.move.old, places[id(one.event)], one.event.turn) for one in told]
    return _table(columns) + b"\n" + _table([*zip(*line, strict=True)])


def versions(entry: str, story: bytes) -> list[Version]:
    """The versions of a story, in valid time."""
    *columns, silent = _columns(story.partition(b"\n")[0], of_versions=True)
    return list(compress(_told(entry, columns), map(not_, silent)))


def events(place: Place, story: bytes) -> list[Event]:
    """The events that a story tells of, silent ones too, in the order of their commits."""
    about, _, line = story.partition(b"\n")
    *columns, _ = _columns(about, of_versions=True)
    olds, places, turns = _columns(line) or ((), (), ())
    found = zip(places, _told("", columns), olds, turns, strict=True)
    return [_event(place, *row) for _, *row in sorted(found, key=itemgetter(0))]


def written_day(day: PolicyDate | None) -> int:
    """A date as a number, which is read in a fraction of the time of a text; 0 for none."""
    if day is None:
        return 0
    year, month, of_month = day
    return (year * _MONTHS + (month or 0)) * _DAYS + (of_month or 0)


def read_day(number: int) -> PolicyDate | None:
    """What `written_day` wrote."""
    if not number:
        return None
    rest, of_month = divmod(number, _DAYS)
    year, month = divmod(rest, _MONTHS)
    return PolicyDate(year, month or None, of_month or None)


def _table(columns: Sequence[Sequence[Any]]) -> bytes:
    import json  # only where there is something to remember

    size = len(columns[0]) if columns else 0
    folded = [one[:1] if one and one.count(one[0]) == size else one for one in columns]
    return json.dumps([size, *folded], separators=(",", ":")).encode()


def _columns(table: bytes, *, of_versions: bool = False) -> list[Sequence[Any]]:
    import json  # only where the index knows the entry

    size, *columns = json.loads(table)
    if of_versions and size:
        for number in _DATES:
            columns[number] = list(map(read_day, columns[number]))
        columns[_TRAILERS] = [tuple(map(tuple, one)) for one in columns[_TRAILERS]]
    return [column * size if len(column) == 1 else column for column in columns]


def _told(entry: str, columns: list[Sequence[Any]]) -> Iterator[Version]:
    """A version for each event that is told, silent ones too."""
    return map(Version._make, zip(repeat(entry), *columns, strict=False)) if columns else iter(())


def _event(place: Place, one: Version, old: str | None, turn: int) -> Event:
    trailers = "".join(f"{key}: {value}\n" for key, value in one.trailers)
    step = Step(one.rev or "", (), one.committed or 0, one.author, one.subject, trailers, ())
    origin = None if one.origin is None else _path(place, one.origin)
    return Event(step, Move(_path(place, one.path), old, one.oid, origin, one.alike), turn)


def _path(place: Place, shown: str) -> bytes:
    return place.prefix + shown.encode("utf-8", "surrogateescape")
