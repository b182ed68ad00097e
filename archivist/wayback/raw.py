"""One memento as it was captured: its bytes, without the Wayback Machine's additions."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from archivist.net.fetch import Answer, Fetch, Trouble
from archivist.wayback.asked import stamp_of
from archivist.wayback.cdx import Capture
from archivist.wayback.mementos import WaybackMachine

_LATER = 0.001  # seconds at least: behind everything else that waits


class Raw(NamedTuple):
    """What came of a capture: the memento's answer, or None and why there is none. `is_answered` is
    False if that says nothing about the capture: the Wayback Machine was out. `cut_at` is how many
    bytes were read of a body that did not end there.
    """

    capture: Capture
    answer: Answer | None = None
    trouble: str = ""
    is_answered: bool = True
    cut_at: int = 0


def fetch_raw(machine: WaybackMachine, capture: Capture) -> Generator[Fetch, Answer, Raw]:
    """Fetch a capture; what fails is asked once more, behind the others."""
    place = f"{machine.settings.url}/web/{capture.timestamp}/{capture.original}"
    fetch = machine.playback(place, capture.original, capture.timestamp)._replace(recorded=True)
    raw = Raw(capture)
    for later in (0.0, _LATER + machine.settings.second_opinion):
        answer = yield fetch._replace(later=later)
        raw = _judged(machine, capture, answer)
        if raw.is_answered or machine.is_out:
            return raw
    return raw


def _judged(machine: WaybackMachine, capture: Capture, answer: Answer) -> Raw:
    if answer.failure and answer.failure.trouble is Trouble.SILENT:  # it was not asked at all
        return Raw(capture, None, "the Wayback Machine is not asked any more", False)
    told = machine.told(answer)
    if told.trouble:
        return Raw(capture, None, told.trouble, False)
    if not told.is_capture:
        why = "it leads on to another time" if answer.location else f"it answers {answer.status}"
        return Raw(capture, None, f"the Wayback Machine does not show it: {why}")
    if stamp_of(answer) != capture.timestamp:
        return Raw(capture, None, "the Wayback Machine shows another capture in its place")
    if answer.cut:
        trouble = "it is too large, or not complete"
        return Raw(capture, None, trouble, cut_at=max(len(answer.body), 1))
    return Raw(capture, answer)
