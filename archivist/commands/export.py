"""`archivist export`: the archive with its history, as one file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from archivist.commands.parser import add_dry_run
from archivist.commands.session import here, history_of
from archivist.console import counted, escape
from archivist.errors import UsageError
from archivist.exporting import Export, lines, prepare, write
from archivist.exporting.target import FORMATS, check_target, format_of

USAGE = "FILE"
DESCRIPTION = (
    "Write what is committed, with its whole history, to one file: an SQLite database, which "
    "Datasette opens as it is, or JSON Lines. The same commit gives the same bytes. An earlier "
    "export is replaced; any other file only with --force. Exits with 1 if some of it cannot be "
    "read."
)
EXAMPLES = """\
  archivist export archive.db
  archivist export archive.jsonl --force
  archivist export --format jsonl -
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the file and the options."""
    add = parser.add_argument
    add("file", metavar="FILE", help="where to write (- is stdout: JSON Lines only)")
    add("-f", "--format", choices=FORMATS, help="output (default: by the suffix of FILE)")
    add("--force", action="store_true", help="replace whatever file is there")
    add_dry_run(parser, "say what would be written, write nothing")


def run(args: Namespace) -> int:
    """Export and say how much; 1 if some texts cannot be read."""
    form = format_of(args.file, args.format)
    path = here(args) / args.file
    if args.file != "-":
        check_target(path, force=args.force)
    elif form == "sqlite":
        raise UsageError("a database cannot be written to stdout", "name a file")
    history = history_of(args)
    export = prepare(history)
    if not args.dry_run and args.file == "-":
        for line in lines(export):
            args.console.result(line)
            if not args.console.is_read:
                return 0
    elif not args.dry_run:
        write(export, path, form)
    args.console.note(_said(export, args))
    is_broken = any(one.lost for one in history.notes.cuts)
    return int(is_broken or export.lost.total() > 0)


def _said(export: Export, args: Namespace) -> str:
    versions = sum(len(one.versions) for one in export.stories)
    entries = counted(len(export.stories), "entry", "entries")
    count = f"{entries}, {counted(versions, 'version')}"
    if args.dry_run:
        return f"would write {escape(args.file)}: {count}"
    return f"wrote {escape(args.file)}: {count}"
