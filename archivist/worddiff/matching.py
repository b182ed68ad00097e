"""What two sequences have in common, in order: exactly where that is cheap, else nearly."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

_CELLS = 1 << 25  # of the table of a longest common subsequence: a bit each, 4 MB
_WINDOW = 4096  # elements that are compared at a time where the table would be larger


class Block(NamedTuple):
    """`size` elements that both sequences share, from `a` in the one and `b` in the other."""

    a: int
    b: int
    size: int


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    """A longest common subsequence of two sequences, as runs of equal elements.

    Of very long ones it is put together of windows, and may not be the longest.
    """
    start = shared_start(a, b)
    end = shared_end(a, b, start)
    blocks = [Block(0, 0, start)] if start else []
    within_a, within_b = a[start : len(a) - end], b[start : len(b) - end]
    if within_a and within_b:
        inner = _windows(within_a, within_b)
        blocks += [Block(one.a + start, one.b + start, one.size) for one in inner]
    if end:
        blocks.append(Block(len(a) - end, len(b) - end, end))
    return blocks


def shared_start(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """How many elements are the same from the beginning on."""
    most = min(len(a), len(b))
    return next((place for place in range(most) if a[place] != b[place]), most)


def shared_end(a: Sequence[Hashable], b: Sequence[Hashable], start: int = 0) -> int:
    """How many elements are the same up to the end, behind the first `start`."""
    most = min(len(a), len(b)) - start
    last_a, last_b = len(a) - 1, len(b) - 1
    return next((n for n in range(most) if a[last_a - n] != b[last_b - n]), most)


def _windows(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Block]:
    if len(a) * len(b) <= _CELLS:
        yield from _longest(a, b)
        return
    parts = -(-max(len(a), len(b)) // _WINDOW)
    for part in range(parts):
        from_a, to_a = len(a) * part // parts, len(a) * (part + 1) // parts
        from_b, to_b = len(b) * part // parts, len(b) * (part + 1) // parts
        for one in _longest(a[from_a:to_a], b[from_b:to_b]):
            yield Block(one.a + from_a, one.b + from_b, one.size)


def _longest(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Block]:
    from rapidfuzz.distance import LCSseq  # an import that most commands can do without

    for one in LCSseq.editops(a, b).as_matching_blocks():
        if one.size:
            yield Block(one.a, one.b, one.size)
