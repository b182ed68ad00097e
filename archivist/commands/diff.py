"""`archivist diff`: what differs between two texts, in words."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from archivist.commands.parser import add_output
from archivist.commands.session import deliver, states_of
from archivist.difference import Difference, difference
from archivist.errors import UsageError
from archivist.formats.diff import FORMATS, html, json, text
from archivist.states import STDIN
from archivist.versions.notes import Notes

USAGE = "A [B]"
DESCRIPTION = (
    "Compare two texts in words. A and B are entries (`ID`), their versions on a day "
    "(`ID@2014-02-06`) or at a revision (`ID@REV`), or files (- is stdin). Without B, "
    "the version before is compared with the entry as it stands. Exits with 1 if they differ."
)
EXAMPLES = """\
  archivist diff quay-guild conduct.txt
  archivist diff quay-guild@HEAD quay-guild --full
  archivist diff quay-guild conduct.txt --format html --output changes.html
"""
_CONTEXT = 12


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what is compared, and the options."""
    parser.add_argument("a", metavar="A", help="an entry, a version of one, or a file")
    parser.add_argument("b", metavar="B", nargs="?", help="what to compare it with")
    parser.add_argument(
        "-U",
        "--context",
        metavar="N",
        type=_number,
        default=_CONTEXT,
        help=f"unchanged words around a change (default: {_CONTEXT})",
    )
    parser.add_argument("--full", action="store_true", help="leave out nothing that is unchanged")
    parser.add_argument(
        "--columns",
        choices=("auto", "1", "2"),
        default="auto",
        help="2 is side by side (default: where the terminal has 120 columns)",
    )
    add_output(parser, FORMATS)


def run(args: Namespace) -> int:
    """Compare and print; 1 if there is a difference."""
    if args.a == args.b == STDIN:
        raise UsageError("stdin can be read once only", "name a file for A or B")
    if args.b is None:
        states = states_of(args)
        found = difference(*states.before(args.a))
    else:
        states = states_of(args, args.a, args.b)
        found = difference(states.find(args.a), states.find(args.b))
    deliver(args, _rendered(args, found, states.history.notes))
    return int(not found.is_same)


def _rendered(args: Namespace, found: Difference, notes: Notes) -> str:
    if args.format == "json":
        return json.render(found, notes)
    context = None if args.full else args.context
    if args.format == "html":
        return html.render(found, context=context)
    console, to_terminal = args.console, args.output == "-"
    wide = to_terminal and console.out.isatty() and console.width >= text.SIDE_BY_SIDE
    return text.render(
        found,
        color=to_terminal and console.colors_out,
        width=console.width,
        columns=args.columns == "2" or (args.columns == "auto" and wide),
        context=context,
    )


def _number(given: str) -> int:
    if not given.isdecimal() or int(given) > 10_000:
        raise ArgumentTypeError(f"{given} is not a number of words, 0 to 10000")
    return int(given)
