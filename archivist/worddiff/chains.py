"""The heaviest chain: of links between two sequences, those that do not cross and weigh most."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

_WEIGHED = 20_000  # links; of more, the longest chain is taken instead, which costs a tenth


class Link(NamedTuple):
    """An element of one sequence, one of another, and what it is worth to keep them together."""

    a: int
    b: int
    weight: float


def heaviest(links: Sequence[Link]) -> list[Link]:
    """The chain of the greatest weight: `a` and `b` both grow from link to link."""
    ordered = sorted(links, key=lambda link: (link.a, -link.b))
    if all(x.a < y.a and x.b < y.b for x, y in itertools.pairwise(ordered)):
        return ordered
    return _longest(ordered) if len(ordered) > _WEIGHED else _heaviest(ordered)


def _heaviest(ordered: list[Link]) -> list[Link]:
    """By a Fenwick tree over `b` that keeps the heaviest chain ending at or before each place.

    (Fenwick, "A new data structure for cumulative frequency tables", 1994, with maxima for sums.)
    """
    rank = {b: place for place, b in enumerate(sorted({link.b for link in ordered}), 1)}
    best = [(0.0, -1)] * (len(rank) + 1)
    before: list[int] = []
    for number, link in enumerate(ordered):
        place = rank[link.b] - 1
        top = (0.0, -1)
        while place:
            top = max(top, best[place])
            place &= place - 1
        before.append(top[1])
        place, here = rank[link.b], (top[0] + link.weight, number)
        while place < len(best):
            best[place] = max(best[place], here)
            place += place & -place
    return _traced(ordered, before, max(range(len(best)), key=lambda i: best[i]), best)


def _traced(
    ordered: list[Link], before: list[int], top: int, best: list[tuple[float, int]]
) -> list[Link]:
    number, chain = best[top][1], []
    while number >= 0:
        chain.append(ordered[number])
        number = before[number]
    return chain[::-1]


def _longest(ordered: list[Link]) -> list[Link]:
    """By patience: the smallest last `b` of a chain of each length."""
    lasts: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, link in enumerate(ordered):
        place = bisect_left(lasts, link.b)
        before.append(ends[place - 1] if place else -1)
        lasts[place : place + 1] = [link.b]
        ends[place : place + 1] = [number]
    number, chain = ends[-1], []
    while number >= 0:
        chain.append(ordered[number])
        number = before[number]
    return chain[::-1]
