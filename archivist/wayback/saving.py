"""Save Page Now: let the Wayback Machine capture a page now, and see that the capture is there.

Conversations, as the checks of mementos are. Nothing counts as saved but what plays back with a
`Memento-Datetime` of its own; what was asked for and is not there yet is pending, and a pending
value is all that another run needs to go on. What was lost on the way is looked for, not repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from archivist.links.source import retry_after
from archivist.net.fetch import Answer, Fetch
from archivist.wayback.asked import (
    STAMP,
    UNANSWERED,
    Pending,
    Refused,
    Saved,
    is_new,
    is_of,
    stamp_of,
)
from archivist.wayback.cdx import query
from archivist.wayback.codes import code_of
from archivist.wayback.keys import Keys
from archivist.wayback.mementos import JOBS, OUT, SAVE, WaybackMachine

_POLL = 6.0  # seconds between two questions, where the service does not say
_LEAST_POLL = 0.05
_MOST_TROUBLES = 3  # answers about one job that are none
_LOOKS = (0.0, 2.0)  # seconds before a look at a capture; then it counts as not visible yet
_CLOCKS = timedelta(days=1)  # by which ours and theirs may differ
_PLACE = re.compile(r"(?:https?:)?(?://[^/]+)?/web/([0-9]{14})(?:[a-z]{2}_)?/(https?:.+)")
_MOST_WORDS = 200  # characters of the service's own words


Outcome = Saved | Pending | Refused
Save = Generator[Fetch, Answer, Outcome]


@dataclass
class Saver:
    """What the saves of one run share. `keys` are None for the anonymous way; `now` is the time."""

    machine: WaybackMachine
    keys: Keys | None
    now: datetime
    _denied: Refused | None = field(default=None, init=False)

    def save(self, url: str, also: tuple[str, ...] = ()) -> Save:
        """Ask for a capture of a page and wait for it, within the deadline of the settings."""
        wanted = Pending(url, self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), also)
        if self._denied:
            return self._denied._replace(url=url)
        if self.machine.is_out:
            return self._later(url, OUT)
        if self.keys is None:
            return (yield from self._anonymously(wanted))
        refused = yield from self._admitted(url)
        return refused or (yield from self._submitted(wanted))

    def complete(self, pending: Pending) -> Save:
        """Go on with what an earlier run has left."""
        if self.machine.is_out:
            return pending._replace(reason=OUT)
        if pending.stamp:
            return (yield from self._confirmed(pending))
        if pending.job and self.keys:
            return (yield from self._waited(pending, _LEAST_POLL))
        return (yield from self._found(pending, self._later(pending.url, "no capture came of it")))

    def _admitted(self, url: str) -> Generator[Fetch, Answer, Refused | None]:
        """Whether the service takes a capture from these keys now: its limits are its own."""
        waited = 0.0
        while True:
            answer = yield self._asked(f"status/user?_t={self.now:%Y%m%d%H%M%S}", waited)
            said = self._said(answer)
            if answer.status in (401, 403):
                words = "the Internet Archive does not know the keys that the environment gives"
                self._denied = Refused(url, "unauthorized", words, True)
                return self._denied
            most, used = _number(said, "daily_captures_limit"), _number(said, "daily_captures")
            if most is not None and used is not None and used >= most:
                return self._refused(url, "too-many-daily-captures", "")
            if _number(said, "available") != 0:
                return None
            waited += self._pause(answer)
            if waited > self.machine.settings.save_deadline:
                return self._refused(url, "user-session-limit", "")

    def _submitted(self, wanted: Pending) -> Save:
        assert self.keys
        form = {
            "url": wanted.url,
            "if_not_archived_within": str(int(self.machine.settings.reuse_minutes * 60)),
            "skip_first_archive": "1",
        }
        answer = yield Fetch(
            f"{self.machine.settings.url}/save",
            SAVE,
            headers=("Accept: application/json", self.keys.header),
            timeout=self.machine.settings.timeout,
            wanted=self.machine.is_in,
            form=urlencode(form),
        )
        trouble, said = self.machine.told(answer).trouble, self._said(answer)
        if answer.status == 429:
            return self._refused(wanted.url, "too-many-requests", trouble)
        if said.get("status") == "error":
            return (yield from self._failed(wanted, said))
        message = self._words(said.get("message"))
        if isinstance(job := said.get("job_id"), str) and job.isprintable() and job:
            taken = wanted._replace(job=job[:_MOST_WORDS], reason=message)
            return (yield from self._waited(taken, self._pause(answer)))
        # The answer was lost, or there was a capture already: never asked again, but looked for.
        why = trouble or message or f"Save Page Now answers {answer.status}"
        return (yield from self._found(wanted, wanted._replace(reason=why)))

    def _waited(self, pending: Pending, first: float) -> Save:
        """Ask how a job is, as often as the service says, until it ends or the deadline passes."""
        pause, waited, troubles = first, 0.0, 0
        while waited + pause <= self.machine.settings.save_deadline:
            answer = yield self._asked(f"status/{pending.job}", pause)
            waited += pause + answer.seconds
            pause = self._pause(answer)
            trouble, said = self.machine.told(answer).trouble, self._said(answer)
            if trouble or not said:
                troubles += 1
                if troubles >= _MOST_TROUBLES or self.machine.is_out:
                    return pending._replace(reason=trouble or "its answers make no sense")
            elif said.get("status") == "success":
                return (yield from self._ended(pending, said))
            elif said.get("status") == "error":
                return (yield from self._failed(pending, said))
            elif message := self._words(said.get("message")):
                pending = pending._replace(reason=message)
        return pending._replace(reason=pending.reason or "the capture takes its time")

    def _ended(self, pending: Pending, said: dict[str, Any]) -> Save:
        """A job's success: believed as far as the capture is there, and of this page."""
        stamp, original = str(said.get("timestamp")), str(said.get("original_url"))
        if not STAMP.fullmatch(stamp) or not original.startswith(("http://", "https://")):
            return (yield from self._found(pending, pending._replace(reason="it says no capture")))
        if not is_of(original, pending):
            words = f"the page redirected it to {original[:_MOST_WORDS]}"
            return Refused(pending.url, "redirected", words, True)
        status = _number(said, "http_status") or 200
        if status != 200:
            words = f"it captured an error of the page, {status}"
            return Refused(pending.url, "error-capture", words, False)
        return (yield from self._confirmed(pending._replace(stamp=stamp, original=original)))

    def _failed(self, pending: Pending, said: dict[str, Any]) -> Save:
        """A job's failure, which may have captured the page all the same."""
        code = str(said.get("status_ext") or "")
        refused = self._refused(pending.url, code, self._words(said.get("message")))
        if code_of(code).weight != "transient":
            return refused
        return (yield from self._found(pending, refused))

    def _confirmed(self, pending: Pending) -> Save:
        """See that the capture is there: it plays back, and is of that second."""
        memento = f"{self.machine.settings.url}/web/{pending.stamp}/{pending.original}"
        fetch = self.machine.playback(memento, pending.original, pending.stamp)
        for later in _LOOKS:
            answer = yield fetch._replace(later=later, recorded=True)
            told = self.machine.told(answer)
            if told.is_capture and stamp_of(answer) == pending.stamp:
                if answer.status == 200:
                    return Saved(pending.url, memento, pending.stamp, pending.original, answer)
                words = f"what it captured is no page: {answer.status}"
                return Refused(pending.url, "error-capture", words, False)
            if told.trouble:
                return pending._replace(reason=told.trouble)
        return pending._replace(reason="the capture is made, and not visible yet")

    def _found(self, pending: Pending, otherwise: Pending | Refused) -> Save:
        """The capture that came of it although nobody said so, if the index lists one."""
        since, is_told = datetime.fromisoformat(pending.since), True
        early = since - timedelta(minutes=self.machine.settings.reuse_minutes)
        # Of a page that redirects, the page itself is listed at the end of the way.
        for url in dict.fromkeys((pending.url, *pending.also[-1:])):
            asked = query(self.machine.settings.url, url, since.date(), timedelta(days=2))
            rows = yield from self.machine.rows(asked)
            is_told = is_told and rows is not None
            good = [
                one for one in rows or () if is_new(one, early) and is_of(one.original, pending)
            ]
            if good:
                last = max(good)
                found = pending._replace(stamp=last.timestamp, original=last.original)
                return (yield from self._confirmed(found))
        if not is_told and isinstance(otherwise, Refused) and otherwise.code == UNANSWERED:
            return pending._replace(reason=self.machine.why)
        return otherwise

    def _anonymously(self, wanted: Pending) -> Save:
        """The way of the web form, without keys: it waits, and leads to the capture."""
        place = f"{self.machine.settings.url}/save/{wanted.url}"
        timeout = max(self.machine.settings.timeout, self.machine.settings.save_deadline)
        answer = yield Fetch(place, SAVE, timeout=timeout, limit=1 << 16, wanted=self.machine.is_in)
        said = answer.location or answer.headers.get("content-location", "")
        found = _PLACE.match(said)
        if found and is_of(found[2], wanted):
            early = self.now.astimezone(UTC) - _CLOCKS
            if found[1] >= early.strftime("%Y%m%d%H%M%S"):
                self.machine.failures = 0
                return (
                    yield from self._confirmed(wanted._replace(stamp=found[1], original=found[2]))
                )
            return self._later(wanted.url, "it shows an older capture, and made no new one")
        self.machine.told(answer)
        if answer.failure or answer.status >= 500:
            why = answer.failure.words if answer.failure else f"answers {answer.status}"
            pending = wanted._replace(reason=f"the Wayback Machine {why}")
            return (yield from self._found(wanted, pending))
        words = "the Wayback Machine saves nothing now without keys"
        return self._later(wanted.url, f"{words}: IA_ACCESS_KEY and IA_SECRET_KEY give them")

    def _asked(self, what: str, later: float) -> Fetch:
        assert self.keys
        return Fetch(
            f"{self.machine.settings.url}/save/{what}",
            JOBS,
            headers=("Accept: application/json", self.keys.header),
            later=later,
            timeout=self.machine.settings.timeout,
            wanted=self.machine.is_in,
        )

    def _pause(self, answer: Answer) -> float:
        said = retry_after(answer)
        return max(_POLL if said is None else said, _LEAST_POLL)

    def _refused(self, url: str, status_ext: str, message: str) -> Refused:
        code = code_of(status_ext)
        words = f"Save Page Now: {code.words}" + (f" ({message})" if message else "")
        return Refused(url, status_ext[:60] or "error", words, code.weight == "permanent")

    def _later(self, url: str, why: str) -> Refused:
        return Refused(url, UNANSWERED, why, False)

    def _said(self, answer: Answer) -> dict[str, Any]:
        """The object that an answer holds; none if it holds none."""
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def _words(self, said: object) -> str:
        text = " ".join(said.split())[:_MOST_WORDS] if isinstance(said, str) else ""
        return self.keys.hidden_in(text) if self.keys else text


def _number(said: dict[str, Any], key: str) -> int | None:
    value = said.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
