"""A passage in which words were changed where they stand: its words are compared at once.

What stands between blanks is compared first, without chance words between changes; only where it
differs and has marks in it is it cut into tokens. What less than half of its words stay in is left
to a comparison by sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from archivist.worddiff.cleanup import Run, changed, without_islands
from archivist.worddiff.hunks import Change, Gap
from archivist.worddiff.matching import blocks, same_end, same_start
from archivist.worddiff.tokens import IDEOGRAPH
from archivist.words import runs_on
from archivist.words import size as size_of

_MOVABLE = 6  # words; fewer are never taken for moved
_LONGEST = 20_000  # characters of a passage
_PARAGRAPH = "\n\n"
_STOPS = ((_PARAGRAPH,), ("\n",), (". ", "? ", "! "))
_APART = {n: " " for n in range(128) if not chr(n).isalnum()}
_WORD = re.compile(r"[^\W_]+")


class Edited(NamedTuple):
    """What changed between two wordings of a passage, in order; and of that, what came and what
    went that is long enough to have moved.
    """

    changes: list[Change]
    came: list[str]
    went: list[str]


def edited(a: str, b: str, gap: Gap) -> Edited | None:
    """What changed between the passages that stand in a gap of two texts; None if less than half of
    their words stay: then they must be looked at more closely.
    """
    old, new = a[gap.a : gap.a_end], b[gap.b : gap.b_end]
    size_a, size_b = len(old), len(new)
    if 2 * size_a < size_b or 2 * size_b < size_a or size_a + size_b > _LONGEST:
        return None
    start = old.rfind(" ", 0, same_start(old, new)) + 1
    rest_a, rest_b = old[start:], new[start:]
    blank = rest_a.find(" ", size_a - start - same_end(rest_a, rest_b))
    end = size_a - start - blank if blank >= 0 else 0
    words_a = rest_a[: size_a - start - end].replace("\n", " ").split(" ")
    words_b = rest_b[: size_b - start - end].replace("\n", " ").split(" ")
    beside = 2 * (old.count(" ", 0, start) + old.count(" ", size_a - end))
    runs = [(one.a, one.b, one.size) for one in blocks(words_a, words_b)]
    stay = 2 * sum([size for _, _, size in runs])
    if 2 * (stay + beside) < len(words_a) + len(words_b) + beside:
        return None
    way = _Way(a, b, gap)
    way.go(start, words_a, words_b, without_islands(runs, words_a, words_b))
    return way.found


class _Way:
    """The way along both wordings of a passage, and what changed on it. Each word has a blank
    behind it, which may be the end of a line.
    """

    def __init__(self, a: str, b: str, gap: Gap) -> None:
        self.a, self.b, self.gap = a, b, gap
        self.found = Edited([], [], [])

    def go(self, start: int, in_a: list[str], in_b: list[str], runs: Iterable[Run]) -> None:
        """Go all the way; the words begin at `start`, and those of these runs stay."""
        a, b = self.gap.a + start, self.gap.b + start
        i = j = 0
        for to_i, to_j, size in runs:
            if to_i - i == to_j - j == 1:
                a, b = self._word(in_a[i], in_b[j], a, b)
            elif i < to_i or j < to_j:
                a, b = self._words(in_a[i:to_i], in_b[j:to_j], a, b)
            i, j = to_i + size, to_j + size
            stay = sum(map(len, in_a[to_i:i]), size)
            if self.a[a : a + stay] != self.b[b : b + stay]:
                self._blanks(a, b, stay)
            a, b = a + stay, b + stay

    def _blanks(self, a: int, b: int, size: int) -> None:
        """Words stay, but not all blanks behind them."""
        for n in range(min(size, self.gap.a_end - a, self.gap.b_end - b)):
            if self.a[a + n] != self.b[b + n]:
                self.found.changes.append((a + n, a + n + 1, b + n, b + n + 1))

    def _word(self, old: str, new: str, a: int, b: int) -> tuple[int, int]:
        """A word gave way to another. Where both end, with the blank."""
        a_end, b_end = a + len(old), b + len(new)
        if _is_plain(old + new) and self.a[a_end : a_end + 1] == self.b[b_end : b_end + 1]:
            self.found.changes.append((a, a_end, b, b_end))
        else:
            self._replace(a, min(a_end + 1, self.gap.a_end), b, min(b_end + 1, self.gap.b_end))
            self._note([old], [new], a, b)
        return a_end + 1, b_end + 1

    def _words(self, old: list[str], new: list[str], a: int, b: int) -> tuple[int, int]:
        """Words came or went, or gave way to others. Where both end, with the blank."""
        a_end = a + sum(map(len, old), len(old))
        b_end = b + sum(map(len, new), len(new))
        if old and new:
            self._replace(a, min(a_end, self.gap.a_end), b, min(b_end, self.gap.b_end))
        else:
            self._slide(a, a_end, b, b_end)
        self._note(old, new, a, b)
        return a_end, b_end

    def _note(self, old: list[str], new: list[str], a: int, b: int) -> None:
        """Note what may have moved."""
        if _is_movable(old):
            self.found.went.append(self.a[a : a + sum(map(len, old), len(old))])
        if _is_movable(new):
            self.found.came.append(self.b[b : b + sum(map(len, new), len(new))])

    def _replace(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """Words gave way to others; marks may stay, or some words in their midst."""
        old, new = self.a[a:a_end], self.b[b:b_end]
        if _is_plain((old + new).replace(" ", "")):
            blank = int(old[-1:] == new[-1:] == " ")
            self.found.changes.append((a, a_end - blank, b, b_end - blank))
        elif _PARAGRAPH in old and old.count(_PARAGRAPH) == new.count(_PARAGRAPH):
            for one, other in zip(old.split(_PARAGRAPH), new.split(_PARAGRAPH), strict=True):
                self._replace(a, a + len(one), b, b + len(other))
                a, b = a + len(one) + 2, b + len(other) + 2
        elif _differ(old, new):
            lead = _marks(old, new, 1)
            tail = _marks(old[lead:], new[lead:], -1)
            self.found.changes.append((a + lead, a_end - tail, b + lead, b_end - tail))
        else:
            self.found.changes.extend(changed(self.a, self.b, Gap(a, a_end, b, b_end), sure=True))

    def _slide(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """What came or went: if it can as well begin where a paragraph, a line or a sentence does,
        it does.
        """
        gap, changes = self.gap, self.found.changes
        if a_end > gap.a_end or b_end > gap.b_end:  # the last word has its blank before it
            a, a_end, b, b_end = a - 1, a_end - 1, b - 1, b_end - 1
        elif self._has_line_end(a, a_end, b, b_end):  # rather than the one before
            a, a_end, b, b_end = a + 1, a_end + 1, b + 1, b_end + 1
        text, at, end = (self.a, a, a_end) if a < a_end else (self.b, b, b_end)
        first, place = (gap.a, 1) if a < a_end else (gap.b, 3)
        low = changes[-1][place] if changes else first
        back = at - _begin(text, low, at, end, is_first=low == first)
        changes.append((a - back, a_end - back, b - back, b_end - back))

    def _has_line_end(self, a: int, a_end: int, b: int, b_end: int) -> bool:
        """True if a line ends before what came or went, and behind it, too."""
        within = a_end < self.gap.a_end and b_end < self.gap.b_end
        before = self.a[a] if a < a_end else self.b[b]
        return within and before == self.a[a_end] == self.b[b_end] == "\n"


def _begin(text: str, low: int, at: int, end: int, *, is_first: bool) -> int:
    """Where the passage `at:end` can begin as well, from `low` on, in the same words."""
    piece = text[at:end]
    if piece.isspace():  # where the blanks do
        begin = low + len(text[low:at].rstrip())
        return begin if text.endswith(text[begin:at], begin, end) else at
    for stops in _STOPS:
        if any(stop in piece for stop in stops):
            begin = max([text.rfind(stop, low, at) + len(stop) for stop in stops])
            if begin < low + 2:
                begin = low
            if (begin > low or is_first) and text.endswith(text[begin:at], begin, end):
                return begin
    return at


def _is_movable(words: list[str]) -> bool:
    """True if so many words, or letters of scripts without blanks between words, may have moved."""
    if len(words) >= _MOVABLE:
        return True
    return any(runs_on(word) for word in words) and size_of(" ".join(words)) >= _MOVABLE


def _is_plain(words: str) -> bool:
    """True if there are no marks in these words."""
    return words.isalnum() and words.isascii()


def _marks(a: str, b: str, step: int) -> int:
    """How many marks and blanks two words have in common, at their beginning or (step -1) end."""
    number = 0
    for one, other in zip(a[::step], b[::step], strict=False):
        if one != other or one.isalnum():
            break
        number += 1
    return number


def _differ(old: str, new: str) -> bool:
    """True if it is plain that these passages have no word in common."""
    if old.isascii() and new.isascii():
        return set(old.translate(_APART).split()).isdisjoint(new.translate(_APART).split())
    return max(old + new) < IDEOGRAPH and set(_WORD.findall(old)).isdisjoint(_WORD.findall(new))
