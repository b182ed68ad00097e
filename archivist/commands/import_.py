"""`archivist import`: bring another archive in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_dry_run, add_output
from archivist.commands.session import deliver, here, now, workspace
from archivist.importing import FORMS, import_archive
from archivist.importing.report import as_json, as_text

USAGE = "SOURCE"
DESCRIPTION = (
    "Bring in the entries of another archive: a folder, a git repository or a git bundle. What a "
    "repository has committed comes with its authors and dates, and is merged into the current "
    "branch. A versions repository of Open Terms Archive is known by its layout and subjects, and "
    "becomes entries of layout policy. Files that do not begin with front matter are left out; an "
    "entry of yours that has another text is left alone."
)
EXAMPLES = """\
  archivist import ../other-archive
  archivist import --dry-run codes.bundle
  archivist import --no-history ~/policies
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the source and the options."""
    parser.add_argument("source", metavar="SOURCE", help="a folder, a git repository or a bundle")
    parser.add_argument(
        "--no-history", action="store_true", help="import the last state only, as one commit"
    )
    parser.add_argument(
        "--as", dest="form", choices=FORMS, default="auto", help="what SOURCE is (default: auto)"
    )
    add_dry_run(parser, "say what would be imported, write nothing")
    add_output(parser, ("text", "json"))


def run(args: Namespace) -> int:
    """Import and report; 1 if an entry could not be imported."""
    results = import_archive(
        workspace(args).root,
        here(args) / args.source,
        history=not args.no_history,
        form=args.form,
        dry_run=args.dry_run,
        when=now(args).isoformat() if getattr(args, "now", None) else None,
    )
    json = args.format == "json"
    deliver(args, as_json(results) if json else as_text(results, dry_run=args.dry_run))
    return int(any(one.outcome == "failed" for one in results))
