"""Fixes: edits that diagnostics carry, applied until nothing is left to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archivist.diagnostic import Applicability, Diagnostic, Edit, apply_edits
from archivist.entry import Entry

_EDGES = "\ufeff \t\r\n"
_ROUNDS = 60  # a fix may uncover another, and a check reports but so many


@dataclass(frozen=True, slots=True)
class Mended:
    """An entry before and after its fixes, and how often each code was mended."""

    before: Entry
    after: Entry
    counts: tuple[tuple[str, int], ...]


def mend(
    entry: Entry, check: Callable[[Entry], Iterable[Diagnostic]], *, unsafe: bool = False
) -> Mended | None:
    """The entry with all its safe fixes applied (and the unsafe ones, if wanted); None if there
    are none. Safe fixes never change the body but for the final newline.
    """
    counts: Counter[str] = Counter()
    current = entry
    for _ in range(_ROUNDS):
        chosen = _without_overlaps(check(current), unsafe)
        if not chosen:
            break
        edits = [edit for one in chosen if one.fix for edit in one.fix.edits]
        following = current._replace(text=apply_edits(current.text, edits))
        if not unsafe and not _same_body(current, following):
            break
        counts.update(one.code for one in chosen)
        current = following
    if current.text == entry.text:
        return None
    return Mended(entry, current, tuple(sorted(counts.items())))


def _without_overlaps(found: Iterable[Diagnostic], unsafe: bool) -> list[Diagnostic]:
    """The diagnostics whose fixes can be applied together, first come first served."""
    wanted = {Applicability.SAFE, *((Applicability.UNSAFE,) if unsafe else ())}
    taken: list[Edit] = []
    chosen = []
    fixable = [one for one in found if one.fix and one.fix.applicability in wanted]
    for one in sorted(fixable, key=_first_edit):
        edits = one.fix.edits if one.fix else ()
        if not any(_overlap(edit, other) for edit in edits for other in taken):
            taken += edits
            chosen.append(one)
    return chosen


def _first_edit(one: Diagnostic) -> tuple[int, int, str]:
    edits = one.fix.edits if one.fix else ()
    first = min((edit.start for edit in edits), default=0)
    last = max((edit.end for edit in edits), default=0)
    return first, last, one.code


def _overlap(one: Edit, other: Edit) -> bool:
    if one.start == one.end == other.start or other.start == other.end == one.start:
        return True
    return one.start < other.end and other.start < one.end


def _same_body(one: Entry, other: Entry) -> bool:
    """True if the policy's text is the same; of a file without front matter, the whole file."""
    if one.front.body_start and other.front.body_start:
        return one.body.rstrip("\n") == other.body.rstrip("\n")
    return one.text.strip(_EDGES) == other.text.strip(_EDGES)
