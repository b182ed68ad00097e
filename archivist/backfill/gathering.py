"""Asking the Wayback Machine: which captures there are, and what those were that may differ.

Nothing is asked for twice: what an earlier run has fetched is kept. What is kept is written as it
comes, so that a run that is killed has lost nothing but its last request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from archivist.capturing.evidence import hop_of
from archivist.config.scan import ScanSettings
from archivist.net.crawl import Crawl
from archivist.net.fetch import Answer
from archivist.state.mementos import Kept, Mementos
from archivist.warc import Hop
from archivist.wayback.cdx import Capture
from archivist.wayback.listing import Listing, distinct, list_captures, thinned
from archivist.wayback.mementos import WaybackMachine
from archivist.wayback.raw import Raw, fetch_raw

Result = TypeVar("Result")


@dataclass(frozen=True)
class Gathered:
    """What there is of a page, at `url`: how many captures are listed, those that were looked at
    (oldest first), and of those that are not shown, why; `large` are larger than what is read of a
    page. `others` counts captures that were not looked at, by what they are; `trouble` says why
    there may be more than this; `left` were not fetched.
    """

    listed: int = 0
    captures: tuple[Capture, ...] = ()
    reasons: Mapping[Capture, str] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""
    left: int = 0
    is_known: bool = True
    url: str = ""
    large: frozenset[Capture] = frozenset()


@dataclass
class Gathering:
    """Gathers the captures of a page, of which `most` are looked at."""

    settings: ScanSettings
    kept: Mementos
    now: datetime
    most: int
    progress: Callable[[int, int], None] = lambda _done, _total: None
    _large: set[Capture] = field(default_factory=set, init=False)
    _own: dict[Capture, Hop] = field(default_factory=dict, init=False)  # what cannot be kept

    def gather(
        self,
        url: str,
        first: date,
        last: date,
        settled: Callable[[Capture], bool] = lambda _capture: False,
    ) -> Gathered:
        """What there is of a page from one day to another; what is `settled` need not be fetched.

        Raises EnvironmentFailure.
        """
        machine = WaybackMachine(self.settings.wayback)
        listing = self._listed(machine, url, first, last)
        if not listing.is_known and not listing.captures:
            return Gathered(trouble=listing.trouble, is_known=False)
        found = distinct(listing.captures, url)
        chosen = thinned(found.captures, self.most)
        found.others["left out for their number"] += len(found.captures) - len(chosen)
        wanted = [one for one in chosen if not settled(one)]
        reasons = self._fetch(machine, wanted)
        left = sum(not self._has(one) for one in wanted if one not in reasons)
        return Gathered(
            len(listing.captures),
            tuple(chosen),
            reasons,
            +found.others,
            self._why(machine) if left else listing.trouble,
            left,
            listing.is_known,
            url,
            frozenset(self._large),
        )

    def exchange(self, one: Capture) -> Hop | None:
        """The exchange that gave a capture; None if it was not fetched."""
        kept = self.kept.find(self.settings.wayback.url, one.original, one.timestamp)
        if kept is None:
            return self._own.get(one)
        url = f"{kept.machine}/web/{kept.stamp}id_/{kept.original}"
        return Hop(
            *(url, kept.fetched, kept.status, kept.headers, kept.body, kept.asked, kept.address)
        )

    def _listed(self, machine: WaybackMachine, url: str, first: date, last: date) -> Listing:
        found: list[Listing] = []
        crawl = self._crawl(machine, found.append)
        crawl.add(list_captures(machine, url, first, last))
        crawl.run(self.settings.wayback.deadline_minutes * 60)
        return found[0] if found else Listing((), False, self._why(machine))

    def _fetch(self, machine: WaybackMachine, chosen: list[Capture]) -> dict[Capture, str]:
        """Fetch what is not known yet; why some captures are not shown."""
        reasons: dict[Capture, str] = {}
        wanted = [one for one in chosen if not self._has(one)]
        done = len(chosen) - len(wanted)

        def ended(raw: Raw) -> None:
            nonlocal done
            done += 1
            self.progress(done, len(chosen))
            if raw.answer is not None:
                self._keep(raw.capture, raw.answer)
            elif raw.is_answered:
                reasons[raw.capture] = raw.trouble
                if raw.cut_at >= self.settings.network.max_body:
                    self._large.add(raw.capture)

        crawl = self._crawl(machine, ended)
        for one in wanted:
            crawl.add(fetch_raw(machine, one))
        try:
            crawl.run(self.settings.wayback.deadline_minutes * 60)
        finally:
            self.progress(1, 1)
            self.kept.shrink()
        return reasons

    def _crawl(self, machine: WaybackMachine, ended: Callable[[Result], None]) -> Crawl[Result]:
        network, manners = self.settings.network, machine.manners()
        crawl: Crawl[Result] = Crawl(network, lambda _lane: None, ended, manners)
        machine.pause = crawl.pause
        return crawl

    def _why(self, machine: WaybackMachine) -> str:
        if machine.limited:
            return "the Wayback Machine asks for a pause"
        return machine.why if machine.failures else "the time is over"

    def _has(self, one: Capture) -> bool:
        place = (self.settings.wayback.url, one.original, one.timestamp)
        return one in self._own or self.kept.has(*place)

    def _keep(self, one: Capture, answer: Answer) -> None:
        hop = hop_of(answer, self.now)
        url, (stamp, original, *_) = self.settings.wayback.url, one
        about = (hop.when, hop.status, hop.headers, hop.asked, hop.address, hop.body)
        if not self.kept.add(Kept(url, original, stamp, *about)):
            self._own[one] = hop
