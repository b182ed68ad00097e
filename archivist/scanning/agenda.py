"""What a run has to ask: the URLs that entries point to, each once, by whose turn it is.

It lives in tables of the memory that last as long as the run, so that a run over a hundred thousand
URLs needs no more room than one over a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from archivist.state.verdicts import LinkMemory, Mention
from archivist.verdict import Verdict

SOURCE, FILE, STUB, PARENT, MEMENTO, BODY = "source", "file", "stub", "parent", "memento", "body"
_TEMPORARY = (
    "CREATE TEMP TABLE chosen (path TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE todo (number INTEGER PRIMARY KEY, lane TEXT, url TEXT, kind TEXT)",
    "CREATE INDEX temp.todo_lane ON todo (lane, number)",
)
# Each URL once, in the archive's order; an external parent only where no entry has that source.
_FILL = """
INSERT INTO todo (lane, url, kind)
SELECT lane, url, kind FROM (
  SELECT m.lane, m.url, m.kind, m.path, m.number FROM mention m JOIN chosen c ON c.path = m.path
  WHERE m.lane != '' AND m.kind != 'key' AND m.kind IN (SELECT value FROM json_each(?))
    AND (m.kind != 'parent' OR m.day NOT IN (SELECT k.url FROM mention k WHERE k.kind = 'key'))
  GROUP BY m.url ORDER BY min(m.path || char(0) || printf('%05d', m.number))
) x
"""
_DROP_FRESH = """
DELETE FROM todo WHERE url IN (
  SELECT l.url FROM link l WHERE l.checked >= ? AND l.verdict IN (?, ?)
  AND NOT EXISTS (
    SELECT 1 FROM mention m JOIN held h ON h.url = m.url AND h.path = m.path
    WHERE m.url = l.url AND m.digest != h.digest)
) AND (kind = 'memento') = ?
"""


class Task(NamedTuple):
    """A URL to ask, and what kind of mention it first is."""

    url: str
    kind: str


class Agenda:
    """What is to be asked in this run, of the entries at these paths."""

    def __init__(self, memory: LinkMemory, paths: Iterable[str]) -> None:
        self._memory = memory
        for statement in _TEMPORARY:
            memory.execute(statement)
        for path in paths:
            memory.execute("INSERT OR IGNORE INTO chosen VALUES (?)", path)

    def fill(self, kinds: Iterable[str]) -> int:
        """Collect the URLs of these kinds of mention; how many there are."""
        import json

        self._memory.execute(_FILL, json.dumps(list(kinds)))
        return len(self)

    def drop_fresh(self, now: datetime, hours: float, memento_days: float) -> None:
        """Leave out what was found good not long ago, and whose entries' texts are the same."""
        for seconds, is_memento in ((hours * 3600, 0), (memento_days * 86400, 1)):
            if seconds > 0:
                since = (now - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
                good = (Verdict.ALIVE.value, Verdict.MOVED.value)
                self._memory.execute(_DROP_FRESH, since, *good, is_memento)

    def __len__(self) -> int:
        return int(self._memory.execute("SELECT count(*) FROM todo")[0][0])

    def lanes(self) -> list[tuple[str, int]]:
        """Whose turn is to be taken how often, in the archive's order."""
        return self._memory.execute(
            "SELECT lane, count(*) FROM todo GROUP BY lane ORDER BY min(number)"
        )

    def urls(self) -> Iterator[Task]:
        """All that is on the agenda."""
        return map(Task._make, self._memory.execute("SELECT url, kind FROM todo ORDER BY number"))

    def drop(self, url: str) -> None:
        """Take a URL off the agenda."""
        self._memory.execute("DELETE FROM todo WHERE url = ?", url)

    def take(self, lane: str) -> Task | None:
        """The next task of a lane; None if there is none."""
        rows = self._memory.execute(
            "DELETE FROM todo WHERE number = (SELECT min(number) FROM todo WHERE lane = ?) "
            "RETURNING url, kind",
            lane,
        )
        return Task(*rows[0]) if rows else None

    def mentions(self, url: str) -> list[Mention]:
        """The places in all entries where a URL stands."""
        rows = self._memory.execute(
            "SELECT * FROM mention WHERE url = ? AND kind != 'key' ORDER BY path, number", url
        )
        return [Mention(*row) for row in rows]
