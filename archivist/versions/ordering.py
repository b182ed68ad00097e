"""The order of an entry's versions in valid time: pure functions.

Versions come in the order of their commits, which is that of the main line and never that of the
clocks. A text that was recovered later, and says that it was archived before what is here already,
belongs before it. A date that is put right without a change of the text moves nothing.

A backfill commits recovered versions one after another, and at last the present one again: what
stands between two of its commits in git does not stand between them in time. So its versions are
placed by their own days alone, and what was in the archive is ordered as if they were not there.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from archivist.dates import PolicyDate

# Trailers: of a commit that brought a version of the past, of one that came back to the present.
RECOVERED, RESTORED = "Archivist-Recovered", "Archivist-Restored"


class Dated(NamedTuple):
    """A version's date (None if it says none), whether its text differs from the one before it, and
    whether it was recovered from the past.
    """

    archived: PolicyDate | None
    is_new_text: bool
    is_recovered: bool = False


def valid_order(versions: Sequence[Dated]) -> list[int]:
    """The places of the versions, in valid time; those of one day stay in their order, recovered
    ones first.
    """
    own = [place for place, one in enumerate(versions) if not one.is_recovered]
    days = dict(zip(own, _days([versions[place] for place in own]), strict=True))
    for place, one in enumerate(versions):
        if one.is_recovered:
            days[place] = one.archived.first if one.archived else date.min
    return sorted(
        range(len(versions)),
        key=lambda place: (days[place], not versions[place].is_recovered),
    )


def _days(versions: Sequence[Dated]) -> list[date]:
    """A day for each version: of a run with one text no version is later than the ones behind it;
    a version without a date has that of the one before.
    """
    days: list[date] = []
    begin = 0
    for place, one in enumerate(versions):
        if one.is_new_text:
            begin = place
        day = one.archived.first if one.archived else (days[-1] if days else date.min)
        days.append(day)
        for earlier in range(place - 1, begin - 1, -1):
            if days[earlier] <= day:
                break
            days[earlier] = day
    return days
