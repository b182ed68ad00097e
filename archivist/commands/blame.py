"""`archivist blame`: when each sentence of an entry came in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from archivist.blame import across, blame
from archivist.commands.parser import add_output
from archivist.commands.session import deliver, states_of
from archivist.formats.blame import json, text

USAGE = "ENTRY"
DESCRIPTION = (
    "Show when each sentence of an entry first stood in it, by the day its versions say they were "
    "archived. A sentence that was reworded, but keeps 60 % of its words, is the same; the output "
    "says so. With --across, also where in the archive it stood first."
)
EXAMPLES = """\
  archivist blame quay-guild
  archivist blame quay-guild --across --format json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the entry and the options."""
    parser.add_argument("entry", metavar="ENTRY", help="the id or title of an entry")
    parser.add_argument(
        "--across", action="store_true", help="find each sentence's first place in the archive, too"
    )
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Read the versions and print."""
    states = states_of(args)
    own = states.chain(args.entry)
    found = blame(own)
    if args.across:
        found = across(found, states.by_valid_time(own[-1].id_now))
    if args.format == "json":
        deliver(args, json.render(own[-1].id_now, found, states.history.notes))
    else:
        color = args.output == "-" and args.console.colors_out
        deliver(args, text.render(found, color=color, width=args.console.width))
    return 0
