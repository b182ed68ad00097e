"""What two sequences have in common, in order: exactly where that is cheap, else nearly."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

_CELLS = 1 << 25  # of the table of a longest common subsequence: a bit each, 4 MB
_WINDOW = 4096  # elements that are compared at a time where the table would be larger

_T = TypeVar("_T", bound=Hashable)


class Block(NamedTuple):
    """`size` elements that both sequences share, from `a` in the one and `b` in the other."""

    a: int
    b: int
    size: int


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Block]:
    """A longest common subsequence of two sequences, as runs of equal elements.

    Of very long ones it is put together of windows, and may not be the longest.
    """
    start = same_start(a, b)
    within_a, within_b = a[start:], b[start:]
    end = same_end(within_a, within_b)
    found = [Block(0, 0, start)] if start else []
    if end:
        within_a, within_b = within_a[:-end], within_b[:-end]
    if within_a and within_b:
        inner = _windows(within_a, within_b)
        found += [Block(one.a + start, one.b + start, one.size) for one in inner]
    if end:
        found.append(Block(len(a) - end, len(b) - end, end))
    return found


def same_start(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """How many elements are the same from the beginning on."""
    return int(_distances().Prefix.similarity(a, b))


def same_end(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """How many elements are the same up to the end."""
    return int(_distances().Postfix.similarity(a, b))


def once(elements: Iterable[_T]) -> dict[_T, int]:
    """The elements that occur once, and where."""
    places: dict[_T, int] = {}
    for place, element in enumerate(elements):
        places[element] = -1 if element in places else place
    return {element: place for element, place in places.items() if place >= 0}


def similarity(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """The length of a longest common subsequence; of very long ones as in `common`."""
    if len(a) * len(b) > _CELLS:
        return sum(one.size for one in common(a, b))
    return int(_distances().LCSseq.similarity(a, b))


def blocks(a: Sequence[Hashable], b: Sequence[Hashable]) -> Sequence[Block]:
    """A longest common subsequence as runs; the last one has no size, and is the end of both."""
    found: Sequence[Block] = _distances().LCSseq.editops(a, b).as_matching_blocks()
    return found


def _windows(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[Block]:
    if len(a) * len(b) <= _CELLS:
        yield from blocks(a, b)[:-1]
        return
    parts = -(-max(len(a), len(b)) // _WINDOW)
    for part in range(parts):
        from_a, to_a = len(a) * part // parts, len(a) * (part + 1) // parts
        from_b, to_b = len(b) * part // parts, len(b) * (part + 1) // parts
        for one in blocks(a[from_a:to_a], b[from_b:to_b])[:-1]:
            yield Block(one.a + from_a, one.b + from_b, one.size)


@cache
def _distances() -> Any:
    from rapidfuzz import distance  # an import that most commands can do without

    return distance
