"""Paragraphs that stay, and those that were edited in their place: what need not be cut into
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.edits import Edited, edited
from archivist.worddiff.hunks import Gap, Part
from archivist.worddiff.matching import once, same_end, same_start
from archivist.words import runs_on, shingles, words
from archivist.words import size as size_of

_PARAGRAPH = "\n\n"
_LEAST = 7  # words; shorter paragraphs are compared with their neighbours
_PATIENCE = 2  # paragraphs more that may have changed much than those that did not
_MOVED = 2  # pairs of words that a passage must have in common with the place that it may stand in

_Pairs = set[tuple[str, ...]]


class _Place(NamedTuple):
    """A gap, and what changed in it; None if its sentences must be compared."""

    gap: Gap
    found: Edited | None


def passages(a: str, b: str) -> tuple[list[Part], list[Gap]]:
    """What changed in the paragraphs that were edited where they stand; and the gaps between them,
    in which sentences must be compared.
    """
    places = list(_Paragraphs(a, b).places())
    gaps = _gaps(a, b, places)
    joined = list(_joined(gaps))
    if joined != gaps or not all(found for _, found in places):
        # As one; what only came or went must still be looked for elsewhere.
        again = [_Place(gap, edited(a, b, gap)) for gap in joined]
        places = sorted([*_without(places, gaps), *again], key=lambda place: place.gap)
        gaps = _gaps(a, b, places)
    return [Part(gap, found.changes) for gap, found in _without(places, gaps) if found], gaps


def _without(places: list[_Place], gaps: Iterable[Gap]) -> list[_Place]:
    """The places that are none of these gaps."""
    open_ = frozenset(gaps)
    return [place for place in places if place.gap not in open_]


def _gaps(a: str, b: str, places: Sequence[_Place]) -> list[Gap]:
    """Where sentences must be compared: as too little stayed there, or to find what has moved."""
    open_ = [gap for gap, found in places if not found]
    came = [text for _, found in places if found for text in found.came]
    went = [text for _, found in places if found for text in found.went]
    if not ((came and went) or (open_ and (came or went))):
        return open_
    there = _pairs([*went, *(a[gap.a : gap.a_end] for gap in open_)])
    here = _pairs([*came, *(b[gap.b : gap.b_end] for gap in open_)])
    return [
        gap
        for gap, found in places
        if not found or _may_move(found.came, there) or _may_move(found.went, here)
    ]


def _pairs(passages: Iterable[str]) -> _Pairs:
    """The pairs of words that follow each other."""
    return {pair for passage in passages for pair in shingles(words(passage), 2)}


def _may_move(passages: Sequence[str], other: _Pairs) -> bool:
    return any(len(_pairs([passage]) & other) >= _MOVED for passage in passages)


def _found(a: str, b: str, gap: Gap) -> Edited | None:
    """What changed in a gap, unless its sentences must be compared."""
    if gap.a < gap.a_end and gap.b < gap.b_end:
        return edited(a, b, gap)
    old, new = a[gap.a : gap.a_end], b[gap.b : gap.b_end]
    return Edited([gap], [new] if new else [], [old] if old else [])


def _joined(gaps: list[Gap]) -> Iterator[Gap]:
    """Gaps of which one begins where the other ends, as one."""
    last: Gap | None = None
    for gap in sorted(gaps):
        if last and (last.a_end, last.b_end) == (gap.a, gap.b):
            last = last._replace(a_end=gap.a_end, b_end=gap.b_end)
            continue
        if last:
            yield last
        last = gap
    if last:
        yield last


class _Paragraphs:
    """The paragraphs of two texts, with the blank line behind each."""

    def __init__(self, a: str, b: str) -> None:
        self.a, self.b = a, b
        self.in_a, self.in_b = a.split(_PARAGRAPH), b.split(_PARAGRAPH)
        self.starts_a, self.starts_b = _starts(self.in_a), _starts(self.in_b)
        self.both = frozenset(self.in_a).intersection(self.in_b)

    @cached_property
    def runs_on(self) -> bool:
        """True if words are not parted by blanks."""
        return runs_on(self.a)

    def places(self) -> Iterator[_Place]:
        """Where the texts differ, in order."""
        i = j = 0
        for to_i, to_j, size in self._anchors():
            if i < to_i or j < to_j:
                yield from self._between(i, to_i, j, to_j)
            i, j = to_i + size, to_j + size
            if size and (i == len(self.in_a)) != (j == len(self.in_b)):
                blank = self._blank(i, j)
                yield _Place(blank, Edited([blank], [], []))

    def _blank(self, i: int, j: int) -> Gap:
        """The blank line behind a paragraph that is the last one in the other text."""
        a, b = self.starts_a[i], self.starts_b[j]
        size = len(_PARAGRAPH)
        return Gap(a, a, b - size, b) if i == len(self.in_a) else Gap(a - size, a, b, b)

    def _anchors(self) -> Iterator[tuple[int, int, int]]:
        """The paragraphs that stay: those at both ends, and between them those that stand once in
        each text. Where their order differs, those stay that have more words.
        """
        start = same_start(self.in_a, self.in_b)
        if start:
            yield 0, 0, start
        a, b = self.in_a[start:], self.in_b[start:]
        end = same_end(a, b)
        in_a, in_b = once(a[: len(a) - end]), once(b[: len(b) - end])
        links = [
            Link(
                *(i + start, in_b[text] + start),
                size_of(text) if self.runs_on else text.count(" ") + 1,
            )
            for text, i in in_a.items()
            if text in in_b
        ]
        for link in heaviest(links):
            if link.weight >= _LEAST:
                yield link.a, link.b, 1
        yield len(self.in_a) - end, len(self.in_b) - end, end

    def _between(self, i: int, to_i: int, j: int, to_j: int) -> Iterator[_Place]:
        """The paragraphs between two that stay: side by side if they are as many, else from both
        ends on as long as little changed.
        """
        whole = self._place(i, to_i, j, to_j)
        if to_i - i < 2 or to_j - j < 2 or _is_settled(whole):
            yield whole
            return
        aligned = to_i - i == to_j - j
        patience, behind = _PATIENCE, []
        while i < to_i and j < to_j and patience >= 0:
            place = self._place(i, i + 1, j, j + 1)
            if not aligned and not _changed_little(place):
                break
            patience += 1 if place.found else -1
            yield place
            i, j = i + 1, j + 1
        while i < to_i and j < to_j and not aligned:
            place = self._place(to_i - 1, to_i, to_j - 1, to_j)
            if not _changed_little(place):
                break
            behind.append(place)
            to_i, to_j = to_i - 1, to_j - 1
        if i < to_i or j < to_j:
            rest = _Place(self._gap(i, to_i, j, to_j), None)
            yield rest if aligned else self._place(i, to_i, j, to_j)
        yield from reversed(behind)

    def _place(self, i: int, to_i: int, j: int, to_j: int) -> _Place:
        gap = self._gap(i, to_i, j, to_j)
        old, new = self.in_a[i:to_i], self.in_b[j:to_j]
        if old != new and not self.both.isdisjoint(old + new):
            return _Place(gap, None)  # it may have moved
        return _Place(gap, _found(self.a, self.b, gap))

    def _gap(self, i: int, to_i: int, j: int, to_j: int) -> Gap:
        return Gap(self.starts_a[i], self.starts_a[to_i], self.starts_b[j], self.starts_b[to_j])


def _is_settled(place: _Place) -> bool:
    """True if the words of paragraphs were compared, and none came or went as a whole."""
    found = place.found
    return found is not None and not any(_PARAGRAPH in text for text in found.came + found.went)


def _changed_little(place: _Place) -> bool:
    return place.found is not None and not place.found.came and not place.found.went


def _starts(paragraphs: Sequence[str]) -> list[int]:
    """Where each paragraph begins, and where the last one ends."""
    starts = [0, *accumulate([len(text) + len(_PARAGRAPH) for text in paragraphs])]
    starts[-1] -= len(_PARAGRAPH)
    return starts
