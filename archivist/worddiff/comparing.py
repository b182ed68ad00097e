"""Comparing two texts: paragraphs, then sentences, then words."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from archivist.worddiff.cleanup import shared_tokens
from archivist.worddiff.comparison import Comparison, Hunk
from archivist.worddiff.edits import edited
from archivist.worddiff.hunks import Moved, Shared, hunks
from archivist.worddiff.matching import same_end, same_start
from archivist.worddiff.pairing import Group
from archivist.worddiff.passages import passages
from archivist.worddiff.relating import Relation, related
from archivist.worddiff.rewording import joined, marked
from archivist.worddiff.texts import Text

_WORD = re.compile(r"\S+")


def compare(a: str, b: str) -> Comparison:
    """The difference of two texts. Undecodable bytes may stand in them as surrogates."""
    if a == b:
        return Comparison((Hunk("equal", a),) if a else ())
    end_a, end_b = len(a.rstrip()), len(b.rstrip())
    if end_a and end_b and a[end_a:] != b[end_b:]:
        bodies = compare(a[:end_a], b[:end_b]).hunks
        return Comparison(tuple(joined(_ended(bodies, a[end_a:], b[end_b:]))))
    shared, gaps = passages(a, b)
    if not gaps:
        return Comparison(hunks(a, b, shared, [], []))
    found = related(a, b, gaps)
    if len(found.gaps) < len(gaps):
        starts, ends = [gap.a for gap in found.gaps], [0, *(gap.a_end for gap in found.gaps)]
        shared = [one for one in shared if ends[bisect(starts, one.a)] <= one.a]
    shared = sorted([*shared, *_shared(found)])
    moved = sorted(found.moved, key=lambda move: move.b)
    one, other = found.one, found.other
    gone = [Moved(*one.characters(move.a, move.size), n) for n, move in enumerate(moved, 1)]
    new = [Moved(*other.characters(move.b, move.size), n) for n, move in enumerate(moved, 1)]
    pieces = hunks(a, b, shared, sorted(gone), new)
    return Comparison(marked(pieces) if moved else pieces)


def _ended(found: tuple[Hunk, ...], old: str, new: str) -> list[Hunk]:
    """The hunks of two texts, and of the blanks that these end in: what changed there is told apart
    from them, so that a last newline changes nothing else.
    """
    stay = same_start(old, new)
    last = next((n for n, hunk in enumerate(reversed(found)) if hunk.op == "equal"), len(found))
    equal, changed = found[: len(found) - last], list(found[len(found) - last :])
    if stay:
        equal, changed = (*found, Hunk("equal", old[:stay])), []
    ends = (Hunk("delete", old[stay:]), Hunk("insert", new[stay:]))
    changed += [hunk for hunk in ends if hunk.text]
    return [*equal, *sorted(changed, key=lambda hunk: hunk.op)]


def _shared(found: Relation) -> Iterator[Shared]:
    """What sentences share that stay or were reworded."""
    one, other = found.one, found.other
    for block in found.anchors:
        if not block.size:
            continue
        a, a_end = one.characters(block.a, block.size)
        b, b_end = other.characters(block.b, block.size)
        if one.text[a:a_end] == other.text[b:b_end]:
            yield Shared(a, b, a_end - a)
            continue
        for n in range(block.size):
            yield from _same_sentence(one, other, block.a + n, block.b + n)
    for group in found.groups:
        yield from _reworded(found.one, found.other, group)


def _same_sentence(one: Text, other: Text, i: int, j: int) -> Iterator[Shared]:
    """A sentence that stays, word by word where its blanks do not."""
    (a, a_end), (b, b_end) = one.spans[i], other.spans[j]
    if one.text[a:a_end] == other.text[b:b_end]:
        yield Shared(a, b, a_end - a)
        return
    in_a = _WORD.finditer(one.text, a, a_end)
    for x, y in zip(in_a, _WORD.finditer(other.text, b, b_end), strict=True):
        yield Shared(x.start(), y.start(), x.end() - x.start())


def _reworded(one: Text, other: Text, group: Group) -> Iterator[Shared]:
    """The words that sentences have in common which are wordings of each other."""
    from_a, to_a = one.characters(group.a, group.a_end - group.a)
    from_b, to_b = other.characters(group.b, group.b_end - group.b)
    old, new = one.text[from_a:to_a], other.text[from_b:to_b]
    found = edited(old, new, from_a, from_b, paired=True)
    if found:
        yield from found.shared()
        return
    start, end = _edges(old, new)
    if start:
        yield Shared(from_a, from_b, start)
    in_a, in_b = (from_a + start, to_a - end), (from_b + start, to_b - end)
    yield from shared_tokens(one.text, in_a, other.text, in_b, sure=start + end > 0)
    if end:
        yield Shared(to_a - end, to_b - end, end)


def _edges(a: str, b: str) -> tuple[int, int]:
    """How many characters of whole words two wordings begin and end with that are the same; 0, 0
    if that is less than most of them: then it is not sure that they stay.
    """
    start = a.rfind(" ", 0, same_start(a, b)) + 1
    end = same_end(a[start:], b[start:])
    blank = a.find(" ", len(a) - end)
    end = len(a) - blank - 1 if blank >= 0 else 0
    return (start, end) if 2 * (start + end) > max(len(a), len(b)) else (0, 0)
