"""Comparing two texts: paragraphs, then sentences, then words."""

from __future__ import annotations

import re
import sys
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import chain

from archivist.worddiff.cleanup import changed
from archivist.worddiff.comparison import Comparison, Hunk
from archivist.worddiff.edits import edited
from archivist.worddiff.hunks import Change, Gap, Moved, Part, hunks, trimmed
from archivist.worddiff.matching import same_end, same_start
from archivist.worddiff.pairing import Group
from archivist.worddiff.passages import passages
from archivist.worddiff.relating import Relation, related
from archivist.worddiff.rewording import moved
from archivist.worddiff.texts import Text

_FREE = 0xFDD0  # from here on, characters that are none
_WORD = re.compile(r"\S+")


def compare(a: str, b: str) -> Comparison:
    """The difference of two texts. Undecodable bytes may stand in them as surrogates."""
    if a == b:
        return Comparison((Hunk("equal", a),) if a else ())
    if "\0" in a or "\0" in b:
        return _with_nuls(a, b)
    end = _end(a, b)
    body_a, body_b = a[: end.a], b[: end.b]
    parts, gaps = passages(body_a, body_b)
    gone, new = list[Moved](), list[Moved]()
    if gaps:
        found = related(body_a, body_b, gaps)
        parts = sorted([*_outside(parts, found.gaps), *_parts(found)])
        gone, new = _moved(found)
    changes = list(trimmed(a, b, _changes(parts)))
    for x, x_end, y, y_end in trimmed(a, b, [end]):  # by itself: it changes nothing else
        touched = changes.pop() if changes and changes[-1][1::2] == (x, y) else (x, 0, y, 0)
        changes.append((touched[0], x_end, touched[2], y_end))
    return Comparison(hunks(a, b, changes, gone, new))


def _with_nuls(a: str, b: str) -> Comparison:
    """The difference of texts with NULs, which rapidfuzz takes for the same as an empty word: with
    a character in their place that neither text has.
    """
    used = {*a, *b}
    stand_in = next(char for char in map(chr, range(_FREE, sys.maxunicode)) if char not in used)
    found = compare(a.replace("\0", stand_in), b.replace("\0", stand_in))
    return Comparison(
        tuple(one._replace(text=one.text.replace(stand_in, "\0")) for one in found.hunks)
    )


def _end(a: str, b: str) -> Gap:
    """The blanks that two texts end in, if they differ."""
    end_a, end_b = len(a.rstrip()), len(b.rstrip())
    if not (end_a and end_b) or a[end_a:] == b[end_b:]:
        end_a, end_b = len(a), len(b)
    return Gap(end_a, len(a), end_b, len(b))


def _moved(found: Relation) -> tuple[list[Moved], list[Moved]]:
    """What has moved, in the first text and in the second; numbered as it stands in the second."""
    gone: list[Moved] = []
    new: list[Moved] = []
    one, other = found.one, found.other
    for number, move in enumerate(sorted(found.moved, key=lambda move: move.b), 1):
        gap = Gap(*one.characters(move.a, move.size), *other.characters(move.b, move.size))
        old, now = moved(one.text, other.text, gap, number)
        gone += old
        new += now
    return sorted(gone), new


def _outside(parts: list[Part], gaps: list[Gap]) -> Iterator[Part]:
    """The parts that stand in none of these gaps."""
    starts = [(gap.a, gap.b) for gap in gaps]
    for part in parts:
        (a, a_end, b, b_end), _ = part
        before = bisect(starts, (a, b)) - 1
        if before < 0 or a_end > gaps[before].a_end or b_end > gaps[before].b_end:
            yield part


def _parts(found: Relation) -> Iterator[Part]:
    """The gaps, and what changed in them beside the sentences that stay, and within these."""
    reworded = [_reworded(found.one, found.other, group) for group in found.groups]
    kept = sorted([*_same(found), *reworded], reverse=True)
    for gap in found.gaps:
        parts: list[Part] = []
        a, b = gap.a, gap.b
        while kept and kept[-1].gap.a < gap.a_end:
            part = kept.pop()
            parts += (_replaced(Gap(a, part.gap.a, b, part.gap.b)), part)
            _, a, _, b = part.gap
        parts.append(_replaced(Gap(a, gap.a_end, b, gap.b_end)))
        yield Part(gap, list(_changes(parts)))


def _changes(parts: Iterable[Part]) -> Iterator[Change]:
    return chain.from_iterable([part.changes for part in parts])


def _replaced(gap: Gap) -> Part:
    return Part(gap, [gap])


def _same(found: Relation) -> Iterator[Part]:
    """The sentences that stay, in which blanks may have changed."""
    one, other = found.one, found.other
    for block in found.anchors:
        if block.size:
            a, a_end = one.characters(block.a, block.size)
            b, b_end = other.characters(block.b, block.size)
            changes: list[Change] = []
            if one.text[a:a_end] != other.text[b:b_end]:
                for n in range(block.size):
                    changes += _blanks(one, other, block.a + n, block.b + n)
            if a < a_end:
                yield Part(Gap(a, a_end, b, b_end), changes)


def _blanks(one: Text, other: Text, i: int, j: int) -> Iterator[Change]:
    """The blanks around the words of a sentence that stays, if some of them changed."""
    (a, a_end), (b, b_end) = one.spans[i], other.spans[j]
    if one.text[a:a_end] == other.text[b:b_end]:
        return
    in_a = _WORD.finditer(one.text, a, a_end)
    for x, y in zip(in_a, _WORD.finditer(other.text, b, b_end), strict=True):
        yield a, x.start(), b, y.start()
        a, b = x.end(), y.end()
    yield a, a_end, b, b_end


def _reworded(one: Text, other: Text, group: Group) -> Part:
    """What changed in sentences that are wordings of each other."""
    a, a_end = one.characters(group.a, group.a_end - group.a)
    b, b_end = other.characters(group.b, group.b_end - group.b)
    gap = Gap(a, a_end, b, b_end)
    found = edited(one.text, other.text, gap)
    if found:
        return Part(gap, found.changes)
    start, end = _edges(one.text[a:a_end], other.text[b:b_end])
    within = Gap(a + start, a_end - end, b + start, b_end - end)
    return Part(gap, changed(one.text, other.text, within, sure=start + end > 0))


def _edges(a: str, b: str) -> tuple[int, int]:
    """How many characters of whole words two wordings begin and end with that are the same; 0, 0
    if that is less than most of them: then it is not sure that they stay.
    """
    start = a.rfind(" ", 0, same_start(a, b)) + 1
    end = same_end(a[start:], b[start:])
    blank = a.find(" ", len(a) - end)
    end = len(a) - blank - 1 if blank >= 0 else 0
    return (start, end) if 2 * (start + end) > max(len(a), len(b)) else (0, 0)
