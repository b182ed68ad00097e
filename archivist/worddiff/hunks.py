"""From the passages that two texts share to the hunks that make up both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from archivist.worddiff.comparison import Hunk, Op


class Shared(NamedTuple):
    """`size` characters that are the same in both texts, from `a` in the one, `b` in the other."""

    a: int
    b: int
    size: int


class Moved(NamedTuple):
    """The characters `start:end` of one text that belong to the move of this number."""

    start: int
    end: int
    number: int


def hunks(
    a: str, b: str, shared: Iterable[Shared], gone: list[Moved], new: list[Moved]
) -> tuple[Hunk, ...]:
    """The hunks of two texts; `shared` and both lists of moves are in order and do not overlap.

    Blanks at the edge of a change that are the same in both texts stay.
    """
    pieces = _Pieces(a, b, gone, new)
    for to_a, to_b, size in shared:
        if size:
            if to_a > pieces.at_a or to_b > pieces.at_b:
                pieces.change(to_a, to_b)
            pieces.at_a, pieces.at_b = to_a + size, to_b + size
    if pieces.at_a < len(a) or pieces.at_b < len(b):
        pieces.change(len(a), len(b))
    if pieces.since < len(a):
        pieces.found.append(Hunk("equal", a[pieces.since :]))
    return tuple(pieces.found)


class _Pieces:
    """Where we are in both texts, and what was found up to there, but for what stays since."""

    def __init__(self, a: str, b: str, gone: list[Moved], new: list[Moved]) -> None:
        self.a, self.b = a, b
        self.at_a = self.at_b = 0
        self.since = 0  # in the first text
        self.gone, self.new = gone[::-1], new[::-1]
        self.found: list[Hunk] = []

    def change(self, to_a: int, to_b: int) -> None:
        """What stands before these places was deleted and inserted."""
        at_a, at_b = self.at_a, self.at_b
        if at_a < to_a and at_b < to_b:
            if self.a[at_a] == self.b[at_b]:
                lead = _blanks(self.a, self.b, (at_a, to_a), (at_b, to_b), 1)
                at_a, at_b = at_a + lead, at_b + lead
            if self.a[to_a - 1] == self.b[to_b - 1]:
                tail = _blanks(self.a, self.b, (at_a, to_a), (at_b, to_b), -1)
                to_a, to_b = to_a - tail, to_b - tail
            if at_a == to_a and at_b == to_b:
                return
        if self.since < at_a:
            self.found.append(Hunk("equal", self.a[self.since : at_a]))
        if self.gone:
            self._cut("delete", at_a, to_a)
        elif at_a < to_a:
            self.found.append(Hunk("delete", self.a[at_a:to_a]))
        if self.new:
            self._cut("insert", at_b, to_b)
        elif at_b < to_b:
            self.found.append(Hunk("insert", self.b[at_b:to_b]))
        self.since = to_a

    def _cut(self, op: Op, at: int, end: int) -> None:
        """Cut what changed at the edges of moves."""
        text, moves = (self.a, self.gone) if op == "delete" else (self.b, self.new)
        while moves and moves[-1].start < end:
            start, stop, name = moves.pop()
            if at < start:
                self.found.append(Hunk(op, text[at:start]))
            stop = min(stop, end)
            at = max(start, at)
            if at < stop:
                self.found.append(Hunk(op, text[at:stop], name))
                at = stop
        if at < end:
            self.found.append(Hunk(op, text[at:end]))


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
