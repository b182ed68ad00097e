"""From what is remembered to a report: each URL in each entry, and what there is to say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from archivist.config.scan import LinksSettings
from archivist.entry import entry_id
from archivist.linkreport import Kind, LinkReport, Row
from archivist.scanning.agenda import MEMENTO, SOURCE
from archivist.scanning.placing import Placing
from archivist.state.verdicts import RECORD, Found, LinkMemory, record_of
from archivist.verdict import HELD, LOST, Record, Verdict, held_words

_MOST_FINDINGS = 20_000
_OF_RUN = """
FROM chosen c JOIN mention m ON m.path = c.path
LEFT JOIN link l ON l.url = m.url
"""
_WHERE = """
WHERE m.kind != 'key' AND (m.kind != 'body' OR l.url IS NOT NULL)
  AND (m.kind != 'parent' OR m.day NOT IN (SELECT k.url FROM mention k WHERE k.kind = 'key'))
"""
_COUNTS = f"""
SELECT m.kind, coalesce(l.verdict, CASE m.lane WHEN '' THEN 'excluded' ELSE 'unknown' END),
  count(*) {_OF_RUN} {_WHERE} GROUP BY 1, 2
"""
_ROWS = f"""
SELECT m.path, m.field, m.url, m.kind, m.lane, m.day, s.path IS NOT NULL, h.share,
  f.memento, f.share, f.reason, f.checked, {", ".join(RECORD)}
{_OF_RUN}
LEFT JOIN mention s ON s.path = m.path AND s.kind = 'memento'
LEFT JOIN mention u ON u.path = m.path AND u.kind = 'source'
LEFT JOIN held h ON h.url = m.url AND h.path = m.path AND h.digest = m.digest
LEFT JOIN found f ON f.url = CASE m.kind WHEN 'memento' THEN u.url ELSE m.url END
  AND f.day = CASE m.kind WHEN 'parent' THEN '' ELSE m.day END
{_WHERE}
"""
_ORDER = " ORDER BY m.path, m.number"
# What is more than fine, or may be: nearly all rows of a large archive are neither. It asks of `m`
# and `l` only, so that SQLite need not join the rest to rows that are left out.
_TELLING = """
  AND (l.verdict IS NOT 'alive'
    OR m.kind = 'source' AND EXISTS
      (SELECT 1 FROM held t WHERE t.url = m.url AND t.path = m.path AND t.share < ?)
    OR m.kind = 'source' AND EXISTS
      (SELECT 1 FROM found t WHERE t.url = m.url AND t.day = m.day AND t.memento != '')
    OR l.checked = ? AND EXISTS
      (SELECT 1 FROM past p WHERE p.url = l.url AND p.verdict IN ('dead', 'failing')))
"""
_HOLDS = re.compile(
    r"\A(?:still holds the|holds a changed|answers, but holds none of the) policy \(\d+ %\)"
)
_KINDS = {
    Verdict.FAILING: Kind.FAILING,
    Verdict.BLOCKED: Kind.BLOCKED,
    Verdict.UNKNOWN: Kind.UNKNOWN,
    Verdict.MOVED: Kind.MOVED,
}


class Outcomes(NamedTuple):
    """What there is to report after a run at the time `now` (RFC 3339), which asked since then."""

    memory: LinkMemory
    settings: LinksSettings
    placing: Placing
    now: str
    with_mementos: bool = True

    def report(self, entries: int, asked: int, left: int, network_down: bool) -> LinkReport:
        """The report of this run."""
        counts, mementos = Counter[str](), Counter[str]()
        for kind, verdict, count in self.memory.select(_COUNTS):
            if kind != MEMENTO or self.with_mementos:
                (mementos if kind == MEMENTO else counts)[verdict] += count
        findings: list[Row] = []
        recovered: list[Row] = []
        for row in self._select(_ROWS + _TELLING + _ORDER, HELD, self.now):
            if row.kind is not Kind.FINE and len(findings) < _MOST_FINDINGS:
                findings.append(self.placing.placed(row))
            if self._has_recovered(row):
                recovered.append(row)
        order = list(Kind)
        findings.sort(key=lambda row: (order.index(row.kind), row.path, row.field))
        return LinkReport(
            entries,
            self.rows,
            tuple(findings),
            tuple(recovered),
            dict(counts),
            dict(mementos),
            asked=asked,
            left=left,
            network_down=network_down,
        )

    def rows(self) -> Iterator[Row]:
        """Every URL of every entry of this run, by path."""
        return self._select(_ROWS + _ORDER)

    def _select(self, query: str, *values: object) -> Iterator[Row]:
        for path, field, url, kind, lane, *about in self.memory.select(query, *values):
            if kind != MEMENTO or self.with_mementos:
                yield self._row(path, field, url, kind, lane, about)

    def _row(self, path: str, field: str, url: str, kind: str, lane: str, about: list[Any]) -> Row:
        day, has_memento, share, *search = about[:7]
        record = record_of(about[7:]) if about[7] is not None else _unasked(url, lane)
        if share is not None:
            record = record._replace(reason=_of_this_text(record.reason, share))
        found = Found(url, day, *search) if search[0] is not None else None
        said = self._kind_of(record, kind, share, self.now)
        if said is Kind.FINE and kind == SOURCE and found and found.memento and not has_memento:
            said = Kind.OFFER if self.with_mementos else said
        fails = said.value in self.settings.fail_on
        fails = fails or (said is Kind.NEWLY_DEAD and "dead" in self.settings.fail_on)
        return Row(entry_id(path), path, field, url, record, share, found, said, fails)

    @staticmethod
    def _kind_of(record: Record, kind: str, share: float | None, now: str) -> Kind:
        if kind == MEMENTO and record.verdict is Verdict.DEAD:
            return Kind.MEMENTO
        if record.verdict is Verdict.DEAD:
            return Kind.NEWLY_DEAD if record.since == now else Kind.DEAD
        if record.verdict in _KINDS:
            return _KINDS[record.verdict]
        if kind == SOURCE and share is not None and record.verdict is Verdict.ALIVE:
            if share < LOST:
                return Kind.LOST
            if share < HELD:
                return Kind.CHANGED
        return Kind.FINE

    def _has_recovered(self, row: Row) -> bool:
        if row.record.checked != self.now or row.record.last_alive != self.now:
            return False
        past = self.memory.past(row.url)[:2]
        was = past[1].verdict if len(past) == 2 and past[0].times == 1 else None
        return was in (Verdict.DEAD, Verdict.FAILING)


def _of_this_text(reason: str, share: float) -> str:
    """What is said of a page that several entries name, said of one of them: it holds the policy
    of one, and none of another's.
    """
    return _HOLDS.sub(held_words(share), reason, count=1)


def _unasked(url: str, lane: str) -> Record:
    if lane:
        return Record(url, Verdict.UNKNOWN, "was not asked yet")
    return Record(url, Verdict.EXCLUDED, "is no URL that can be asked")
