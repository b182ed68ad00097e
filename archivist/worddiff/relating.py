"""How the sentences of two texts are related: which stay, which have moved, which were reworded."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from archivist.worddiff import moves
from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.hunks import Gap
from archivist.worddiff.matching import Block, common, once
from archivist.worddiff.moves import Move
from archivist.worddiff.pairing import Group, pairs
from archivist.worddiff.texts import Text
from archivist.words import runs_on
from archivist.words import size as size_of


class Relation(NamedTuple):
    """Two texts, and the gaps in which they differ; the sentences that stay there, have moved, or
    are wordings of each other.
    """

    one: Text
    other: Text
    gaps: list[Gap]
    anchors: list[Block]
    moved: list[Move]
    groups: list[Group]


def related(a: str, b: str, gaps: list[Gap]) -> Relation:
    """The relation of the sentences in these gaps; they stay and are reworded within one gap only,
    but move from any to any other. A gap may have become wider.
    """
    found = _same(a, b, gaps)
    wider = _wider(found)
    if len(wider) < len(gaps):
        found = _same(a, b, wider)
    found.groups.extend(_groups(found))
    found.moved.extend(_reworded_moves(found))
    return found


def _same(a: str, b: str, gaps: list[Gap]) -> Relation:
    """The sentences that are the same in both texts, there or elsewhere."""
    known: dict[str, int] = {}
    one, other = Text(a, known), Text(b, known)
    parts: list[tuple[int, int, int, int]] = []
    for gap in gaps:
        if parts:  # what stands on both sides of a gap's end does not move as one
            one.read_nothing(gap.a)
            other.read_nothing(gap.b)
        i, j = len(one.keys), len(other.keys)
        one.read(gap.a, gap.a_end)
        other.read(gap.b, gap.b_end)
        parts.append((i, len(one.keys), j, len(other.keys)))
    is_measured = runs_on(a) or runs_on(b)
    sizes = [size_of(key) if is_measured else key.count(" ") + 1 for key in known]
    anchors: list[Block] = []
    for i, to_i, j, to_j in parts:
        for place, other_place, size in _anchors(one.keys[i:to_i], other.keys[j:to_j], sizes):
            anchors.append(Block(i + place, j + other_place, size))
        anchors.append(Block(to_i, to_j, int(to_i < len(one.keys))))
    moved = moves.same(*one.left(other, anchors), one.keys, other.keys, sizes)
    return Relation(one, other, gaps, anchors, moved, [])


def _wider(found: Relation) -> list[Gap]:
    """The gaps, but as one if a sentence has moved from the first to the last of them that is
    longer than all that stays between: then it is rather that which has moved.
    """
    gaps = found.gaps
    if len(gaps) < 2:
        return gaps
    starts_a, starts_b = [gap.a for gap in gaps], [gap.b for gap in gaps]
    between = [after.a - before.a_end for before, after in pairwise(gaps)]
    stays = [0, *accumulate(between)]
    joined: set[int] = set()
    for move in found.moved:
        a, a_end = found.one.characters(move.a, move.size)
        b, _ = found.other.characters(move.b, move.size)
        first, last = sorted((bisect(starts_a, a) - 1, bisect(starts_b, b) - 1))
        if stays[last] - stays[first] < a_end - a:
            joined.update(range(first, last))
    wider = list(gaps[:1])
    for number, gap in enumerate(gaps[1:]):
        if number in joined:
            wider[-1] = wider[-1]._replace(a_end=gap.a_end, b_end=gap.b_end)
        else:
            wider.append(gap)
    return wider


def _anchors(a: list[int], b: list[int], sizes: list[int]) -> list[Block]:
    """The sentences that stay: first those that stand once in each text, then what lies between.

    Where their order differs, those stay that have more words; the others have moved.
    """
    once_a, once_b = once(a), once(b)
    chain = heaviest(
        [Link(i, once_b[key], sizes[key]) for key, i in once_a.items() if key in once_b]
    )
    found: list[Block] = []
    at_a = at_b = 0
    for i, j in [*((link.a, link.b) for link in chain), (len(a), len(b))]:
        if at_a < i and at_b < j:
            between = common(a[at_a:i], b[at_b:j])
            found += [Block(one.a + at_a, one.b + at_b, one.size) for one in between]
        found.append(Block(i, j, 1))
        at_a, at_b = i + 1, j + 1
    return found[:-1]


def _groups(found: Relation) -> Iterator[Group]:
    """Between the anchors: the sentences that are wordings of each other."""
    one, other, _, anchors, moved, _ = found
    away_a = {i for move in moved for i in range(move.a, move.a + move.size)}
    away_b = {j for move in moved for j in range(move.b, move.b + move.size)}
    at_a = at_b = 0
    for block in anchors:
        if at_a < block.a and at_b < block.b:
            in_a = [[] if i in away_a else one.words(i) for i in range(at_a, block.a)]
            in_b = [[] if j in away_b else other.words(j) for j in range(at_b, block.b)]
            for group in pairs(in_a, in_b):
                yield Group(group.a + at_a, group.a_end + at_a, group.b + at_b, group.b_end + at_b)
        at_a, at_b = block.a + block.size, block.b + block.size


def _reworded_moves(found: Relation) -> list[Move]:
    """The sentences that stand elsewhere in nearly the same words."""
    one, other, _, anchors, moved, groups = found
    gone, new = one.left(other, anchors, moved)
    paired_a = {i for group in groups for i in range(group.a, group.a_end)}
    paired_b = {j for group in groups for j in range(group.b, group.b_end)}
    return moves.reworded(
        {i: one.words(i) for i in gone if i not in paired_a},
        {j: other.words(j) for j in new if j not in paired_b},
    )
