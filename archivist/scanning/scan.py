"""A scan: ask what is on the agenda, and remember what comes of it as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
from archivist.scanning.agenda import FILE, MEMENTO, PARENT, SOURCE, STUB, Agenda, Task
from archivist.state.verdicts import Found, LinkMemory
from archivist.verdict import Holding, Judgement, Record, Verdict
from archivist.wayback.mementos import Search, WaybackMachine
from archivist.workspace import entry_from

KINDS = (SOURCE, STUB, FILE, PARENT)
_FLUSH = 0.5  # seconds that a verdict may wait to be written
_SEARCH_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to do: compare texts or ask for statuses only; how old a verdict may be."""

    texts: bool = True
    hours: float = 0.0
    memento_days: float = 0.0
    bodies: bool = False


# What a conversation comes to: a judgement, or what a search for a memento found.
Outcome = Judgement | tuple[str, str, Search]


@dataclass
class Scan:
    """One run over an archive's links. `progress` is told how many are done, and of how many."""

    root: Path
    settings: ScanSettings
    memory: LinkMemory
    now: datetime
    wanted: Wanted
    progress: Callable[[int, int], None] = lambda _done, _total: None
    network_down: bool = False
    asked: int = 0
    left: int = 0
    _total: int = 0
    _done: int = 0
    _waiting: list[tuple[Record, tuple[Holding, ...]]] = field(default_factory=list)
    _doubtful: list[tuple[float, Judgement]] = field(default_factory=list)
    _written: float = 0.0
    _witness: str = ""

    def __post_init__(self) -> None:
        self._asker = Asker(self.settings.network, self.wanted.texts)
        self._robots = Robots(self._asker) if self.settings.network.respect_robots else None
        self._wayback = WaybackMachine(self.settings.wayback, self._pause)

    def run(self, paths: list[str]) -> bool:
        """Ask all that is not fresh, of the entries at these paths; True if all was asked in time.

        Raises FileFailure or EnvironmentFailure. What was found until then is remembered, also if
        the run is interrupted.
        """
        self._agenda = Agenda(self.memory, paths)
        with_wayback = self.settings.wayback.enabled and self.wanted.texts
        kinds = (*KINDS, *(["body"] if self.wanted.bodies else []))
        self._agenda.fill((*kinds, *([MEMENTO] if with_wayback else [])))
        self._agenda.drop_fresh(self.now, self.wanted.hours, self.wanted.memento_days)
        self._exclude()
        searches = self._searches() if with_wayback else []
        self._total = len(self._agenda) + len(searches)
        if not self._total:
            return True
        complete = self._crawl(searches, self.settings.links.deadline_minutes * 60)
        if complete and with_wayback and (searches := self._searches_for_the_dead()):
            self._total += len(searches)
            complete = self._crawl(searches, self.settings.links.deadline_minutes * 60)
        return complete

    def _crawl(self, searches: list[tuple[str, str, str]], seconds: float) -> bool:
        self._crawler: Crawl[Outcome] = Crawl(
            self.settings.network, self._begin, self._end, self._wayback.manners()
        )
        self._crawler.expect(self._agenda.lanes())
        for url, day, near in searches:
            self._crawler.add(self._search(url, day, date.fromisoformat(near)))
        try:
            complete = self._crawler.run(seconds)
            self._settle()
            return complete
        finally:  # also of a run that is interrupted
            self._flush()
            self.asked += self._crawler.asked
            self.left = max(self._total - self._done, 0)
            self.progress(1, 1)

    def _pause(self, lane: str, seconds: float) -> None:
        self._crawler.pause(lane, seconds)

    def _begin(self, lane: str) -> Conversation[Outcome] | None:
        task = self._agenda.take(lane)
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
        record = self.memory.record(task.url)
        known = Known(record, self.memory.holdings(task.url)) if record else NOTHING
        return (yield from self._asker.check(task.url, expected, known))

    def _search(self, url: str, day: str, near: date) -> Generator[Fetch, Answer, Outcome]:
        expected = self._expected(Task(url, SOURCE))
        search = yield from self._wayback.find(url, near, expected)
        return url, day, search

    def _expected(self, task: Task) -> list[Expected]:
        """The texts that the page of a source, or a memento, should hold."""
        if not self.wanted.texts or task.kind in (STUB, PARENT, "body"):
            return []
        found = []
        for mention in self._agenda.mentions(task.url)[:50]:
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
                self._keep(outcome)
                if outcome.status:
                    self._witness = outcome.final_url
        else:
            url, day, search = outcome
            if search.known:
                stamp = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
                found = Found(url, day, search.memento, search.share, search.reason, stamp)
                self.memory.note_found(found)
        if time.monotonic() - self._written > _FLUSH:
            self._flush()
            self.progress(self._done, self._total)

    def _keep(self, judgement: Judgement) -> None:
        """Remember it with the next batch; another scan may have remembered it meanwhile."""
        before = self.memory.record(judgement.url)
        record = remember(before, judgement, self.now, self.settings.links)
        self._waiting.append((record, judgement.holdings))

    def _flush(self) -> None:
        """Write what has come; failures without any answer count once somebody has answered."""
        heard = self._crawler.last_answer
        for when, judgement in self._doubtful:
            if when < heard:
                self._keep(judgement)
        self._doubtful = [one for one in self._doubtful if one[0] >= heard]
        if self._waiting:
            self.memory.remember(self._waiting)
            self._waiting.clear()
        self._written = time.monotonic()

    def _settle(self) -> None:
        """Failures after which nothing answered: ask somebody else, to know whose fault it is."""
        self._flush()
        if not self._doubtful:
            return
        witness = self._witness or (
            self.settings.wayback.url + "/" if self.settings.wayback.enabled else ""
        )
        heard = bool(witness) and self._answers(witness)
        for _, judgement in self._doubtful:
            if heard:
                self._keep(judgement)
            else:
                self.network_down = True
                unknown = judgement._replace(verdict=Verdict.UNKNOWN, reason=NETWORK_DOWN)
                self._keep(unknown)
        self._doubtful.clear()

    def _answers(self, url: str) -> bool:
        """True if a server answers anything at all."""
        heard: list[bool] = []

        def ask() -> Generator[Fetch, Answer, Outcome]:
            answer = yield Fetch(url, limit=1024)
            heard.append(bool(answer.status))
            return Judgement(url, Verdict.UNKNOWN, "")

        crawl: Crawl[Outcome] = Crawl(self.settings.network, lambda _lane: None, lambda _one: None)
        crawl.add(ask())
        crawl.run(self.settings.network.timeout * 2)
        return heard == [True]

    def _exclude(self) -> None:
        exclusions = self.settings.links.exclude
        if not exclusions:
            return
        for task in list(self._agenda.urls()):
            for one in exclusions:
                if one.pattern.search(task.url):
                    judgement = Judgement(task.url, Verdict.EXCLUDED, one.reason)
                    record = remember(None, judgement, self.now, self.settings.links)
                    self._waiting.append((record, ()))
                    self._agenda.drop(task.url)
                    break
        self.memory.remember(self._waiting)
        self._waiting.clear()

    def _searches(self) -> list[tuple[str, str, str]]:
        """The sources without a snapshot for which a memento is to be sought: URL, day, near."""
        since = (self.now - _SEARCH_AGAIN).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = self.memory.execute(_UNSAVED, since, self.settings.wayback.lookups)
        return [(url, day, day) for url, day in rows]

    def _searches_for_the_dead(self) -> list[tuple[str, str, str]]:
        """The dead for which nothing was sought yet, near the day on which they were last seen."""
        rows = self.memory.execute(_DEAD, self.settings.wayback.lookups)
        return [(url, day, day or alive or failed) for url, day, alive, failed in rows]


