"""Fixes on the command line: what `check --fix` says and does."""

from __future__ import annotations

import shlex
from argparse import Namespace
from pathlib import Path

from archivist.checking import Policy
from archivist.commands.session import deliver
from archivist.console import escape, escape_lines
from archivist.errors import FileChanged
from archivist.fixing import Mended
from archivist.inspection import Inspection
from archivist.mending import diff, mended_entries, write_mended

_FEW = 5  # files that one can be asked to name


def show_fixes(args: Namespace, inspection: Inspection, policy: Policy) -> int:
    """Print what would be mended as a diff; 1 if there is something to mend or an error left."""
    mended = mended_entries(inspection, policy, unsafe=args.unsafe_fixes)
    for one in mended:
        args.console.note(f"would fix {_said(one)}")
    if not mended:
        more = "" if args.unsafe_fixes else "; --unsafe-fixes may find some"
        args.console.note(f"nothing that --fix mends{more}")
    deliver(args, escape_lines("".join(diff(one) for one in mended)))
    return int(bool(mended or any(one.severity.value == "error" for one in inspection.found)))


def apply_fixes(
    args: Namespace, root: Path, inspection: Inspection, policy: Policy
) -> tuple[list[Mended], int]:
    """Write what can be mended and say so; what was written, and how many files could not be."""
    mended = mended_entries(inspection, policy, unsafe=args.unsafe_fixes)
    written: list[Mended] = []
    failed = 0
    for one, failure in write_mended(root, mended):
        if failure is None:
            written.append(one)
            args.console.note(f"fixed {_said(one)}")
        elif args.staged and isinstance(failure, FileChanged):
            failed += 1
            differs = f"{escape(one.after.path)} differs from what is staged, so it was not mended"
            args.console.error(differs, f"stage it as it is now, then again: {_staging([one])}")
        else:
            failed += 1
            args.console.error(failure.message, failure.hint)
    if written and args.staged:
        args.console.note(f"stage what was fixed: {_staging(written)}")
    return written, failed


def _staging(mended: list[Mended]) -> str:
    """The command that stages these files."""
    paths = [shlex.quote(escape(one.after.path)) for one in mended]
    return " ".join(["git add", *paths]) if len(paths) <= _FEW else "git add"


def _said(one: Mended) -> str:
    counts = ", ".join(f"{code} ×{n}" if n > 1 else code for code, n in one.counts)
    return f"{escape(one.after.path)}: {counts}"
