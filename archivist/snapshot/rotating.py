"""Parts of a page that change each time: does a text differ from the recorded one in these only?
Pure.

Two fetches of one day show which parts these are. Whatever both have must stand in the recorded
text, in its order, and the recorded text may have nothing besides but, where they differ, a part of
about their size: a sponsor of the day does not make up for a clause that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from archivist.worddiff.matching import common

_ROOM = 1.5  # how many times longer a whole line that rotates may have been before
_MOST = 16  # places in the recorded text that are followed at a time


class Stable(NamedTuple):
    """Words that both fetches have."""

    words: tuple[str, ...]


class Slot(NamedTuple):
    """A part in which they differ: how many words may stand there, and of how many whole lines it
    consists; 0 if it is a part of a line.
    """

    words: int
    lines: int = 0


Pattern = list[Stable | Slot]


def only_rotates(known: Sequence[str], one: Sequence[str], other: Sequence[str]) -> bool:
    """True if the recorded lines differ from both fetches in nothing but what these differ in."""
    lines = [line.split() for line in known]
    words = [word for line in lines for word in line]
    edges = [0, *accumulate(map(len, lines))]
    firsts = dict(zip(reversed(edges), range(len(edges) - 1, -1, -1), strict=True))
    places = [0]
    for part in _pattern(one, other):
        found = {end for place in places for end in _ends(part, place, words, (edges, firsts))}
        places = sorted(found)[:_MOST]
        if not places:
            return False
    return len(words) in places


def _ends(
    part: Stable | Slot, at: int, words: list[str], lines: tuple[list[int], dict[int, int]]
) -> Iterator[int]:
    """Where a part may end in the recorded words that begins there. `lines` are the places at which
    lines begin, and which line begins at a place.
    """
    edges, firsts = lines
    if isinstance(part, Stable):
        end = at + len(part.words)
        if tuple(words[at:end]) == part.words:
            yield end
    elif not part.lines:
        yield from range(at, min(at + part.words, len(words)) + 1)
    elif (first := firsts.get(at)) is not None:
        ends = edges[first : first + part.lines + 1]
        yield from (end for end in ends if end - at <= part.words)


def _pattern(one: Sequence[str], other: Sequence[str]) -> Pattern:
    """What both fetches have, and where they differ, in turn."""
    found: Pattern = []
    a = b = 0
    for block in common(one, other):
        found += _block(one[a : block.a], other[b : block.b])
        found += [Stable(tuple(line.split())) for line in one[block.a : block.a + block.size]]
        a, b = block.a + block.size, block.b + block.size
    return found + _block(one[a:], other[b:])


def _block(one: Sequence[str], other: Sequence[str]) -> Pattern:
    """The pattern of lines that stand between the same."""
    if len(one) == len(other):
        return [part for pair in zip(one, other, strict=True) for part in _line(*pair)]
    most = max(sum(len(line.split()) for line in lines) for lines in (one, other))
    return [Slot(int(most * _ROOM), max(len(one), len(other)))]


def _line(one: str, other: str) -> Pattern:
    """The pattern of two lines: a slot as a whole if they have less than half in common."""
    a, b = one.split(), other.split()
    blocks = common(a, b)
    most = max(len(a), len(b))
    if 2 * sum(block.size for block in blocks) < most:
        return [Slot(int(most * _ROOM), 1)]
    found: Pattern = []
    at_a = at_b = 0
    for block in blocks:
        found.append(Slot(max(block.a - at_a, block.b - at_b)))
        found.append(Stable(tuple(a[block.a : block.a + block.size])))
        at_a, at_b = block.a + block.size, block.b + block.size
    found.append(Slot(max(len(a) - at_a, len(b) - at_b)))
    return [part for part in found if not isinstance(part, Slot) or part.words]
