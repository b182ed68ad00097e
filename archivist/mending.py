"""Mending entries on disk: all fixes of an inspection, each file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import unified_diff
from functools import partial
from pathlib import Path

from archivist import files
from archivist.checking import Policy, check_entry
from archivist.diagnostic import Applicability
from archivist.errors import FileFailure
from archivist.fixing import Mended, mend
from archivist.inspection import Inspection
from archivist.workspace import bytes_of

_LIMIT = 20_000  # fixes of one rule in one round


def mended_entries(inspection: Inspection, policy: Policy, *, unsafe: bool) -> list[Mended]:
    """The inspected entries that fixes would change."""
    wanted = {Applicability.SAFE, *((Applicability.UNSAFE,) if unsafe else ())}
    paths = {one.path for one in inspection.found if one.fix and one.fix.applicability in wanted}
    policy = policy.without_crossing()
    check = partial(check_entry, context=inspection.context, policy=policy, limit=_LIMIT)
    fixed = (
        mend(entry, check, unsafe=unsafe) for entry in inspection.entries if entry.path in paths
    )
    return [one for one in fixed if one is not None]


def write_mended(root: Path, mended: list[Mended]) -> Iterator[tuple[Mended, FileFailure | None]]:
    """Write each mended file, if it still holds what was checked; yields what could not be."""
    written: set[str] = set()
    with files.locked(root):
        for one in mended:
            target = os.path.realpath(root / one.after.path)
            if target in written:
                continue  # a link to an entry that was mended just now
            written.add(target)
            before, after = bytes_of(one.before.text), bytes_of(one.after.text)
            try:
                files.write(root / one.after.path, after, expected=before)
                yield one, None
            except FileFailure as failure:
                yield one, failure


def diff(mended: Mended) -> str:
    """What a mend changes, as a unified diff."""
    path = mended.after.path
    before, after = _lines(mended.before.text), _lines(mended.after.text)
    lines = unified_diff(before, after, f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    pieces = text.split("\n")
    lines = [f"{piece}\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines
