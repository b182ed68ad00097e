"""The order of an entry's versions in valid time: pure functions.

Versions come in the order of their commits, which is that of the main line and never that of the
clocks. A text that was recovered later, and says that it was archived before what is here already,
belongs before it. A date that is put right without a change of the text moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from archivist.dates import PolicyDate


class Dated(NamedTuple):
    """A version's date (None if it says none), and whether its text differs from the one before."""

    archived: PolicyDate | None
    is_new_text: bool


def valid_order(versions: Sequence[Dated]) -> list[int]:
    """The places of the versions, in valid time; those of one day stay in their order."""
    days = _days(versions)
    return sorted(range(len(versions)), key=lambda place: days[place])


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
