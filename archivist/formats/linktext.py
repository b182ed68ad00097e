"""Scans of links for people: each finding in its place, the most urgent first, then the totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archivist.console import escape, paint
from archivist.formats.text import block, wrapped
from archivist.linkreport import Kind, LinkReport

_ORDER = ("alive", "moved", "dead", "failing", "blocked", "excluded", "unknown")
_OFFERS = 5  # offers that are shown one by one; they are not urgent, and there may be many


def render(report: LinkReport, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """The report as text, cut to `width` columns; with `wrap` messages are broken at words, too."""
    blocks = []
    offers = 0
    for row in report.findings:
        offers += row.kind is Kind.OFFER
        hidden = row.kind is Kind.UNKNOWN and report.network_down  # what is said once is enough
        if row.diagnostic and not hidden and (row.kind is not Kind.OFFER or offers <= _OFFERS):
            shown = block(row.diagnostic, color, width)
            blocks.append(wrapped(shown, width) if wrap else shown)
    if offers > _OFFERS:
        blocks.append(f"… and {offers - _OFFERS} more entries for which a memento is there\n")
    for row in report.recovered:
        label = paint("answers again:", "green", on=color)
        blocks.append(f"{escape(row.path)}: {label} {escape(row.url)}\n")
    return "\n".join([*blocks, "".join(f"{line}\n" for line in _summary(report, color))])


def _summary(report: LinkReport, color: bool) -> Iterator[str]:
    total = sum(report.counts.values())
    new = sum(row.kind is Kind.NEWLY_DEAD for row in report.findings)
    said = f"{_number(total, 'URL')} in {_number(report.entries, 'entry', 'entries')}"
    yield f"{said}: {_counted(report.counts, new) or 'nothing to check'}."
    if report.mementos:
        count = sum(report.mementos.values())
        yield f"{_number(count, 'memento')}: {_counted(report.mementos, 0)}."
    drifted = sum(row.kind in (Kind.CHANGED, Kind.LOST) for row in report.findings)
    if drifted:
        do = "does" if drifted == 1 else "do"
        yield f"{drifted} of the pages that answer {do} not hold the policy as it is archived."
    if report.left:
        yield f"{_number(report.left, 'URL')} could not be asked in time: the next run goes on."
    fixable = sum(bool(row.diagnostic and row.diagnostic.fix) for row in report.findings)
    if fixable:
        yield f"`archivist links --fix` mends {fixable}."
    if not report.findings and not report.left:
        yield paint("All good.", "green", on=color)


def _counted(counts: Mapping[str, int], new: int) -> str:
    parts = []
    for verdict in _ORDER:
        if count := counts.get(verdict, 0):
            newly = f" ({new} newly)" if verdict == "dead" and new else ""
            parts.append(f"{count} {verdict}{newly}")
    return ", ".join(parts)


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
