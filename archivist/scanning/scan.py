"""A scan: ask what is on the agenda, and remember what comes of it as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from archivist import files
from archivist.addresses import memento
from archivist.config.scan import ScanSettings
from archivist.linkreport import NETWORK_DOWN
from archivist.links.judging import Expected
from archivist.links.robots import Robots
from archivist.links.source import NOTHING, Asker, Known
from archivist.links.strikes import remember
from archivist.net.crawl import Conversation, Crawl
from archivist.net.fetch import Answer, Fetch
from archivist.net.wire import host_of
from archivist.scanning.agenda import BODY, FILE, MEMENTO, PARENT, SOURCE, STUB, Task
from archivist.scanning.plan import Plan
from archivist.state.verdicts import Found, LinkMemory
from archivist.verdict import Judgement, Verdict
from archivist.wayback.mementos import Search, WaybackMachine
from archivist.workspace import entry_from

_WITNESSES = 3  # of earlier runs
_FLUSH = 0.5  # seconds that a verdict may wait to be written


# What a conversation comes to: a judgement, or what a search for a memento found.
Outcome = Judgement | tuple[str, str, Search]


@dataclass
class Scan:
    """One run over an archive's links. `progress` is told how many are done, and of how many."""

    root: Path
    settings: ScanSettings
    memory: LinkMemory
    plan: Plan
    progress: Callable[[int, int], None] = lambda _done, _total: None
    network_down: bool = False
    asked: int = 0
    left: int = 0
    _searched: int = 0
    _done: int = 0
    _waiting: list[Judgement] = field(default_factory=list)
    _doubtful: list[tuple[float, Judgement]] = field(default_factory=list)
    _written: float = 0.0
    _witness: str = ""

    def __post_init__(self) -> None:
        self._asker = Asker(self.settings.network, self.plan.wanted.texts)
        self._robots = Robots(self._asker) if self.settings.network.respect_robots else None
        self._wayback = WaybackMachine(self.settings.wayback, self._pause)

    def run(self, lanes: list[tuple[str, int]]) -> bool:
        """Ask all that is on the plan, first in these lanes; True if all was asked in time.

        Raises FileFailure or EnvironmentFailure. What was found until then is remembered, also if
        the run is interrupted.
        """
        self._flush()  # what is excluded is not sought either
        searches = self.plan.searches()
        if not (lanes or searches) and self.plan.is_complete:
            return True
        complete = self._crawl(lanes, searches)
        if complete and (searches := self.plan.searches_for_the_dead()):
            complete = self._crawl([], searches)
        return complete

    def _crawl(self, lanes: list[tuple[str, int]], searches: list[tuple[str, str, str]]) -> bool:
        self._crawler: Crawl[Outcome] = Crawl(
            self.settings.network,
            self._begin,
            self._end,
            self._wayback.manners(),
            self._read_on,
        )
        self._crawler.expect(lanes)
        self._searched += len(searches)
        for url, day, near in searches:
            self._crawler.add(self._search(url, day, date.fromisoformat(near)))
        try:
            complete = self._crawler.run(self.settings.links.deadline_minutes * 60)
            self._settle()
            return complete
        finally:  # also of a run that is interrupted
            self._flush()
            self.asked += self._crawler.asked
            self.left = max(self._total - self._done, 0)
            self.progress(1, 1)

    @property
    def _total(self) -> int:
        return self.plan.total + self._searched

    def _read_on(self) -> bool:
        """Read a few more entries while servers think; True if there may be more."""
        if self.plan.is_complete:
            return False
        self._crawler.expect(self.plan.read_on())
        return True

    def _pause(self, lane: str, seconds: float) -> None:
        self._crawler.pause(lane, seconds)

    def _begin(self, lane: str) -> Conversation[Outcome] | None:
        task = self.plan.agenda.take(lane)
        return self._conversation(task) if task else None

    def _conversation(self, task: Task) -> Generator[Fetch, Answer, Outcome]:
        expected = self._expected(task)
        if task.kind == MEMENTO:
            found = memento(task.url)
            if isinstance(found, str) or self._wayback.is_out:
                reason = found if isinstance(found, str) else "the Wayback Machine does not answer"
                return Judgement(task.url, Verdict.UNKNOWN, reason)
            stamp = found.stamp
            return (yield from self._wayback.check(task.url, found.original, stamp, expected))
        if self._robots and (why := (yield from self._robots.forbids(task.url))):
            return Judgement(task.url, Verdict.EXCLUDED, why)
        known = NOTHING
        if task.record and (task.record.etag or task.record.modified):
            known = Known(task.record, self.memory.holdings(task.url))
        return (yield from self._asker.check(task.url, expected, known))

    def _search(self, url: str, day: str, near: date) -> Generator[Fetch, Answer, Outcome]:
        expected = self._expected(Task(url, SOURCE))
        search = yield from self._wayback.find(url, near, expected)
        return url, day, search

    def _expected(self, task: Task) -> list[Expected]:
        """The texts that the page of a source, or a memento, should hold."""
        if not self.plan.wanted.texts or task.kind in (STUB, PARENT, BODY):
            return []
        found = []
        for mention in self.plan.agenda.mentions(task.url)[:50]:
            if mention.kind in (SOURCE, FILE, MEMENTO):
                entry = entry_from(files.read_entry(self.root, mention.path))
                found.append(Expected(mention.path, entry.body, entry.digest))
        return found

    def _end(self, outcome: Outcome) -> None:
        self._done += 1
        if isinstance(outcome, Judgement):
            if outcome.no_answer:
                self._doubtful.append((time.monotonic(), outcome))
            else:
                self._waiting.append(outcome)
                if outcome.status:
                    self._witness = outcome.final_url
        else:
            url, day, search = outcome
            if search.known:
                stamp = self.plan.now.strftime("%Y-%m-%dT%H:%M:%SZ")
                found = Found(url, day, search.memento, search.share, search.reason, stamp)
                self.memory.note_found(found)
        if time.monotonic() - self._written > _FLUSH:
            self._flush()
            self.progress(self._done, self._total)

    def _flush(self) -> None:
        """Write what has come; failures without any answer count once somebody has answered."""
        heard = self._crawler.last_answer if self._doubtful else 0.0
        self._waiting += [one for when, one in self._doubtful if when < heard]
        self._doubtful = [one for one in self._doubtful if one[0] >= heard]
        self._waiting += self.plan.excluded
        self.plan.excluded.clear()
        if self._waiting:
            self._remember(self._waiting)
            self._waiting.clear()
        self._written = time.monotonic()

    def _remember(self, judgements: list[Judgement]) -> None:
        """Turn judgements into records, given those of this moment: another scan may have written
        some meanwhile.
        """
        now, links = self.plan.now, self.settings.links
        with self.memory.batch():
            before = self.memory.records(one.url for one in judgements)
            after = [(remember(before.get(one.url), one, now, links), one) for one in judgements]
            self.memory.remember([(record, one.holdings) for record, one in after])

    def _settle(self) -> None:
        """Failures after which nothing answered: ask somebody else, to know whose fault it is."""
        self._flush()
        if not self._doubtful:
            return
        heard = self._answers(list(self._witnesses()))
        for _, judgement in self._doubtful:
            if heard:
                self._waiting.append(judgement)
            else:
                self.network_down = True
                unknown = judgement._replace(verdict=Verdict.UNKNOWN, reason=NETWORK_DOWN)
                self._waiting.append(unknown)
        self._doubtful.clear()

    def _witnesses(self) -> Iterator[str]:
        """Who may know whether the network is there: who answered last, or in earlier runs."""
        if self._witness:
            yield self._witness
        if self.settings.wayback.enabled:
            yield f"{self.settings.wayback.url}/"
        silent = {host_of(one.url) for _, one in self._doubtful}
        rows = self.memory.execute(_ANSWERED)
        yield from islice((url for (url,) in rows if host_of(url) not in silent), _WITNESSES)

    def _answers(self, urls: list[str]) -> bool:
        """True if one of the servers answers anything at all."""
        heard: list[str] = []

        def ask(url: str) -> Generator[Fetch, Answer, Outcome]:
            answer = yield Fetch(url, limit=1024, wanted=lambda: not heard)
            if answer.status:
                heard.append(url)
            return Judgement(url, Verdict.UNKNOWN, "")

        crawl: Crawl[Outcome] = Crawl(self.settings.network, lambda _lane: None, lambda _one: None)
        for url in dict.fromkeys(urls):
            crawl.add(ask(url))
        crawl.run(self.settings.network.timeout * 2)
        return bool(heard)


_ANSWERED = """
SELECT url FROM link WHERE verdict IN ('alive', 'moved') AND status > 0
ORDER BY last_alive DESC, url LIMIT 50
"""
