"""Which versions are shown, and what is remarkable about them: pure functions."""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import NamedTuple

from archivist.versions.version import Version

_ALTERNATING = 4  # versions A, B, A, B
_TURN = 64  # bits that no turn fills


class Choice(NamedTuple):
    """Only changes of text; only what is of this day or later, of this day or earlier."""

    text_only: bool = False
    since: date | None = None
    until: date | None = None

    def holds(self, version: Version) -> bool:
        """True if a version is chosen: by when it was archived, else by when it was committed."""
        if self.text_only and not version.has_text:
            return False
        if self.since is None and self.until is None:
            return True
        day = day_of(version)
        if day is None:
            return False
        return (self.since or date.min) <= day <= (self.until or date.max)


class Oscillation(NamedTuple):
    """Two texts of an entry that took turns, and how often."""

    entry: str
    first: str
    second: str
    turns: int


def day_of(version: Version) -> date | None:
    """The day that a version is of: archived, else committed; None if no calendar has it."""
    return version.archived.first if version.archived else committed_day(version)


def committed_day(version: Version) -> date | None:
    """The day, in UTC, on which a version was committed; None if no calendar has it."""
    try:
        return datetime.fromtimestamp(version.committed or 0, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def newest_first(versions: Iterable[Version]) -> list[Version]:
    """Versions, each entry's oldest first, turned round: by the day that they are of, those of one
    day by the main line. Each entry's keep their order: what stands behind another in valid time is
    of no earlier day, and one without a date is of the day of the one before it.
    """
    placed: list[tuple[int, Version]] = []
    day = turn = 0
    entry: str | None = None
    for one in versions:
        if one.entry != entry or one.kind == "added":
            entry, day, turn = one.entry, 0, 0
        if one.archived:
            now = one.archived.first.toordinal()
        else:
            known = None if one.oid and day else committed_day(one)
            now = known.toordinal() if known else 0
        if now > day:
            day, turn = now, one.turn
        elif one.turn > turn:
            turn = one.turn
        placed.append(((day << _TURN) + turn, one))
    placed.reverse()
    placed.sort(key=itemgetter(0), reverse=True)
    return [one for _, one in placed]


def oscillations(versions: Sequence[Version]) -> list[Oscillation]:
    """Where an entry went back and forth between two texts (A, B, A, B), oldest first."""
    found: list[Oscillation] = []
    run: list[Version] = []
    for one in versions:
        if not one.oid:
            continue
        if one.kind == "added":  # another entry begins, perhaps of the same name
            found += _told(run)
            run = []
        elif run and run[-1].text == one.text:
            continue
        elif len(run) > 1 and run[-2].text != one.text:
            found += _told(run)
            del run[:-1]
        run.append(one)
    return [*found, *_told(run)]


def _told(run: Sequence[Version]) -> list[Oscillation]:
    if len(run) < _ALTERNATING or not any(one.kind == "text" for one in run):
        return []
    return [Oscillation(run[0].entry, run[0].rev or "", run[1].rev or "", len(run) - 1)]
