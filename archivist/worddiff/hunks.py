"""From the passages that two texts share to the hunks that make up both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    for one in shared:
        pieces.change(one.a, one.b)
        pieces.keep(one.size)
    pieces.change(len(a), len(b))
    return tuple(_joined(pieces.found))


class _Pieces:
    """Where we are in both texts, and what was found up to there."""

    def __init__(self, a: str, b: str, gone: list[Moved], new: list[Moved]) -> None:
        self.a, self.b = a, b
        self.at_a = self.at_b = 0
        self.gone, self.new = gone, new
        self.next_gone = self.next_new = 0
        self.found: list[Hunk] = []

    def keep(self, size: int) -> None:
        """The next characters are the same."""
        if not size:
            return
        self.found.append(Hunk("equal", self.a[self.at_a : self.at_a + size]))
        self.at_a += size
        self.at_b += size

    def change(self, to_a: int, to_b: int) -> None:
        """What stands before these places was deleted and inserted."""
        if to_a == self.at_a and to_b == self.at_b:
            return
        self.keep(_blanks(self.a, self.b, (self.at_a, to_a), (self.at_b, to_b), 1))
        tail = _blanks(self.a, self.b, (self.at_a, to_a), (self.at_b, to_b), -1)
        self.next_gone = self._cut("delete", self.a, (self.at_a, to_a - tail), self.next_gone)
        self.next_new = self._cut("insert", self.b, (self.at_b, to_b - tail), self.next_new)
        self.at_a, self.at_b = to_a - tail, to_b - tail
        self.keep(tail)

    def _cut(self, op: Op, text: str, span: tuple[int, int], number: int) -> int:
        """Cut what changed at the edges of moves; returns the first move behind it."""
        moves = self.gone if op == "delete" else self.new
        at, end = span
        while number < len(moves) and moves[number].start < end:
            move = moves[number]
            if at < move.start:
                self.found.append(Hunk(op, text[at : move.start]))
            stop = min(move.end, end)
            self.found.append(Hunk(op, text[max(move.start, at) : stop], move.number))
            at = max(stop, at)
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


def _joined(found: Iterable[Hunk]) -> Iterator[Hunk]:
    """Neighbours of one kind as one, empty ones left out."""
    run: list[str] = []
    last: Hunk | None = None
    for hunk in found:
        if not hunk.text:
            continue
        if last and last.op == hunk.op and last.move == hunk.move:
            run.append(hunk.text)
            continue
        if last:
            yield Hunk(last.op, "".join(run), last.move)
        last, run = hunk, [hunk.text]
    if last:
        yield Hunk(last.op, "".join(run), last.move)
