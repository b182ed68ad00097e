"""`archivist links`: check source URLs and Wayback snapshots."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace

from archivist.commands.linking import (
    apply_fixes,
    hours,
    opened_memory,
    settings_of,
    show,
    show_fixes,
    show_past,
)
from archivist.commands.naming import chosen_paths
from archivist.commands.parser import add_dry_run, add_output
from archivist.commands.session import now, workspace
from archivist.errors import NO_ANSWER, UsageError
from archivist.formats import LINK_FORMATS
from archivist.linkreport import NETWORK_DOWN

USAGE = "[ENTRY …]"
DESCRIPTION = (
    "Ask of each entry whether its source is still there and still holds the policy, and whether "
    "its Wayback snapshot is one. Verdicts are remembered: a URL is dead only after it has failed "
    "for days. Without ENTRY (an id, a file or a folder), all entries are checked."
)
EXAMPLES = """\
  archivist links
  archivist links lantern-conf-2019 --fix --dry-run
  archivist links --fail-on none --format markdown --output links.md
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("entries", nargs="*", metavar="ENTRY", help="ids, files or folders")
    add("--fix", action="store_true", help="write where URLs moved to, and mementos found")
    add_dry_run(parser, "with --fix: show what would be written, write nothing")
    add("--fail-on", metavar="WHAT", help="what ends with exit code 1, comma-separated; or none")
    add("--max-age", metavar="AGE", help="take verdicts as young as this (30m, 12h, 2d; 0: none)")
    add("--status-only", action="store_true", help="ask for statuses only: compare no texts")
    add("--bodies", action="store_true", help="check the links in the entries' texts, too")
    add("--state", metavar="FILE", help="remember in FILE: SQLite, or JSON lines if *.jsonl")
    add("--history", action="store_true", help="show what is remembered of the URLs, ask nothing")
    add_output(parser, LINK_FORMATS)


def run(args: Namespace) -> int:
    """Scan, report, mend if wanted; 1 if something fails the scan, 2 if the network was down."""
    if args.dry_run and not args.fix:
        raise UsageError("--dry-run needs --fix")
    from archivist.scanning.act import Links

    gc.set_threshold(100_000, 10, 20)  # a long life with hardly a cycle
    gc.enable()
    place = workspace(args)
    settings = settings_of(args, place.settings.scan)
    with opened_memory(args, place) as memory:
        links = Links(place, settings, memory, now(args), args.console.progress)
        paths = chosen_paths(args, place, links.gathering.paths)
        if args.history:
            links.gathering.finish()
            return show_past(args, memory, paths)
        report = links.scan(paths, not args.status_only, hours(args, settings))
        if args.fix and args.dry_run:
            return show_fixes(args, place.root, report)
        report = apply_fixes(args, place.root, report) if args.fix else report
        show(args, report)
    if report.network_down:
        args.console.error(NETWORK_DOWN, "nobody is blamed: try again when it is up")
    return NO_ANSWER if report.network_down else int(report.failures > 0)
