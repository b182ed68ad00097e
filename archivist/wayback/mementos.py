"""Mementos: whether one is there and shows the policy, and which one is nearest to a day.

Conversations, as the checks of sources are. The Wayback Machine's limits are kept by its lanes; an
answer of its own that says "not now" is nobody's fault and is not retried at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from archivist import page as pages
from archivist.addresses import host
from archivist.config.scan import WAYBACK, WaybackSettings
from archivist.dates import PolicyDate
from archivist.links import signs
from archivist.links.judging import Expected, holdings
from archivist.net.fetch import Answer, Fetch, Trouble
from archivist.net.lanes import Manners
from archivist.verdict import LOST, Holding, Hop, Judgement, Verdict, Weight
from archivist.wayback.cdx import Capture, captures, nearest, query

PLAYBACK, SEARCH = "wayback playback", "wayback search"
SAVE, JOBS = "wayback save", "wayback jobs"
GROUP = "wayback"
_WINDOW = timedelta(days=45)
_TRIED = 3  # captures that are looked at for one day
_DOWN = 3  # answers of the Wayback Machine's own in a row that mean an outage
OUT = "the Wayback Machine does not answer now"

Check = Generator[Fetch, Answer, Judgement]


class Search(NamedTuple):
    """What a search came to: the memento's URL, or why there is none. `known` is False if there was
    no telling.
    """

    memento: str = ""
    reason: str = ""
    share: float = -1.0
    known: bool = True


class Told(NamedTuple):
    """What an answer of the Wayback Machine is: a capture, its word on one, or no answer."""

    is_capture: bool
    trouble: str = ""


@dataclass
class WaybackMachine:
    """What the conversations of one run know of it. `pause` stops all that is asked of it."""

    settings: WaybackSettings
    pause: Callable[[str, float], None] = lambda _lane, _seconds: None
    failures: int = 0
    limited: int = 0
    blamed: str = field(default="")
    last: str = field(default="")

    @property
    def why(self) -> str:
        """Why it gave no answer, as far as that is known."""
        return self.blamed or (f"{OUT}: it {self.last}" if self.last else OUT)

    @property
    def is_out(self) -> bool:
        """True if it is not to be asked any more in this run."""
        return self.failures >= _DOWN or self.limited > 1

    def is_in(self) -> bool:
        """True if it may be asked."""
        return not self.is_out

    def manners(self) -> dict[str, Manners]:
        """How its lanes are to be asked: one request at a time, at the rates of the settings."""
        return {
            PLAYBACK: Manners(1, 60 / self.settings.playbacks_per_minute, GROUP),
            SEARCH: Manners(1, 60 / self.settings.searches_per_minute, GROUP),
            SAVE: Manners(1, 60 / self.settings.saves_per_minute, GROUP),
            JOBS: Manners(1, 60 / self.settings.playbacks_per_minute, GROUP),
        }

    def check(self, url: str, original: str, stamp: str, expected: Sequence[Expected]) -> Check:
        """The judgement on a memento that an entry names."""
        answer = yield self.playback(url, original, stamp)
        judgement = self._judge(url, stamp, answer, expected)
        is_missing = answer.status in (302, 404) and "memento-datetime" not in answer.headers
        if judgement.verdict is not Verdict.FAILING or not is_missing:
            return judgement
        rows = yield from self.rows(query(self.settings.url, original, _day(stamp), timedelta(1)))
        if rows is None:
            return judgement._replace(verdict=Verdict.UNKNOWN, reason=OUT)
        if any(one.timestamp == stamp for one in rows):
            reason = "is listed by the Wayback Machine, but it does not show it now"
            return judgement._replace(reason=reason, weight=Weight.USUAL)
        return judgement

    def find(
        self, url: str, day: date, expected: Sequence[Expected]
    ) -> Generator[Fetch, Answer, Search]:
        """The capture of a page that is nearest to a day and really shows it."""
        rows: list[Capture] | None = []
        for window, later in ((_WINDOW, 0.0), (None, 0.001 + self.settings.second_opinion)):
            rows = yield from self.rows(query(self.settings.url, url, day, window), later)
            if rows is None:
                return Search(reason=self.why, known=False)
            if good := nearest(rows, day)[:_TRIED]:
                search = yield from self._confirmed(url, good, expected)
                if search.memento or not search.known:
                    return search
        return Search(reason="the Wayback Machine lists no capture that shows it (asked twice)")

    def _confirmed(
        self, url: str, candidates: Sequence[Capture], expected: Sequence[Expected]
    ) -> Generator[Fetch, Answer, Search]:
        for one in candidates:
            memento = f"{self.settings.url}/web/{one.timestamp}/{one.original}"
            answer = yield self.playback(memento, one.original, one.timestamp)
            judgement = self._judge(memento, one.timestamp, answer, expected)
            if judgement.verdict is Verdict.UNKNOWN:
                return Search(reason=judgement.reason, known=False)
            share = max((held.share for held in judgement.holdings), default=-1.0)
            if judgement.verdict is Verdict.ALIVE and not 0 <= share < LOST:
                return Search(memento, judgement.reason, share)
        return Search(reason=f"no capture of {url[:80]} near that day shows the policy")

    def playback(self, url: str, original: str, stamp: str) -> Fetch:
        """The fetch of a memento's bytes as they were captured (`id_`), without rewriting."""
        timeout = self.settings.timeout
        if host(url) not in (host(WAYBACK), host(self.settings.url)):
            return Fetch(url, lane=PLAYBACK, timeout=timeout)  # another archive
        plain = f"{self.settings.url}/web/{stamp}id_/{original}"
        return Fetch(plain, lane=PLAYBACK, timeout=timeout, wanted=self.is_in)

    def rows(self, url: str, later: float = 0.0) -> Generator[Fetch, Answer, list[Capture] | None]:
        """What the CDX server lists; None if there is no telling."""
        body = yield from self.index(url, later)
        return None if body is None else captures(body)

    def index(self, url: str, later: float = 0.0) -> Generator[Fetch, Answer, bytes | None]:
        """What the CDX server answers; None if there is no telling."""
        if self.is_out:
            return None
        timeout = self.settings.timeout
        answer = yield Fetch(url, SEARCH, later=later, timeout=timeout, wanted=self.is_in)
        if answer.status == 403 and "Blocked Site" in _runtime_error(answer):
            self.blamed = "the site is excluded from the Wayback Machine"
            return None
        return None if self.told(answer).trouble or answer.cut else answer.body

    def told(self, answer: Answer) -> Told:
        """Take note of how the Wayback Machine is. RFC 9110, 10.2.3 for `Retry-After`."""
        if "memento-datetime" in answer.headers:
            self.failures = 0
            return Told(True)
        if answer.status == 429:
            from archivist.links.source import retry_after

            self.limited += 1
            self.pause(PLAYBACK, max(retry_after(answer) or 0.0, self.settings.pause))
            return Told(False, "the Wayback Machine asks for a pause (429)")
        if answer.failure or answer.status >= 500:
            self.failures += 1
            why = answer.failure.words if answer.failure else f"says {answer.status}"
            if not answer.failure or answer.failure.trouble is not Trouble.SILENT:
                self.last = why
            return Told(False, f"the Wayback Machine {why}")
        self.failures = 0
        return Told(False)

    def _judge(
        self, url: str, stamp: str, answer: Answer, expected: Sequence[Expected]
    ) -> Judgement:
        told = self.told(answer)
        base = Judgement(url, Verdict.FAILING, "", Weight.FINAL, (Hop(url, answer.status),))
        if told.trouble:
            return base._replace(verdict=Verdict.UNKNOWN, reason=told.trouble)
        if not told.is_capture:
            return base._replace(reason=_own_word(answer))
        if answer.location:
            return base._replace(reason=f"is the capture of a redirect to {answer.location[:120]}")
        if answer.status != 200:
            return base._replace(reason=f"is the capture of an error, {answer.status}")
        page = pages.read(answer.body, answer.headers.get("content-type", ""))
        held = holdings(page, expected) if page else ()
        return _of_capture(base, page, held, stamp)


