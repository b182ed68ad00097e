"""Paragraphs that stay, and those in which little changed: what need not be cut into sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from archivist.worddiff.chains import Link, heaviest
from archivist.worddiff.edits import edited
from archivist.worddiff.hunks import Shared
from archivist.worddiff.matching import once, same_end, same_start
from archivist.words import size as size_of

_PARAGRAPH = "\n\n"
_LEAST = 7  # words; shorter paragraphs are compared with their neighbours
_PATIENCE = 2  # paragraphs more that may have changed much than those that did not


class Gap(NamedTuple):
    """Characters `a:a_end` of the one text that stand where `b:b_end` of the other do."""

    a: int
    a_end: int
    b: int
    b_end: int


class _Part(NamedTuple):
    """A gap, what it shares as far as that is known, and what may have moved: whether words came
    that may stand elsewhere in the first text, whether words went.
    """

    gap: Gap
    shared: Callable[[], list[Shared]]
    came: bool
    went: bool


def passages(a: str, b: str) -> tuple[list[Shared], list[Gap]]:
    """What the paragraphs share that stay or were edited where they stand; and the gaps between
    them, in which sentences must be compared.
    """
    parts = list(_Paragraphs(a, b).parts())
    if _may_move(parts):
        known = [part for part in parts if not (part.came or part.went)]
        gaps = _joined([part.gap for part in parts if part.came or part.went])
        parts = known + [
            _part(a[gap.a : gap.a_end], b[gap.b : gap.b_end], gap) or _Part(gap, list, True, True)
            for gap in gaps
        ]
    if not _may_move(parts):
        return sorted([one for part in parts for one in part.shared()]), []
    shared = [one for part in parts if not (part.came or part.went) for one in part.shared()]
    return shared, [part.gap for part in parts if part.came or part.went]


def _may_move(parts: Sequence[_Part]) -> bool:
    return any(part.came for part in parts) and any(part.went for part in parts)


def _part(a: str, b: str, gap: Gap) -> _Part | None:
    """A gap in which `a` and `b` stand, if they differ little; else None."""
    found = edited(a, b, gap.a, gap.b)
    return _Part(gap, found.shared, found.came, found.went) if found else None


def _joined(gaps: list[Gap]) -> Iterator[Gap]:
    """Gaps of which one begins where the other ends, as one."""
    last: Gap | None = None
    for gap in gaps:
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

    def parts(self) -> Iterator[_Part]:
        """Both texts, part by part."""
        i = j = 0
        for to_i, to_j, size in self._anchors():
            yield from self._between(i, to_i, j, to_j)
            i, j = to_i + size, to_j + size
            if size:
                yield self._same(self._gap(to_i, i, to_j, j))

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
                text.count(" ") + 1 if text.isascii() else size_of(text),
            )
            for text, i in in_a.items()
            if text in in_b
        ]
        for link in heaviest(links):
            if link.weight >= _LEAST:
                yield link.a, link.b, 1
        yield len(self.in_a) - end, len(self.in_b) - end, end

    def _between(self, i: int, to_i: int, j: int, to_j: int) -> Iterator[_Part]:
        """The paragraphs between two that stay: side by side if they are as many, else from both
        ends on as long as little changed.
        """
        aligned = to_i - i == to_j - j
        patience, behind = _PATIENCE, []
        while i < to_i and j < to_j and patience >= 0:
            part = self._edited(i, i + 1, j, j + 1)
            if not aligned and (part is None or part.came or part.went):
                break
            patience += 1 if part else -1
            yield part or self._open(i, i + 1, j, j + 1)
            i, j = i + 1, j + 1
        while i < to_i and j < to_j and not aligned:
            part = self._edited(to_i - 1, to_i, to_j - 1, to_j)
            if part is None or part.came or part.went:
                break
            behind.append(part)
            to_i, to_j = to_i - 1, to_j - 1
        if i < to_i or j < to_j:
            yield (not aligned and self._edited(i, to_i, j, to_j)) or self._open(i, to_i, j, to_j)
        yield from reversed(behind)

    def _edited(self, i: int, to_i: int, j: int, to_j: int) -> _Part | None:
        gap = self._gap(i, to_i, j, to_j)
        one, other = self.a[gap.a : gap.a_end], self.b[gap.b : gap.b_end]
        if one == other:
            return self._same(gap)
        if self.both and not self.both.isdisjoint(self.in_a[i:to_i] + self.in_b[j:to_j]):
            return None  # it may have moved
        return _part(one, other, gap)

    def _same(self, gap: Gap) -> _Part:
        size = min(gap.a_end - gap.a, gap.b_end - gap.b)  # behind the last there is no blank line
        return _Part(gap, lambda: [Shared(gap.a, gap.b, size)], False, False)

    def _open(self, i: int, to_i: int, j: int, to_j: int) -> _Part:
        return _Part(self._gap(i, to_i, j, to_j), list, j < to_j, i < to_i)

    def _gap(self, i: int, to_i: int, j: int, to_j: int) -> Gap:
        return Gap(self.starts_a[i], self.starts_a[to_i], self.starts_b[j], self.starts_b[to_j])


def _starts(paragraphs: Sequence[str]) -> list[int]:
    """Where each paragraph begins, and where the last one ends."""
    starts = [0, *accumulate([len(text) + len(_PARAGRAPH) for text in paragraphs])]
    starts[-1] -= len(_PARAGRAPH)
    return starts
