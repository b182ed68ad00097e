"""A backfill as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archivist.backfill.result import Report, Result
from archivist.capturing.provenance import moment
from archivist.console import escape, paint
from archivist.dates import PolicyDate
from archivist.document import dumped

FORMATS = ("text", "json")
_COLORS = {"recovered": ("green",), "refused": ("yellow",), "missing": ("dim",)}
_INDENT = " " * 26


def as_json(report: Report) -> str:
    """The report as one object."""
    document = {
        "version": 1,
        "entry": report.entry,
        "source": report.source,
        "results": [_row(report.entry, one) for one in report.results],
        "summary": {
            **{name: report.counts[name] for name in ("recovered", "unchanged")},
            **{name: report.counts[name] for name in ("refused", "missing")},
            "listed": report.listed,
            "others": dict(sorted(report.others.items())),
            "left": report.left,
            "refused_earlier": len(report.earlier),
        },
        "complete": report.is_complete,
        "known": report.is_known,
        "note": report.trouble or None,
        "written": report.is_written,
    }
    return dumped(document, indent=2) + "\n"


def as_text(report: Report, *, dry_run: bool, color: bool, width: int, wraps: bool = False) -> str:
    """The timeline, oldest first, without what is unchanged; then what there is to say of it, which
    `wraps` lets wrap as well.
    """
    lines = [line for one in report.results for line in _lines(one, color, width)]
    said = _summary(report, dry_run)
    summary = [line for one in said for line in (_wrapped(one, width) if wraps else [one])]
    gap = [""] if lines and summary else []
    return "".join(f"{line}\n" for line in [*lines, *gap, *summary])


def _row(entry: str, one: Result) -> dict[str, Any]:
    recovered = one.outcome == "recovered"
    return {
        "entry": entry,
        "outcome": one.outcome,
        "name": one.name or None,
        "reason": one.reason or None,
        "captured": moment(one.when),
        "memento": one.memento,
        "added": one.added if recovered else None,
        "removed": one.removed if recovered else None,
        "rev": one.rev,
        "earlier": one.is_earlier,
    }


def _lines(one: Result, color: bool, width: int) -> Iterator[str]:
    if one.outcome == "unchanged" or one.is_earlier:
        return
    day = PolicyDate(one.when.year, one.when.month, one.when.day).styled()
    outcome = paint(f"{one.outcome:10}", *_COLORS.get(one.outcome, ()), on=color)
    if one.outcome == "recovered":
        words = " ".join(
            f"{sign}{count:,}" for sign, count in (("+", one.added), ("-", one.removed)) if count
        )
        yield f"{day:12}  {outcome}  {words:>14}  {one.rev[:10] if one.rev else ''}".rstrip()
        return
    name = f"{one.name}: " if one.name else ""
    first, *rest = _wrapped(escape(f"{name}{one.reason}"), width - len(_INDENT))
    yield f"{day:12}  {outcome}  {first}".rstrip()
    yield from (f"{_INDENT}{line}" for line in rest)
    if one.outcome == "refused":
        yield f"{' ' * 12}  {escape(one.memento)}"


def _summary(report: Report, dry_run: bool) -> Iterator[str]:
    counts = report.counts
    counts["refused"] -= len(report.earlier)
    if report.results or report.listed:
        yield f"{_number(report.listed, 'capture')} of {escape(report.source)} listed."
        others = [f"{what} ({count})" for what, count in sorted(report.others.items())]
        if others:
            yield f"Not looked at: {', '.join(others)}."
        parts = [f"{_number(counts['recovered'], 'version')} {_verb(report, dry_run)}"]
        parts += [
            f"{counts[name]} {name}" for name in ("unchanged", "refused", "missing") if counts[name]
        ]
        yield f"{', '.join(parts)}."
    refused = _names(one for one in report.results if not one.is_earlier)
    if refused:
        yield f"Look at what was refused; `--accept {','.join(refused)}` takes it all the same."
    if report.earlier:
        names, count = _names(report.earlier), len(report.earlier)
        named = f" ({', '.join(names)})" if names else ""
        was, them = ("was", "it") if count == 1 else ("were", "them")
        yield (
            f"{_number(count, 'capture')} {was} refused earlier{named}; "
            f"`--again` looks at {them} again."
        )
    if counts["missing"]:
        yield "Missing captures are listed and not shown now; another run asks for them again."


def _names(results: Iterable[Result]) -> list[str]:
    """The names by which what was refused can be accepted."""
    return sorted({one.name for one in results if one.outcome == "refused" and one.name})


def _verb(report: Report, dry_run: bool) -> str:
    return "would be recovered" if dry_run or not report.is_complete else "recovered"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _wrapped(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]
