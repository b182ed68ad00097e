"""From the passages in which two texts differ to the hunks that make up both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from archivist.worddiff.comparison import Hunk, Op

Change = tuple[int, int, int, int]  # as a `Gap`: what stood there gave way to what stands there now


class Gap(NamedTuple):
    """Characters `a:a_end` of the one text that stand where `b:b_end` of the other do."""

    a: int
    a_end: int
    b: int
    b_end: int


class Part(NamedTuple):
    """A gap, and what changed in it."""

    gap: Gap
    changes: Sequence[Change]


class Moved(NamedTuple):
    """The characters `start:end` of one text that belong to the move of this number."""

    start: int
    end: int
    number: int


def hunks(
    a: str, b: str, changes: Iterable[Change], gone: list[Moved], new: list[Moved]
) -> tuple[Hunk, ...]:
    """The hunks of two texts; changes and both lists of moves are in order and do not overlap, nor
    do changes touch.
    """
    found: list[Hunk] = []
    gone, new = gone[::-1], new[::-1]
    since = 0
    for at_a, to_a, at_b, to_b in changes:
        if since < at_a:
            found.append(Hunk("equal", a[since:at_a]))
        if at_a < to_a:
            found += (
                _cut("delete", a, at_a, to_a, gone) if gone else (Hunk("delete", a[at_a:to_a]),)
            )
        if at_b < to_b:
            found += _cut("insert", b, at_b, to_b, new) if new else (Hunk("insert", b[at_b:to_b]),)
        since = to_a
    if since < len(a):
        found.append(Hunk("equal", a[since:]))
    return tuple(found)


def trimmed(a: str, b: str, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes without the blanks at their edges that stay; those that touch are one."""
    at_a = to_a = at_b = to_b = 0
    for x, x_end, y, y_end in chain(changes, [(-1, -1, -1, -1)]):
        if x == to_a and y == to_b:
            to_a, to_b = x_end, y_end
            continue
        if at_a < to_a and at_b < to_b:
            if a[at_a] == b[at_b] and a[at_a].isspace():
                lead = _blanks(a, b, (at_a, to_a), (at_b, to_b), 1)
                at_a, at_b = at_a + lead, at_b + lead
            if a[to_a - 1] == b[to_b - 1] and a[to_a - 1].isspace():
                tail = _blanks(a, b, (at_a, to_a), (at_b, to_b), -1)
                to_a, to_b = to_a - tail, to_b - tail
        if at_a < to_a or at_b < to_b:
            yield at_a, to_a, at_b, to_b
        at_a, to_a, at_b, to_b = x, x_end, y, y_end


def _cut(op: Op, text: str, at: int, end: int, moves: list[Moved]) -> list[Hunk]:
    """What changed, cut at the edges of moves, which are taken from the end of their list."""
    found: list[Hunk] = []
    while moves and moves[-1].start < end:
        start, stop, name = moves.pop()
        if at < start:
            found.append(Hunk(op, text[at:start]))
        stop = min(stop, end)
        at = max(start, at)
        if at < stop:
            found.append(Hunk(op, text[at:stop], name))
            at = stop
    if at < end:
        found.append(Hunk(op, text[at:end]))
    return found


def _blanks(a: str, b: str, in_a: tuple[int, int], in_b: tuple[int, int], step: int) -> int:
    """How many blanks two passages have in common, at their beginning or (step -1) their end."""
    most = min(in_a[1] - in_a[0], in_b[1] - in_b[0])
    from_a, from_b = (in_a[0], in_b[0]) if step > 0 else (in_a[1] - 1, in_b[1] - 1)
    number = 0
    while number < most:
        char = a[from_a + step * number]
        if not char.isspace() or char != b[from_b + step * number]:
            break
        number += 1
    return number
