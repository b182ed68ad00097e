"""A proof as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from archivist.console import counted, escape, paint
from archivist.document import dumped, readable
from archivist.verifying.result import OUTCOMES, Report, Result

FORMATS = ("text", "json")
_SHORT = 10  # characters of a commit


def as_json(report: Report) -> str:
    """The report as one object."""
    document = {
        "version": 1,
        "results": [_row(one) for one in report.results],
        "repository": [one._asdict() for one in report.repository],
        "summary": {name: report.counts[name] for name in OUTCOMES},
        "remote": report.asked and report.asked._asdict(),
        "notes": list(report.notes),
        "complete": report.is_complete,
    }
    return dumped(document, indent=2) + "\n"


def as_text(report: Report, *, color: bool, width: int, named: bool, wraps: bool = False) -> str:
    """A paragraph for each version that is not proven, then the counts. Entries whose present
    text was never captured are listed if they were `named`. `wraps` wraps the counts, too.
    """
    lines: list[str] = []
    for finding in report.repository:
        lines += _paragraph("repository", "error", finding.name, finding.message, color, width)
    last = {one.entry: one.rev for one in report.results}
    for one in report.results:
        where = _where(one)
        for finding in one.findings:
            lines += _paragraph(where, "error", finding.name, finding.message, color, width)
        if named and one.removed and one.rev == last[one.entry]:
            words = f"the entry was removed in {one.removed[:_SHORT]}"
            lines += _paragraph(where, "note", "removed", words, color, width)
        for reason in filter(None, (*one.unproven, one.unknown)):
            lines += _paragraph(where, "note", "unproven", reason, color, width)
        if named and not one.is_recorded:
            lines += _paragraph(
                where, "note", "unrecorded", "its present text was never captured", color, width
            )
    said = _summary(report)
    summary = _wrapped(said, width) if wraps else [said]
    return "\n".join([*lines, *([""] if lines else []), *summary]) + "\n"


def _where(one: Result) -> str:
    """The entry by its name now, and how it was called when it was captured; the commit."""
    name = escape(readable(one.present or one.path))
    if one.present not in (None, one.path):
        name += f", captured as {escape(readable(one.path))}"
    return f"{name} in {one.rev[:_SHORT]}" if one.rev else name


def _row(one: Result) -> dict[str, Any]:
    return {
        "entry": one.entry,
        "path": one.path,
        "outcome": one.outcome,
        "reason": one.reason or None,
        "present": one.present,
        "rev": one.rev or None,
        "captured": one.captured or None,
        "findings": [{"name": name, "message": text} for name, text in one.findings],
        "unproven": list(one.unproven),
        "unknown": one.unknown or None,
    }


def _paragraph(
    where: str, weight: str, name: str, message: str, color: bool, width: int
) -> Iterator[str]:
    label = paint(weight, "red" if weight == "error" else "cyan", "bold", on=color)
    yield f"{where}: {label} {name}"
    yield from (f"  {line}" for line in _wrapped(escape(message), width - 2))


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]


def _summary(report: Report) -> str:
    counts = report.counts
    recorded = [one for one in report.results if one.is_recorded]
    entries = len({one.entry for one in recorded})
    parts = [f"{counts[name]} {name}" for name in OUTCOMES[:3] if counts[name]]
    said = f"{counted(len(recorded), 'version')} of {counted(entries, 'entry', 'entries')}"
    said = f"{said}: {', '.join(parts)}." if recorded else "No version was captured."
    if counts["unrecorded"]:
        count = counts["unrecorded"]
        said += f" {counted(count, 'present text was', 'present texts were')} never captured."
    gone = len({one.path for one in report.results if one.removed})
    if gone:
        verb = "is" if gone == 1 else "are"
        said += f" {counted(gone, 'entry', 'entries')} of these {verb} no longer there."
    if report.asked is not None:
        asked, answered = report.asked
        words = counted(asked, "memento was", "mementos were")
        said += f" {words} asked, {answered:,} answered." if asked else " No memento was asked."
    return said
