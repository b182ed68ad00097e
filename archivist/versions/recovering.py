"""Commits of a backfill among the events of an entry: pure functions.

A backfill puts versions of the past between the present text and the present text again. What was
here before is told as if they did not stand between, and the coming back is told not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archivist.versions.following import Event
from archivist.versions.ordering import RECOVERED, RESTORED


def is_recovered(event: Event) -> bool:
    """True if an event brought a version of the past."""
    return event.step.says(RECOVERED)


def without_returns(events: Iterable[Event]) -> Iterator[Event]:
    """The events without those that only come back, after recovered versions, to the text that was
    here before them.
    """
    own: str | None = None
    for event in events:
        if event.step.says(RESTORED) and event.move.new == own:
            continue
        if not is_recovered(event):
            own = event.move.new
        yield event
