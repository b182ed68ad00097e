"""`archivist show`: one version of an entry."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from archivist.commands.parser import add_output
from archivist.commands.session import deliver, history_of, workspace
from archivist.console import escape, escape_controls, escape_lines
from archivist.dates import PolicyDate, read
from archivist.document import dumped
from archivist.entry import Entry
from archivist.errors import NoRepository, UsageError
from archivist.versions import History
from archivist.versions.certainty import certainty
from archivist.versions.naming import InForce, at_revision, in_force, resolved
from archivist.versions.notes import Notes
from archivist.versions.resolving import entry_here, known, version_of_file
from archivist.versions.rows import as_row

USAGE = "ENTRY"
DESCRIPTION = (
    "Print the text of an entry: as it is now, as it was in force on a day by the dates that its "
    "versions say of themselves, or as it is in a commit. What is known of the version is said on "
    "stderr."
)
EXAMPLES = """\
  archivist show quay-guild
  archivist show quay-guild --at 2014-03-01
  archivist show quay-guild --rev HEAD --format json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("entry", metavar="ENTRY", help="an entry's id, path or title, ID@DATE or ID@REV")
    add(
        "--at",
        metavar="DATE",
        help="the text in force on this day, or at the end of a month or year",
    )
    add("--rev", metavar="REV", help="the text in this commit, branch or tag")
    add("--whole", action="store_true", help="print the front matter, too")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Print one version."""
    if args.at is not None and args.rev is not None:
        raise UsageError("--at and --rev exclude each other")
    found, whole, notes = _found(args)
    entry = Entry(found.version.path, whole)
    text = entry.text if args.whole else entry.body.lstrip("\r\n")
    if args.format == "json":
        document = {"version": 1, **_keys(found), "text": text, **notes.keys()}
        deliver(args, dumped(document, indent=2) + "\n")
        return 0
    args.console.note(escape(certainty(found)))
    if args.output != "-":
        deliver(args, text)
    elif args.console.out.isatty():
        args.console.result(escape_lines(text.replace("\r\n", "\n")))
    else:
        args.console.part(escape_controls(text))
    return 0


def _found(args: Namespace) -> tuple[InForce, str, Notes]:
    """The version, its whole text, and what there is to say of the history. Raises UsageError."""
    ask = _question(args)
    try:
        history = history_of(args)
    except NoRepository:
        if args.at is not None or args.rev is not None:
            raise
        return _file(args)
    found = known(history, args.entry, lambda name: ask(history, name))
    return found, history.text(found.version), history.notes


def _question(args: Namespace) -> Callable[[History, str], InForce]:
    """What is asked about an entry. Raises UsageError for what is no date, or no revision."""
    if args.rev is not None:
        if not isinstance(args.rev, str):  # argparse makes a list of `--`
            raise UsageError("--rev names no commit", "such as HEAD~3, a branch or a commit's id")
        return lambda history, name: InForce(
            at_revision(history, history.versions(name), args.rev), None, is_early=False
        )
    if args.at is not None:
        day = read(args.at or "")
        if not isinstance(day, PolicyDate):
            raise UsageError(f"--at: {args.at} {day.reason}", "such as 2014-02-06, 2014-02 or 2014")
        return lambda history, name: in_force(history.versions(name), day)
    return resolved


def _file(args: Namespace) -> tuple[InForce, str, Notes]:
    """The present text, where no git tells of others."""
    entry = entry_here(workspace(args).entries(), args.entry)
    return InForce(version_of_file(entry), None, is_early=False), entry.text, Notes()


def _keys(found: InForce) -> dict[str, object]:
    return {
        "found": as_row(found.version),
        "next": as_row(found.next) if found.next else None,
        "archived_later": found.is_early,
        "announced_later": found.is_announced_later,
        "doubt": as_row(found.doubt) if found.doubt else None,
        "removed": as_row(found.removed) if found.removed else None,
    }
