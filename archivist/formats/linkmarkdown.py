"""Scans of links as Markdown: for a step's summary, and for the one issue that stays open as long
as there is something to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archivist.console import escape
from archivist.linkreport import Kind, LinkReport, Row

_SECTIONS = (
    ((Kind.NEWLY_DEAD,), "Died since the last scan"),
    ((Kind.MEMENTO,), "Snapshots that are none"),
    ((Kind.DEAD,), "Still dead"),
    ((Kind.LOST, Kind.CHANGED), "Answer, but do not hold the policy as it is archived"),
    ((Kind.FAILING,), "Fail now, not yet for long enough to be dead"),
    ((Kind.BLOCKED,), "Keep programs out: look at them in a browser"),
    ((Kind.MOVED,), "Moved for good: `archivist links --fix` writes where to"),
    ((Kind.UNKNOWN,), "Could not be checked"),
    ((Kind.OFFER,), "Have a memento that no entry names: `archivist links --fix` writes it"),
)
_MOST = 100  # rows of one section: an issue holds 65,536 characters
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&-])")


def render(report: LinkReport) -> str:
    """What died, what recovered, what is to be done. Nothing that an entry or a server says is
    taken for markup, nor does it mention anybody.
    """
    lines = ["# Links", "", _totals(report), ""]
    for kinds, title in _SECTIONS:
        rows = [row for row in report.findings if row.kind in kinds]
        if rows:
            lines += [f"## {title}", "", *_table(rows), ""]
    if report.recovered:
        lines += ["## Answer again", ""]
        lines += [f"- {_plain(row.entry)}: {_code(row.url)}" for row in report.recovered[:_MOST]]
        lines.append("")
    if not report.findings and not report.left:
        lines += ["Nothing to do.", ""]
    return "\n".join(lines)


def _totals(report: LinkReport) -> str:
    parts = []
    for what, counts in (("URLs", report.counts), ("mementos", report.mementos)):
        if counts:
            listed = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
            parts.append(f"{sum(counts.values())} {what}: {listed}.")
    if report.left:
        parts.append(f"{report.left} could not be asked in time; the next run goes on.")
    if report.network_down:
        parts.append("The network was down: nobody is to blame for what could not be asked.")
    return " ".join(parts) or "No URLs."


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| entry | what | to do |"
    yield "|---|---|---|"
    for row in rows[:_MOST]:
        found = row.diagnostic
        place = f"{row.path}:{found.line}" if found else row.path
        what = f"{_code(row.url)}<br>{_plain(found.message if found else row.record.reason)}"
        yield f"| {_plain(place)} | {what} | {_plain((found.hint if found else None) or '')} |"
    if len(rows) > _MOST:
        yield f"| … | and {len(rows) - _MOST} more | |"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", escape(text)[:500]).replace("://", ":&#47;/")


def _code(text: str) -> str:
    return "`" + escape(text)[:300].replace("`", "%60").replace("|", "%7C") + "`"
