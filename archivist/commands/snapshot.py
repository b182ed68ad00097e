"""`archivist snapshot`: look at sources now, and keep new versions."""

from __future__ import annotations

import gc
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from archivist.captures import Captures
from archivist.commands.parser import add_dry_run, add_output
from archivist.commands.session import check_output, deliver, workspace
from archivist.errors import NO_ANSWER
from archivist.formats import SNAPSHOT_FORMATS

USAGE = "ENTRY …"
DESCRIPTION = (
    "Look at the source of each entry now. If the policy's text has changed, write the new "
    "version, keep the answer as evidence, and commit both. What is no version of a policy (an "
    "error, a login, a page that lost most of its text) is refused, with what to do."
)
EXAMPLES = """\
  archivist snapshot lantern-conf-2019
  archivist snapshot lantern-conf-2019 --dry-run
  archivist snapshot --all --branch captures
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("entries", nargs="*", metavar="ENTRY", help="ids, files, folders or titles")
    add("--all", action="store_true", help="all entries that follow a source")
    add("--stale", type=_days, metavar="DAYS", help="only texts archived more than DAYS ago")
    add_dry_run(parser, "show what would change, word by word; write nothing")
    add("--no-commit", action="store_true", help="write the files, commit nothing")
    add("--branch", metavar="NAME", help="commit on branch NAME, and leave the files alone")
    add("--message", metavar="TEXT", help="the subject of the commit")
    add("--from-file", metavar="FILE", help="take a saved page (- is stdin) instead of asking")
    add("--url", metavar="URL", help="ask URL, where the source is now, and write it down")
    add("--announced", metavar="DATE", default="", help="when it was published, if known")
    add(
        "--accept",
        metavar="NAMES",
        action="append",
        default=[],
        help="accept objections by name, comma-separated",
    )
    add("--re-extract", action="store_true", help="make the text of its evidence again")
    add("--pending", action="store_true", help="add the Wayback snapshots that are missing")
    add("--no-wayback", action="store_true", help="leave the Wayback Machine alone")
    add_output(parser, SNAPSHOT_FORMATS)


def run(args: Namespace) -> int:
    """Look, judge, commit, report; 1 if anything was refused or failed."""
    from archivist.commands.keeping import opened
    from archivist.commands.snapshotting import captures, check_settings, check_usage

    check_usage(args)
    gc.set_threshold(100_000, 10, 20)  # a long life with hardly a cycle
    gc.enable()
    place = workspace(args)
    check_settings(args, place)
    check_output(args)
    with opened(args, place) as where:
        found = captures(args, place, where)
    deliver(args, _rendered(args, found))
    if found.trouble:
        args.console.error(found.trouble, "nothing was lost; run it again later")
        return NO_ANSWER
    return int(found.has_trouble)


def _rendered(args: Namespace, found: Captures) -> str:
    from archivist.formats import snapshotjson, snapshottext

    if args.format == "json":
        return snapshotjson.render(found)
    to_terminal = args.output == "-"
    color = to_terminal and args.console.colors_out
    console = args.console
    return snapshottext.render(found, color=color, width=console.width, quiet=console.quiet)


def _days(given: str) -> int:
    if not given.isdecimal() or int(given) > 36_500:
        raise ArgumentTypeError(f"{given} is not a number of days")
    return int(given)
