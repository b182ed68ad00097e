"""Reports as one JSON object; its keys are only ever added to."""

from __future__ import annotations

from typing import Any

from archivist.diagnostic import Diagnostic
from archivist.document import dumped
from archivist.report import Report

VERSION = 1


def render(report: Report) -> str:
    """The report as JSON; everything that is not ASCII is escaped."""
    document = {
        "version": VERSION,
        "diagnostics": [_diagnostic(one) for one in report.diagnostics],
        "fixed": [{"path": path, "code": code, "count": n} for path, code, n in report.fixed],
        "summary": {
            "entries": len(report.paths),
            "errors": report.errors,
            "warnings": report.warnings,
            "baseline": report.known,
        },
    }
    return dumped(document, indent=2) + "\n"


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "end_line": one.end_line,
        "end_column": one.end_column,
        "entry": one.entry,
        "hint": one.hint,
        "fixable": one.fixable,
        "fix": _fix(one),
    }


def _fix(one: Diagnostic) -> dict[str, Any] | None:
    """The fix; `start` and `end` count code points from the beginning of the file."""
    if one.fix is None:
        return None
    return {
        "title": one.fix.title,
        "applicability": one.fix.applicability.value,
        "edits": [
            {"start": edit.start, "end": edit.end, "text": edit.text} for edit in one.fix.edits
        ],
    }
