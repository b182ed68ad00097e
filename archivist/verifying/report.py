"""A proof as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from archivist.console import escape, paint
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
        "complete": not report.trouble,
    }
    return json.dumps(document, indent=2) + "\n"


def as_text(report: Report, *, color: bool, width: int, named: bool) -> str:
    """A paragraph for each version that is not proven, then the counts. Entries whose present
    text was never captured are listed if they were `named`.
    """
    lines: list[str] = []
    for finding in report.repository:
        lines += _paragraph("repository", "error", finding.name, finding.message, color, width)
    for one in report.results:
        where = f"{escape(_plain(one.path))}{f' in {one.rev[:_SHORT]}' if one.rev else ''}"
        for finding in one.findings:
            lines += _paragraph(where, "error", finding.name, finding.message, color, width)
        for reason in filter(None, (*one.unproven, one.unknown)):
            lines += _paragraph(where, "note", "unproven", reason, color, width)
        if named and not one.is_recorded:
            lines += _paragraph(
                where, "note", "unrecorded", "its present text was never captured", color, width
            )
    return "\n".join([*lines, *([""] if lines else []), _summary(report)]) + "\n"


def _row(one: Result) -> dict[str, Any]:
    return {
        "entry": _plain(one.entry),
        "path": _plain(one.path),
        "outcome": one.outcome,
        "reason": one.reason or None,
        "rev": one.rev or None,
        "captured": one.captured or None,
        "findings": [{"name": name, "message": _plain(text)} for name, text in one.findings],
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
    said = f"{_number(len(recorded), 'version')} of {_number(entries, 'entry', 'entries')}"
    said += f": {', '.join(parts)}." if parts else "."
    if counts["unrecorded"]:
        count = counts["unrecorded"]
        said += f" {_number(count, 'present text was', 'present texts were')} never captured."
    return said


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _plain(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