def _of_capture(
    base: Judgement,
    page: pages.Page | None,
    held: tuple[Holding, ...],
    stamp: str,
) -> Judgement:
    share = max((one.share for one in held), default=None)
    if page and (share is None or share < LOST):
        sign = signs.login("", "", page) or signs.missing("", "", page) or signs.parked("", page)
        if sign:
            return base._replace(reason=f"is no capture of the policy: {sign}", holdings=held)
    when = PolicyDate(*_day(stamp).timetuple()[:3]).styled()
    reason = f"captured {when}"
    if share is not None:
        percent = f"{share:.0%}".replace("%", " %")
        reason += f"; holds {'none of ' if share < LOST else ''}the policy ({percent})"
    return base._replace(verdict=Verdict.ALIVE, reason=reason, holdings=held)


def _own_word(answer: Answer) -> str:
    """What the Wayback Machine says that is no capture."""
    if answer.location:
        return "is no capture: the Wayback Machine leads on to another time"
    if answer.status in (403, 200) and (
        b"excluded from the Wayback Machine" in answer.body[:200_000] or _runtime_error(answer)
    ):
        return "is excluded from the Wayback Machine"
    if answer.status == 404:
        return "is not in the Wayback Machine"
    return f"is no capture: the Wayback Machine answers {answer.status}"


def _runtime_error(answer: Answer) -> str:
    return answer.headers.get("x-archive-wayback-runtime-error", "")


def _day(stamp: str) -> date:
    return datetime.strptime(stamp[:8], "%Y%m%d").date()  # noqa: DTZ007 -- a day, as UTC has it
