"""`archivist init`: begin an archive."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_dry_run
from archivist.commands.session import here
from archivist.entry import SUFFIX
from archivist.files import ENTRIES
from archivist.scaffold import begin_archive

USAGE = "[DIR]"
DESCRIPTION = (
    "Begin an archive in DIR (default: here): a git repository with entries/, schema/, "
    "archivist.toml, a pre-commit configuration and CI workflows. What exists is left alone."
)
EXAMPLES = """\
  archivist init my-archive
  archivist init --dry-run
"""

_NEXT = """\
next:
  archivist new "Lantern Conf 2019" --text FILE  adds an entry
  archivist check                                checks them all
  pre-commit install                             checks every commit"""
_NEXT_OF_OLD = """\
next:
  archivist check                   checks the entries
  archivist check --fix             mends what needs no judgement
  archivist check --write-baseline  records what is left as known debt
  pre-commit install                checks every commit from then on"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", nargs="?", default=".", metavar="DIR", help="where to begin")
    add_dry_run(parser, "say what would be made, make nothing")


def run(args: Namespace) -> int:
    """Begin the archive and say what was made."""
    folder = here(args) / args.folder
    verb = "would make" if args.dry_run else "made"
    for begun in begin_archive(folder, dry_run=args.dry_run):
        args.console.result(f"{'kept' if begun.existed else verb} {begun.path}")
    if not args.dry_run:
        has_entries = next((folder / ENTRIES).rglob(f"*{SUFFIX}"), None) is not None
        args.console.note(_NEXT_OF_OLD if has_entries else _NEXT)
    return 0
