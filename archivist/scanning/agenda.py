"""What a run has to ask: the URLs that entries point to, each once, by whose turn it is.

It lives in tables of the memory that last as long as the run, so that a run over a hundred thousand
URLs needs no more room than one over a hundred.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from archivist.state.verdicts import RECORD, LinkMemory, Mention, record_of
from archivist.verdict import Record

SOURCE, FILE, STUB, PARENT, MEMENTO, BODY = "source", "file", "stub", "parent", "memento", "body"
_BATCH = 5000  # paths
_AHEAD = 16  # tasks of a lane that are looked up at once
_NEVER = "9999"  # later than any time at which something was checked
_TEMPORARY = (
    "CREATE TEMP TABLE chosen (path TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE todo (number INTEGER PRIMARY KEY, lane TEXT, url TEXT UNIQUE, kind TEXT)",
    "CREATE INDEX temp.todo_lane ON todo (lane, number)",
)
# Each URL once, in the archive's order; an external parent only where no entry has that source;
# nothing that was found good since then, and whose entries' texts are the same.
_FILL = """
INSERT OR IGNORE INTO todo (lane, url, kind)
SELECT m.lane, m.url, m.kind FROM {paths}
JOIN mention m ON m.path = p.value LEFT JOIN link l ON l.url = m.url
WHERE m.lane != '' AND m.kind IN (SELECT value FROM json_each(?))
  AND (m.kind != 'parent' OR m.day NOT IN (SELECT k.url FROM mention k WHERE k.kind = 'key'))
  AND (l.checked IS NULL OR l.checked < CASE m.kind WHEN 'memento' THEN ? ELSE ? END
    OR l.verdict NOT IN ('alive', 'moved')
    OR EXISTS (
      SELECT 1 FROM mention o JOIN held h ON h.url = o.url AND h.path = o.path
      WHERE o.url = m.url AND o.digest != h.digest))
ORDER BY p.key, m.number
"""
_ALL = "(SELECT path AS key, path AS value FROM chosen) p"
_SOME = "json_each(?) p JOIN chosen c ON c.path = p.value"
_CHOOSE = "INSERT OR IGNORE INTO chosen SELECT value FROM json_each(?)"
_TAKE = f"""
SELECT t.number, t.url, t.kind, {", ".join(RECORD)} FROM todo t LEFT JOIN link l ON l.url = t.url
WHERE t.lane = ? AND t.number > ? ORDER BY t.number LIMIT {_AHEAD}
"""  # noqa: S608 -- names of columns


class Task(NamedTuple):
    """A URL to ask, what kind of mention it first is, and what was known of it before this run."""

    url: str
    kind: str
    record: Record | None = None


class Freshness(NamedTuple):
    """How old a good verdict may be to be taken: on a source in hours, on a memento in days."""

    hours: float = 0.0
    memento_days: float = 0.0

    def since(self, now: datetime) -> tuple[str, str]:
        """The times since which mementos and sources must have been checked."""
        spans = timedelta(days=self.memento_days), timedelta(hours=self.hours)
        return tuple(  # type: ignore[return-value]  # two of them
            (now - one).strftime("%Y-%m-%dT%H:%M:%SZ") if one else _NEVER for one in spans
        )


class Agenda:
    """What is to be asked in this run, of the entries at these paths."""

    def __init__(self, memory: LinkMemory, paths: Iterable[str], since: tuple[str, str]) -> None:
        self._memory = memory
        self._since = since
        self._announced = 0  # the last task that `lanes` has told of
        self._ahead: dict[str, deque[Task]] = {}
        self._taken: dict[str, int] = {}
        for statement in _TEMPORARY:
            memory.execute(statement)
        some = iter(paths)
        while batch := list(islice(some, _BATCH)):
            memory.execute(_CHOOSE, json.dumps(batch))

    def fill(self, kinds: Iterable[str], paths: Sequence[str] | None = None) -> None:
        """Add the URLs of these kinds of mention in these entries, or in all of them, but for what
        is fresh.
        """
        values = json.dumps(list(kinds)), *self._since
        if paths is None:
            self._memory.execute(_FILL.format(paths=_ALL), *values)
        else:
            self._memory.execute(_FILL.format(paths=_SOME), json.dumps(paths), *values)

    def lanes(self) -> list[tuple[str, int]]:
        """Whose turn is to be taken how often more than was told before, in the archive's order."""
        found = self._memory.execute(
            "SELECT lane, count(*), max(number) FROM todo "
            "WHERE number > ? AND lane != '' GROUP BY lane ORDER BY min(number)",
            self._announced,
        )
        self._announced = max((row[2] for row in found), default=self._announced)
        return [(lane, count) for lane, count, _ in found]

    def news(self) -> Iterator[str]:
        """The URLs that `lanes` has not told of yet."""
        rows = self._memory.execute(
            "SELECT url FROM todo WHERE number > ? AND lane != ''", self._announced
        )
        return (url for (url,) in rows)

    def drop(self, url: str) -> None:
        """Take a URL off the agenda, for good: it does not come back if another entry names it."""
        self._memory.execute("UPDATE todo SET lane = '' WHERE url = ?", url)

    def take(self, lane: str) -> Task | None:
        """The next task of a lane; None if there is none."""
        ahead = self._ahead.setdefault(lane, deque())
        if not ahead:
            rows = self._memory.execute(_TAKE, lane, self._taken.get(lane, 0))
            for number, url, kind, *record in rows:
                self._taken[lane] = number
                ahead.append(Task(url, kind, record_of(record) if record[0] is not None else None))
        return ahead.popleft() if ahead else None

    def mentions(self, url: str) -> list[Mention]:
        """The places in all entries where a URL stands."""
        rows = self._memory.execute(
            "SELECT * FROM mention WHERE url = ? AND kind != 'key' ORDER BY path, number", url
        )
        return [Mention(*row) for row in rows]
