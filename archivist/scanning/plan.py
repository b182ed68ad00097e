"""The plan of a scan: what is asked of the entries, while they are still being read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from archivist.config.scan import ScanSettings
from archivist.scanning.agenda import BODY, FILE, MEMENTO, PARENT, SOURCE, STUB, Agenda, Freshness
from archivist.scanning.gathering import Gathering
from archivist.state.verdicts import LinkMemory
from archivist.verdict import Judgement, Verdict

_MORE = 20  # files that are read between two looks at the network
_SEARCH_AGAIN = timedelta(days=30)


class Wanted(NamedTuple):
    """What a run is to do: compare texts or ask for statuses only, and which verdicts to trust."""

    texts: bool = True
    fresh: Freshness = Freshness()
    bodies: bool = False


class Plan:
    """What a run over the entries at `paths` asks, at the time `now`. `total` is how many URLs are
    on it so far, `excluded` those that a setting forbids.

    Where texts are compared, all entries are read first: only then it is known which texts a page
    should hold. Where only statuses are wanted, asking begins with the first of them.
    """

    def __init__(
        self,
        memory: LinkMemory,
        gathering: Gathering,
        paths: list[str],
        settings: ScanSettings,
        wanted: Wanted,
        now: datetime,
    ) -> None:
        self.memory = memory
        self.gathering = gathering
        self.paths = paths
        self.settings = settings
        self.wanted = wanted
        self.now = now
        self.total = 0
        self.excluded: list[Judgement] = []
        self.agenda = Agenda(memory, paths, wanted.fresh.since(now))
        self.with_wayback = settings.wayback.enabled and wanted.texts

    def begin(self) -> list[tuple[str, int]]:
        """Whose turn is to be taken how often, as far as it is known at once.

        Raises FileFailure.
        """
        if self.wanted.texts:
            self.gathering.finish()
        known = self.gathering.known + self.gathering.read()
        return self._add(None if self.gathering.is_done else known)

    def read_on(self) -> list[tuple[str, int]]:
        """The same of a few more entries. Raises FileFailure."""
        read = self.gathering.read(_MORE)
        return self._add(None if self.gathering.is_done else read)

    @property
    def is_complete(self) -> bool:
        """True if all entries have been read."""
        return self.gathering.is_done

    def _add(self, paths: Sequence[str] | None) -> list[tuple[str, int]]:
        self.agenda.fill(self._kinds(), paths)
        self._exclude()
        lanes = self.agenda.lanes()
        self.total += sum(count for _, count in lanes)
        return lanes

    def _kinds(self) -> Iterator[str]:
        """The kinds that are asked; parents only when it is known which URLs are entries' own."""
        yield from (SOURCE, STUB, FILE)
        if self.wanted.bodies:
            yield BODY
        if self.gathering.is_done:
            yield PARENT
        if self.with_wayback:
            yield MEMENTO

    def _exclude(self) -> None:
        exclusions = self.settings.links.exclude
        for url in self.agenda.news() if exclusions else ():
            for one in exclusions:
                if one.pattern.search(url):
                    self.excluded.append(Judgement(url, Verdict.EXCLUDED, one.reason))
                    self.agenda.drop(url)
                    break

    def searches(self) -> list[tuple[str, str, str]]:
        """The sources without a snapshot for which a memento is to be sought: URL, day, near."""
        if not self.with_wayback:
            return []
        since = (self.now - _SEARCH_AGAIN).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = self.memory.execute(_UNSAVED, since, self.settings.wayback.lookups)
        return [(url, day, day) for url, day in rows]

    def searches_for_the_dead(self) -> list[tuple[str, str, str]]:
        """The dead for which nothing was sought yet, near the day on which they were last seen."""
        if not self.with_wayback:
            return []
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
