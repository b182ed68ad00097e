"""`archivist history`: the timeline of versions."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date

from archivist.commands.parser import add_output
from archivist.commands.session import deliver, history_of
from archivist.console import escape
from archivist.dates import PolicyDate, read
from archivist.errors import UsageError
from archivist.versions import History, Version
from archivist.versions import report as renderer
from archivist.versions.choosing import Choice, newest_first, oscillations
from archivist.versions.notes import cut_off

USAGE = "[ENTRY]"
DESCRIPTION = (
    "How each policy changed, and when: every version of an entry, or of all, followed through "
    "renames, removal and return. The kind says what changed: words of the text, or only front "
    "matter, link targets, white space or the path. The words that came and went are counted. "
    "Newest first, over all entries: by the day on which a text was archived, of a removal by that "
    "of its commit; recovered texts stand where they belong, whenever they were committed."
)
EXAMPLES = """\
  archivist history --text-only --since 2014-01-01
  archivist history quay-guild --patch
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add(
        "entry",
        nargs="?",
        metavar="ENTRY",
        help="an entry's id, path, title or former id; else all",
    )
    add("--text-only", action="store_true", help="leave out what changes no words")
    add("--since", metavar="DATE", help="only versions archived on this day or later")
    add("--until", metavar="DATE", help="only versions archived on this day or earlier")
    add(
        "-p", "--patch", action="store_true", help="show what each version changed, and who says so"
    )
    add("--verify", action="store_true", help="prove that replaying the history gives HEAD")
    add_output(parser, renderer.FORMATS)


def run(args: Namespace) -> int:
    """Print the timeline, or verify it; 1 if it does not lead to HEAD."""
    choice = Choice(args.text_only, _day(args.since, last=False), _day(args.until, last=True))
    if args.patch and args.format == "csv":
        raise UsageError("a table has no room for patches", "-f json and -f jsonl have")
    history = history_of(args)
    if args.verify:
        return _verify(args, history)
    versions = _versions(history, args.entry)
    chosen = newest_first(filter(choice.holds, versions))
    for cut in history.notes.cuts:
        if any(one.rev == cut.rev for one in chosen):
            args.console.warning(f"note: {cut_off(cut)}")
    deliver(args, _rendered(args, history, versions, chosen))
    return 0


def _versions(history: History, name: str | None) -> list[Version]:
    if name is None:
        return history.versions()
    from archivist.versions.resolving import known

    return known(history, name, history.versions)


def _rendered(
    args: Namespace, history: History, versions: list[Version], chosen: list[Version]
) -> str:
    color, width = args.output == "-" and args.console.colors_out, args.console.width
    more: renderer.More = renderer.no_keys
    below: renderer.Below = renderer.no_lines
    if args.patch:
        from archivist.formats.patches import PatchFormat
        from archivist.patches import patches

        patch = PatchFormat(patches(history, versions, chosen), color, width)
        more, below = patch.keys, patch.lines
    if args.format == "json":
        return renderer.as_json(chosen, oscillations(versions), history.notes, more)
    if args.format == "jsonl":
        return renderer.as_jsonl(chosen, more)
    if args.format == "csv":
        return renderer.as_csv(chosen)
    swings = oscillations(versions)
    return renderer.as_text(
        chosen, swings, color=color, width=width, below=below, detailed=args.patch
    )


def _verify(args: Namespace, history: History) -> int:
    wrong = history.verify()
    for line in wrong:
        args.console.result(escape(line))
    if not wrong:
        args.console.result("replaying the history gives exactly the entries of HEAD")
    return int(bool(wrong))


def _day(given: str | None, *, last: bool) -> date | None:
    """The first or last day that a date on the command line means. Raises UsageError."""
    if given is None:
        return None
    found = read(given)
    if not isinstance(found, PolicyDate):
        raise UsageError(f"{given} {found.reason}", "such as 2014-02-06, 2014-02 or 2014")
    return found.last if last else found.first
