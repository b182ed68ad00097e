"""`archivist rule`: list or explain the rules."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_output
from archivist.commands.session import deliver
from archivist.errors import UsageError
from archivist.formats import rules as renderer
from archivist.names import nearest
from archivist.rules import RULES, Rule

USAGE = "[CODE …]"
DESCRIPTION = "List the rules, or explain those named: why they are, and how to keep them."
EXAMPLES = """\
  archivist rule
  archivist rule D301
  archivist rule yaml-misreads
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="codes or names of rules")
    add_output(parser, ("text", "json", "markdown"))


def run(args: Namespace) -> int:
    """Print the rules."""
    chosen = [_find(code) for code in args.codes]
    color = args.output == "-" and args.console.colors_out
    if args.format == "json":
        text = renderer.as_json(chosen or list(RULES.values()))
    elif args.format == "markdown":
        text = renderer.as_markdown(chosen or list(RULES.values()))
    elif chosen:
        width = min(args.console.width, 100)
        text = "\n".join(renderer.as_text(rule, color=color, width=width) for rule in chosen)
    else:
        text = renderer.as_list(color=color)
    deliver(args, text)
    return 0


def _find(code: str) -> Rule:
    names = {rule.name: rule for rule in RULES.values()}
    found = RULES.get(code.upper()) or names.get(code.lower())
    if found is None:
        near = nearest(code, [*names, *RULES], 0.5)
        hint = f"did you mean {near}?" if near else "`archivist rule` lists them"
        raise UsageError(f"there is no rule {code}", hint)
    return found