_UNSAVED = """
SELECT DISTINCT m.url, m.day FROM mention m JOIN chosen c ON c.path = m.path
LEFT JOIN link l ON l.url = m.url
WHERE m.kind = 'source' AND m.lane != '' AND m.day != ''
  AND coalesce(l.verdict, '') != 'excluded'
  AND m.path NOT IN (SELECT path FROM mention WHERE kind = 'memento')
  AND NOT EXISTS (
    SELECT 1 FROM found f WHERE f.url = m.url AND f.day = m.day
    AND (f.memento != '' OR f.checked > ?))
LIMIT ?
"""
_DEAD = """
SELECT DISTINCT m.url, CASE m.kind WHEN 'parent' THEN '' ELSE m.day END AS day,
  substr(l.last_alive, 1, 10), substr(l.first_failed, 1, 10)
FROM mention m JOIN chosen c ON c.path = m.path JOIN link l ON l.url = m.url
WHERE m.kind IN ('source', 'stub', 'parent', 'file') AND l.verdict = 'dead'
  AND m.path NOT IN (SELECT path FROM mention WHERE kind = 'memento')
  AND NOT EXISTS (SELECT 1 FROM found f WHERE f.url = m.url)
UNION
SELECT m.url, m.day, m.day, '' FROM mention m JOIN chosen c ON c.path = m.path
JOIN mention s ON s.path = m.path AND s.kind = 'memento' JOIN link l ON l.url = s.url
WHERE m.kind = 'source' AND m.day != '' AND m.lane != '' AND l.verdict = 'dead'
  AND NOT EXISTS (SELECT 1 FROM found f WHERE f.url = m.url AND f.day = m.day)
LIMIT ?
"""
