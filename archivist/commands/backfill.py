"""`archivist backfill`: recover earlier versions from the Wayback Machine."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

from archivist.commands.naming import entry_named
from archivist.commands.parser import add_dry_run, add_output
from archivist.commands.session import check_output, codes, deliver, now, workspace
from archivist.errors import NO_ANSWER, UsageError

if TYPE_CHECKING:
    from archivist.backfill.result import Report
    from archivist.workspace import Workspace

USAGE = "ENTRY"
DESCRIPTION = (
    "Recover earlier versions of an entry from the captures that the Wayback Machine has of its "
    "page. Each text that differs from the one before becomes a commit with the date of its "
    "capture, the oldest first; the last commit comes back to the present text. No commit is "
    "rewritten, and no file changes. What was fetched is kept: a run that is broken off goes on "
    "where it was."
)
EXAMPLES = """\
  archivist backfill lantern-conf-2019 --dry-run
  archivist backfill quay-guild --from 2012 --to 2013-06
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the entry and the options."""
    add = parser.add_argument
    add("entry", metavar="ENTRY", help="its id, file or title")
    add("--from", dest="first", metavar="DATE", help="look at captures from this day, month, year")
    add("--to", dest="last", metavar="DATE", help="up to this one (default: the present text's)")
    add("--url", metavar="URL", default="", help="look at captures of this page instead of `url`")
    add("--most", metavar="N", help="look at so many captures, spread evenly (default: 500)")
    add("--accept", metavar="NAMES", help="take what is refused by these names, comma-separated")
    add("--again", action="store_true", help="look again at what earlier runs have refused")
    add_dry_run(parser, "show the timeline that it would make, write nothing")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Recover and report; 1 if something is newly refused, 2 if not all could be looked at."""
    from archivist.backfill.report import as_json, as_text

    gc.enable()
    place = workspace(args)
    check_output(args)
    report = _recovered(args, place)
    to_terminal = args.output == "-"
    colors, width = args.console.colors_out and to_terminal, args.console.width
    wraps = to_terminal and args.console.out.isatty()
    as_json_wanted = args.format == "json"
    text = as_text(report, dry_run=args.dry_run, color=colors, width=width, wraps=wraps)
    deliver(args, as_json(report) if as_json_wanted else text)
    if not report.is_complete:
        were = "capture was" if report.left == 1 else "captures were"
        left = f"{report.left} {were} not fetched: " if report.left else ""
        some = ": what was fetched is kept" if report.results else ""
        hint = f"nothing was written; run it again later{some}"
        args.console.error(f"{left}{report.trouble}", hint)
        return NO_ANSWER
    if report.trouble:
        args.console.note(f"note: {report.trouble}")
    return int(report.counts["refused"] > len(report.earlier))


def _recovered(args: Namespace, place: Workspace) -> Report:
    """What came of the backfill. Raises UsageError, EnvironmentFailure."""
    from archivist.backfill.act import Backfill, Span
    from archivist.backfill.gathering import Gathering
    from archivist.repository import Repository
    from archivist.state.mementos import Mementos

    settings, rules = place.settings.scan, place.settings.snapshot
    if not settings.wayback.enabled:
        raise UsageError("the settings switch the Wayback Machine off", "[wayback] enabled = true")
    repository, name = Repository(place.root), entry_named(args, place, args.entry)
    folder = repository.common_folder if repository.exists else None
    span = Span(_day(args.first, "--from", first=True), _day(args.last, "--to", first=False))
    most = _number(args.most, settings.wayback.captures)
    with closing(Mementos(folder and folder / "archivist" / "mementos.sqlite3")) as kept:
        show = args.console.progress
        gathering = Gathering(
            settings, kept, now(args), most, lambda done, total: show(done, total, "captures")
        )
        confirm = timedelta(hours=rules.confirm_hours)
        accepted = _names(args.accept)
        backfill = Backfill(place, gathering, accepted, confirm, rules.evidence, args.again)
        return backfill.run(name, args.url, span, dry_run=args.dry_run)


def _day(given: str | None, option: str, *, first: bool) -> date | None:
    """The first or last day that a date may mean. Raises UsageError."""
    from archivist.dates import PolicyDate, read

    if given is None:
        return None
    found = read(given)
    if not isinstance(found, PolicyDate):
        raise UsageError(f"{option}: {given} {found.reason}", "such as 2014, 2014-02 or 2014-02-06")
    return found.first if first else found.last


def _names(given: str | None) -> list[str]:
    """The names of refusals. Raises UsageError for one that there is not."""
    from archivist.names import nearest
    from archivist.refusal import NAMES

    for name in codes(given):
        if name not in NAMES:
            near = nearest(name, NAMES, 0.5)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(NAMES)}"
            raise UsageError(f"--accept: nothing is refused as {name}", hint)
    return codes(given)


def _number(given: str | None, usual: int) -> int:
    if given is None:
        return usual
    if not (given.isascii() and given.isdecimal()) or not 0 < int(given[:9]) <= 10_000:
        raise UsageError(f"--most: {given} is no number between 1 and 10000")
    return int(given)
