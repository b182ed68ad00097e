"""The words that changed as a passage moved: they came and went, and did not move."""

from __future__ import annotations

from itertools import chain

from archivist.worddiff.cleanup import changed
from archivist.worddiff.edits import edited
from archivist.worddiff.hunks import Gap, Moved, trimmed


def moved(a: str, b: str, gap: Gap, number: int) -> tuple[list[Moved], list[Moved]]:
    """What stayed the same of the passages that stand in a gap, as parts of the move of this
    number: in the first text, and in the second.
    """
    old, new = a[gap.a : gap.a_end], b[gap.b : gap.b_end]
    if old == new or old.split() == new.split():
        return [Moved(gap.a, gap.a_end, number)], [Moved(gap.b, gap.b_end, number)]
    found = edited(a, b, gap)
    changes = found.changes if found else changed(a, b, gap, sure=True)
    gone: list[Moved] = []
    came: list[Moved] = []
    at_a, at_b = gap.a, gap.b
    for to_a, end_a, to_b, end_b in chain(trimmed(a, b, changes), [(gap.a_end, 0, gap.b_end, 0)]):
        if at_a < to_a:
            _add(gone, at_a, to_a, number)
            _add(came, at_b, to_b, number)
        at_a, at_b = end_a, end_b
    return gone, came


def _add(pieces: list[Moved], start: int, end: int, number: int) -> None:
    """Add a piece; as one with the last if it begins where that ends."""
    if pieces and pieces[-1].end == start:
        start = pieces.pop().start
    pieces.append(Moved(start, end, number))
