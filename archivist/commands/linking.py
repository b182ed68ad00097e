"""What `archivist links` needs besides the scan: its options, its memory, its renderers, fixes."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archivist.commands.session import codes, deliver, deliver_parts, here
from archivist.config.scan import FAILURES, ScanSettings
from archivist.console import escape, escape_lines
from archivist.diagnostic import Diagnostic
from archivist.errors import UsageError
from archivist.linkreport import LINK_RULES, Kind, LinkReport, Row
from archivist.names import nearest
from archivist.report import Report
from archivist.repository.process import Repository
from archivist.state.verdicts import LinkMemory
from archivist.workspace import Workspace

_AGE = re.compile(r"([0-9]{1,6}(?:\.[0-9]+)?)(s|m|h|d|w)?")
_HOURS = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}


def settings_of(args: Namespace, settings: ScanSettings) -> ScanSettings:
    """The settings with what the command line says. Raises UsageError."""
    if args.bodies:
        settings = settings._replace(links=settings.links._replace(bodies=True))
    if args.fail_on is None:
        return settings
    wanted = tuple(one for one in codes(args.fail_on) if one != "none")
    for one in wanted:
        if one not in FAILURES:
            near = nearest(one, FAILURES, 0.5)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(FAILURES)}, none"
            raise UsageError(f"--fail-on: there is nothing called {one}", hint)
    return settings._replace(links=settings.links._replace(fail_on=wanted))


def hours(args: Namespace, settings: ScanSettings) -> float:
    """How old a verdict may be to be taken; entries that are named are asked. Raises UsageError."""
    if args.max_age is None:
        return 0.0 if args.entries else settings.links.max_age_hours
    match = _AGE.fullmatch(args.max_age)
    if match is None:
        raise UsageError(f"--max-age: {args.max_age} is no age", "such as 30m, 12h, 2d or 0")
    return float(match[1]) * _HOURS[match[2] or "s"]


@contextmanager
def opened_memory(args: Namespace, place: Workspace) -> Iterator[LinkMemory]:
    """The memory that `--state` names, or that of the repository. Raises FileFailure."""
    if args.state and args.state.endswith((".jsonl", ".ndjson")):
        from archivist.state.verdictlines import LineMemory

        memory: LinkMemory = LineMemory(here(args) / args.state)
    elif args.state:
        memory = LinkMemory(here(args) / args.state)
    else:
        memory = LinkMemory(_usual_file(args, place.root))
    try:
        yield memory
    finally:
        memory.close()


def _usual_file(args: Namespace, root: Path) -> Path | None:
    repository = Repository(root)
    if not (root / ".git").exists() and not repository.exists:
        args.console.note("this is no git repository: nothing is remembered without --state FILE")
        return None
    return repository.common_folder / "archivist" / "links.sqlite3"


def show(args: Namespace, report: LinkReport) -> None:
    """Print the report in the format that is wanted, or write it. Raises FileFailure."""
    if args.format in ("json", "jsonl"):
        from archivist.formats import linkjson

        lines = args.format == "jsonl"
        deliver_parts(args, linkjson.render_lines(report) if lines else linkjson.render(report))
    else:
        deliver(args, _rendered(args, report))


def _rendered(args: Namespace, report: LinkReport) -> str:
    console, to_terminal = args.console, args.output == "-"
    if args.format == "text":
        from archivist.formats import linktext

        color, wrap = to_terminal and console.colors_out, to_terminal and console.out.isatty()
        return linktext.render(report, color=color, width=console.width, wrap=wrap)
    if args.format == "markdown":
        from archivist.formats import linkmarkdown

        return linkmarkdown.render(report)
    return _as_diagnostics(args.format, report)


def _as_diagnostics(name: str, report: LinkReport) -> str:
    from archivist.formats import github, junit, sarif

    found = sorted((row.diagnostic for row in report.findings if row.diagnostic), key=_place)
    paths = tuple(dict.fromkeys(row.path for row in report.rows()))
    plain = Report(paths, tuple(found))
    if name == "sarif":
        return sarif.render(plain, LINK_RULES)
    if name == "github":
        return github.render(plain, LINK_RULES)
    return junit.render(plain, "archivist links")


def _place(one: Diagnostic) -> tuple[str, int, int]:
    return one.path, one.line, one.column


def show_fixes(args: Namespace, root: Path, report: LinkReport) -> int:
    """Print what would be mended as a diff; 1 if there is something to mend, or to fail."""
    from archivist.mending import diff
    from archivist.scanning.fixing import mended

    found = list(mended(root, report.findings))
    deliver(args, escape_lines("".join(diff(one) for one in found)))
    return int(bool(found) or report.failures > 0)


def apply_fixes(args: Namespace, root: Path, report: LinkReport) -> LinkReport:
    """Write what can be mended, say so, and leave it out of the findings."""
    from archivist.mending import write_mended
    from archivist.scanning.fixing import mended

    fixed: list[tuple[str, str, int]] = []
    for one, failure in write_mended(root, list(mended(root, report.findings))):
        if failure is not None:
            args.console.error(failure.message, failure.hint)
            continue
        kinds = ", ".join(kind for kind, _ in one.counts)
        args.console.note(f"fixed {escape(one.after.path)}: {kinds}")
        fixed += [(one.after.path, kind, count) for kind, count in one.counts]
    paths = {path for path, _, _ in fixed}
    left = tuple(row for row in report.findings if row.path not in paths or not _is_mended(row))
    return report._replace(findings=left, fixed=tuple(fixed))


def _is_mended(row: Row) -> bool:
    """True if the fix ends the finding; a dead source stays dead, whatever stands beside it."""
    if row.kind not in (Kind.MOVED, Kind.OFFER, Kind.MEMENTO):
        return False
    return row.diagnostic is not None and row.diagnostic.fix is not None


def show_past(args: Namespace, memory: LinkMemory, paths: list[str]) -> int:
    """Print the past of the URLs that these entries point to."""
    lines = []
    for path in paths:
        rows = memory.select(
            "SELECT DISTINCT field, url FROM mention WHERE path = ? AND kind != 'key' "
            "AND url IN (SELECT url FROM link) ORDER BY number",
            path,
        )
        for field, url in rows:
            lines.append(f"{path}: {field}: {url}")
            lines += [
                f"  {one.first} to {one.last}, {one.times} ×: {one.verdict}  {one.reason}"
                for one in memory.past(url)
            ]
    if not lines:
        args.console.note("no scan has asked for a URL of these entries yet")
    deliver(args, escape_lines("".join(f"{line}\n" for line in lines)))
    return 0
