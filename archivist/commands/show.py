"""`archivist show`: one version of an entry."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_output
from archivist.commands.session import deliver, history_of
from archivist.console import escape, escape_lines
from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.errors import UsageError
from archivist.versions import History, Version
from archivist.versions.naming import InForce, at_revision, in_force, resolved, since
from archivist.versions.report import as_row

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
    add("entry", metavar="ENTRY", help="an entry's id or path, ID@DATE or ID@REV")
    add("--at", metavar="DATE", help="the text in force on this day (or at the end of this month)")
    add("--rev", metavar="REV", help="the text in this commit, branch or tag")
    add("--whole", action="store_true", help="print the front matter, too")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Print one version."""
    if args.at and args.rev:
        raise UsageError("--at and --rev exclude each other")
    history = history_of(args)
    found = _found(args, history)
    entry = Entry(found.version.path, history.text(found.version))
    text = entry.text if args.whole else entry.body.lstrip("\r\n")
    if args.format == "json":
        document = {"version": 1, **_keys(found), "text": text}
        deliver(args, json.dumps(document, indent=2) + "\n")
        return 0
    args.console.note(escape(_known(found)))
    deliver(args, escape_lines(text.replace("\r\n", "\n")) if args.output == "-" else text)
    return 0


def _found(args: Namespace, history: History) -> InForce:
    if args.rev:
        return InForce(at_revision(history, args.entry, args.rev), None, is_early=False)
    if args.at:
        day = read(args.at)
        if not isinstance(day, PolicyDate):
            raise UsageError(f"--at: {args.at} {day.reason}", "such as 2014-02-06")
        return in_force(history.versions(args.entry), day)
    return resolved(history, args.entry)


def _keys(found: InForce) -> dict[str, object]:
    return {
        "found": as_row(found.version),
        "next": as_row(found.next) if found.next else None,
        "archived_later": found.is_early,
        "doubt": as_row(found.doubt) if found.doubt else None,
    }


def _known(found: InForce) -> str:
    """How well the version is known, in one line."""
    one = found.version
    parts = [f"archived {one.archived.styled()}" if one.archived else "archived on no known day"]
    if found.is_early:
        parts[0] += ", after that day"
    if one.announced:
        parts.append(f"announced {one.announced.styled()}")
    parts += _next(one, found.next)
    parts.append(f"commit {one.rev[:10]}" if one.rev else "working tree")
    if found.doubt:
        parts.append(f"{(found.doubt.rev or '')[:10]} may have replaced it, and cannot be read")
    return f"{one.entry}: {'; '.join(parts)}"


def _next(one: Version, following: Version | None) -> list[str]:
    begin = since(following, one) if following else None
    return [f"next version {begin.styled()}"] if begin else []
