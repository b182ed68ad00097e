"""Scans of links as JSON: one object, or an object a line; keys are only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archivist.addresses import memento
from archivist.document import dumped
from archivist.linkreport import Kind, LinkReport, Row

VERSION = 1


def render(report: LinkReport) -> Iterator[str]:
    """The report as one JSON object, a result a line, part by part; everything that is not ASCII is
    escaped.
    """
    yield f'{{\n  "version": {VERSION},\n  "results": ['
    separator = "\n    "
    for row in report.rows():
        yield f"{separator}{dumped(_result(row))}"
        separator = ",\n    "
    fixed = [{"path": path, "kind": kind, "count": n} for path, kind, n in report.fixed]
    yield f'\n  ],\n  "fixed": {dumped(fixed)},\n'
    yield f'  "summary": {dumped(_summary(report))}\n}}\n'


def render_lines(report: LinkReport) -> Iterator[str]:
    """The results alone, one JSON object a line."""
    return (f"{dumped(_result(row))}\n" for row in report.rows())


def _summary(report: LinkReport) -> dict[str, Any]:
    return {
        "entries": report.entries,
        "urls": dict(sorted(report.counts.items())),
        "mementos": dict(sorted(report.mementos.items())),
        "failures": report.failures,
        "recovered": len(report.recovered),
        "requests": report.asked,
        "left": report.left,
        "network_down": report.network_down,
    }


def _result(row: Row) -> dict[str, Any]:
    record = row.record
    return {
        "entry": row.entry,
        "field": row.field,
        "url": row.url,
        "final_url": record.final_url or row.url,
        "verdict": record.verdict,
        "finding": row.kind,
        "fails": row.fails,
        "status": record.status or None,
        "reason": record.reason,
        "hops": [{"url": hop.url, "status": hop.status} for hop in record.hops],
        "checked": record.checked or None,
        "attempts": record.attempts,
        "since": record.since or None,
        "first_failed": record.first_failed or None,
        "last_alive": record.last_alive or None,
        "strikes": record.strikes,
        "share": row.share,
        "suggestion": _suggestion(row),
        "archived": _archived(row),
        "path": row.path,
    }


def _suggestion(row: Row) -> str | None:
    """The URL that should stand there: where it moved to, or for a snapshot another memento."""
    if row.is_memento and row.found and row.kind is Kind.MEMENTO:
        return row.found.memento or None
    return row.record.suggestion or None


def _archived(row: Row) -> dict[str, Any] | None:
    """Of a snapshot, what it is a capture of; of a source, the memento that was found for it."""
    share = row.share
    url = row.url
    if not row.is_memento:
        if row.found is None:
            return None
        if not row.found.memento:
            return {"url": None, "reason": row.found.reason}
        url, share = row.found.memento, row.found.share if row.found.share >= 0 else None
    found = memento(url)
    if isinstance(found, str):
        return None
    return {"url": url, "timestamp": found.stamp, "original": found.original, "share": share}
