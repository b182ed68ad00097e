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
    pieces.change(len(a), len(b))
    pieces.keep(len(a))
    return tuple(pieces.found)


class _Pieces:
    """Where we are in both texts, and what was found up to there, but for what stays since."""

    def __init__(self, a: str, b: str, gone: list[Moved], new: list[Moved]) -> None:
        self.a, self.b = a, b
        self.at_a = self.at_b = 0
        self.since = 0  # in the first text
        self.gone, self.new = gone, new
        self.next_gone = self.next_new = 0
        self.found: list[Hunk] = []

    def keep(self, to_a: int) -> None:
        """What stays, up to here, is a hunk."""
        if self.since < to_a:
            self.found.append(Hunk("equal", self.a[self.since : to_a]))

    def change(self, to_a: int, to_b: int) -> None:
        """What stands before these places was deleted and inserted."""
        at_a, at_b = self.at_a, self.at_b
        if at_a < to_a and at_b < to_b:
            lead = _blanks(self.a, self.b, (at_a, to_a), (at_b, to_b), 1)
            at_a, at_b = at_a + lead, at_b + lead
            tail = _blanks(self.a, self.b, (at_a, to_a), (at_b, to_b), -1)
            to_a, to_b = to_a - tail, to_b - tail
        if at_a == to_a and at_b == to_b:
            return
        self.keep(at_a)
        if at_a < to_a:
            self.next_gone = self._cut("delete", self.a, at_a, to_a, self.gone, self.next_gone)
        if at_b < to_b:
            self.next_new = self._cut("insert", self.b, at_b, to_b, self.new, self.next_new)
        self.since = to_a

    def _cut(self, op: Op, text: str, at: int, end: int, moves: list[Moved], number: int) -> int:
        """Cut what changed at the edges of moves; returns the first move behind it."""
        while number < len(moves) and moves[number].start < end:
            start, stop, name = moves[number]
            if at < start:
                self.found.append(Hunk(op, text[at:start]))
            stop = min(stop, end)
            at = max(start, at)
            if at < stop:
                self.found.append(Hunk(op, text[at:stop], name))
                at = stop
            number += 1
        if at < end:
            self.found.append(Hunk(op, text[at:end]))
        return number


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
