"""`archivist check`: validate entries, and mend them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from archivist import baseline, files
from archivist.checking import Policy, policy_of
from archivist.commands.parser import add_dry_run, add_output
from archivist.commands.rendering import render
from archivist.commands.session import codes, deliver, here, now, workspace
from archivist.console import Console, escape
from archivist.errors import NO_ANSWER, UsageError
from archivist.formats import FORMATS
from archivist.inspection import FolderSource, IndexSource, Inspection, Judged, Source, judge
from archivist.names import nearest
from archivist.repository.process import Repository
from archivist.staged import StagedArchive
from archivist.workspace import Workspace, entry_of, named_entries, path_in_archive

if TYPE_CHECKING:
    from archivist.fixing import Mended

USAGE = "[PATH …]"
DESCRIPTION = (
    "Validate entries: all of them, or the files and folders named. Rules about several entries "
    "always see the whole archive."
)
EXAMPLES = """\
  archivist check
  archivist check --fix --dry-run
  archivist check --select D,P --format json
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="entries, or folders of them")
    add("--staged", action="store_true", help="check what the next commit changes, and breaks")
    add("--fix", action="store_true", help="mend what needs no judgement")
    add(
        "--unsafe-fixes",
        action="store_true",
        help="mend what may change a text or its meaning, too",
    )
    add_dry_run(parser, "with a fix: show what would be mended, write nothing")
    add("--select", metavar="CODES", help="only these rules: codes or beginnings, comma-separated")
    add("--ignore", metavar="CODES", help="not these rules")
    add("--strict", action="store_true", help="let warnings fail the check, too")
    add("--write-baseline", action="store_true", help="record all findings as known debt")
    add("--stdin-filename", metavar="PATH", help="check stdin as if it were this entry")
    add_output(parser, FORMATS)


def run(args: Namespace) -> int:
    """Check, mend if wanted, print, and say whether something was found."""
    _refuse_contradictions(args)
    place = workspace(args)
    source = _source(args, place)
    policy = policy_of(source.settings.check, codes(args.select), codes(args.ignore))
    inspection = source.inspect(policy, now(args).date())
    if not (args.staged or args.paths or args.stdin_filename):
        _say_which_ignores_are_idle(args.console, source, inspection)
    if args.write_baseline:
        return _write_baseline(args.console, place, source, inspection)
    fixed: list[Mended] = []
    failed = 0
    if args.fix or args.unsafe_fixes:
        from archivist.commands.fixes import apply_fixes, show_fixes

        if args.dry_run:
            return show_fixes(args, inspection, policy)
        fixed, failed = apply_fixes(args, place.root, inspection, policy)
        inspection = source.after(inspection, fixed, policy)
    code = _report(args, source, policy, inspection, fixed)
    return NO_ANSWER if failed else code


def _report(
    args: Namespace, source: Source, policy: Policy, inspection: Inspection, fixed: list[Mended]
) -> int:
    mended = tuple((one.after.path, code, count) for one in fixed for code, count in one.counts)
    judged = judge(inspection, source, policy, mended)
    _say_what_is_paid_off(args.console, judged)
    report = judged.report._replace(staged=args.staged)
    deliver(args, render(args.format, report, args.console, args.output == "-"))
    return int(bool(report.errors or (args.strict and report.warnings)))


def _say_what_is_paid_off(console: Console, judged: Judged) -> None:
    for path, code, count in judged.paid_off:
        console.detail(f"paid off: {escape(path)} {code} ×{count}")
    total = sum(count for *_, count in judged.paid_off)
    if total:
        findings = f"{total} finding{'s' if total > 1 else ''}"
        console.note(f"paid off: {findings} of the baseline; --write-baseline records it")


def _say_which_ignores_are_idle(console: Console, source: Source, inspection: Inspection) -> None:
    """Name the entries of `[[check.ignore]]` that do not exist."""
    ids = {entry.id for entry in inspection.entries}
    for one in source.settings.check.ignore:
        if one.entry not in ids:
            near = nearest(one.entry.rpartition("/")[2].removesuffix(".md"), ids)
            meant = f"; did you mean `{near}`?" if near else ""
            where = source.settings.source
            console.note(f"{where}: check.ignore names no entry: `{escape(one.entry)}`{meant}")


def _refuse_contradictions(args: Namespace) -> None:
    fixing = args.fix or args.unsafe_fixes
    for wrong, message in (
        (args.dry_run and not fixing, "--dry-run needs --fix or --unsafe-fixes"),
        (args.staged and args.paths, "--staged checks what is staged: name no files with it"),
        (args.staged and args.stdin_filename, "--staged and --stdin-filename exclude each other"),
        (args.stdin_filename and fixing, "what comes from stdin cannot be mended in place"),
        (
            args.write_baseline and (args.staged or args.paths or fixing or args.select),
            "--write-baseline records the whole archive as it is: no files, rules or fixes with it",
        ),
    ):
        if wrong:
            raise UsageError(message)


def _source(args: Namespace, place: Workspace) -> Source:
    if args.staged:
        return IndexSource(StagedArchive(Repository(place.root, hook_environment=True)))
    if args.stdin_filename:
        path = path_in_archive(place.root, args.stdin_filename, here(args))
        data = sys.stdin.buffer.read(files.MAX_SIZE + 1)
        obstacle = "too-large" if len(data) > files.MAX_SIZE else None
        return FolderSource(place, (path,), entry_of(path, b"" if obstacle else data, obstacle))
    paths = named_entries(place.root, args.paths, here(args)) if args.paths else None
    return FolderSource(place, paths)


def _write_baseline(
    console: Console, place: Workspace, source: Source, inspection: Inspection
) -> int:
    name = source.settings.check.baseline
    counts = baseline.count(inspection.found)
    with files.locked(place.root):
        files.write(place.root / name, baseline.dump(counts).encode())
    console.note(f"wrote {escape(name)}: {sum(counts.values())} findings are known debt now")
    console.note("commit it with the archive: the hook takes what is staged")
    return 0
