"""A passage in which a few words were changed where they stand: its words are compared at once.

What stands between blanks is compared first, and only where it differs it is cut into tokens. That
is as exact as a comparison by sentences while each change is small, and what stays between two of
them is longer than they are; whatever is not like that is left to that comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archivist.worddiff.cleanup import shared_tokens
from archivist.worddiff.hunks import Shared
from archivist.worddiff.matching import blocks, same_end, same_start
from archivist.worddiff.tokens import IDEOGRAPH

_MOST = 8  # words of a change in which some may stay
_MOVABLE = 6  # words; fewer are never taken for moved
_LONGEST = 20_000  # characters of a passage
_STOPS = (". ", "? ", "! ")
_APART = {n: " " for n in range(128) if not chr(n).isalnum()}
_WORD = re.compile(r"[^\W_]+")

_Edit = tuple[int, int, int, int, bool]
_Words = tuple[int, list[str], list[str], list[_Edit]]


class Edited:
    """Two wordings of a passage; and if so many words came or went in one place that they may have
    moved.
    """

    __slots__ = ("_way", "_words", "came", "went")

    def __init__(self, way: _Way, words: _Words) -> None:
        self._way, self._words = way, words
        self.came = self.went = False
        for i, to_i, j, to_j, _ in words[-1]:
            if to_i - i >= _MOVABLE:
                self.went = True
            if to_j - j >= _MOVABLE:
                self.came = True

    def shared(self) -> list[Shared]:
        """What they share."""
        self._way.go(*self._words)
        return self._way.shared


def edited(a: str, b: str, at_a: int, at_b: int, *, paired: bool = False) -> Edited | None:
    """What two passages share that begin at `at_a` and `at_b` of their texts; None if they must be
    looked at more closely: less than half of their words stay, or they are not known to be `paired`
    and an edit is large.
    """
    size_a, size_b = len(a), len(b)
    if 2 * size_a < size_b or 2 * size_b < size_a or size_a + size_b > _LONGEST:
        return None
    start = a.rfind(" ", 0, same_start(a, b)) + 1
    rest_a, rest_b = a[start:], b[start:]
    blank = rest_a.find(" ", size_a - start - same_end(rest_a, rest_b))
    end = size_a - start - blank if blank >= 0 else 0
    words_a = rest_a[: size_a - start - end].split(" ")
    words_b = rest_b[: size_b - start - end].split(" ")
    beside = a.count(" ", 0, start) + a.count(" ", size_a - end)
    edits = _edits(words_a, words_b, beside, len(a) if paired else _MOST)
    if edits is None:
        return None
    return Edited(_Way(a, b, at_a, at_b), (start, words_a, words_b, edits))


def _edits(a: Sequence[str], b: Sequence[str], beside: int, most: int) -> list[_Edit] | None:
    """Where two lists of words differ: words `a:a_end` of the one gave way to words `b:b_end` of
    the other, and whether some among them may be the same. None if an edit has more than
    `most`, or if less than half of all words stay, of which so many stand `beside` these lists.
    """
    found: list[_Edit] = []
    total = len(a) + len(b) + 2 * beside
    at_a = at_b = stay = last = 0
    for block in blocks(a, b):
        to_a, to_b, run = block.a, block.b, block.size
        gone, new = to_a - at_a, to_b - at_b
        if gone or new:
            mixed = found and stay <= last and (stay <= gone or stay <= new)
            if mixed:
                at_a, _, at_b, _, _ = found.pop()
                gone, new = to_a - at_a, to_b - at_b
            last = max(gone, new)
            if last > most and (mixed or min(gone, new) >= _MOVABLE):
                return None
            found.append((at_a, to_a, at_b, to_b, bool(mixed)))
        at_a, at_b, stay = to_a + run, to_b + run, run
        beside += run
    return found if 4 * beside >= total else None


class _Way:
    """The way along both wordings from edit to edit, and what is shared between them."""

    def __init__(self, a: str, b: str, at_a: int, at_b: int) -> None:
        self.a, self.b = a, b
        self.at_a, self.at_b = at_a, at_b
        self.from_a = self.from_b = 0
        self.shared: list[Shared] = []

    def go(self, start: int, in_a: list[str], in_b: list[str], edits: list[_Edit]) -> None:
        """Go all the way; the words begin at `start`, and each has a blank behind it."""
        a = b = start
        word = 0
        for i, to_i, j, to_j, mixed in edits:
            if word < i:
                stay = sum(map(len, in_a[word:i])) + i - word
                a, b = a + stay, b + stay
            word = to_i
            old = in_a[i] if i + 1 == to_i else " ".join(in_a[i:to_i])
            new = in_b[j] if j + 1 == to_j else " ".join(in_b[j:to_j])
            if i < to_i and j < to_j:
                if mixed or not (_is_plain(old) and _is_plain(new)):
                    self._replace(old, new, a, b, mixed)
                else:
                    self._leap(a, a + len(old), b + len(new))
                a, b = a + len(old) + 1, b + len(new) + 1
                continue
            a_end, b_end = (a + len(old) + 1, b) if i < to_i else (a, b + len(new) + 1)
            before = int(a_end > len(self.a))  # the last word has its blank before it
            self._slide(a - before, a_end - before, b - before, b_end - before)
            a, b = a_end, b_end
        self._leap(len(self.a), len(self.a), len(self.b))

    def _leap(self, a: int, a_end: int, b_end: int) -> None:
        """What stands here is not shared, what stands before is."""
        from_a = self.from_a
        if a > from_a:
            self.shared.append(Shared(self.at_a + from_a, self.at_b + self.from_b, a - from_a))
        self.from_a, self.from_b = a_end, b_end

    def _replace(self, old: str, new: str, a: int, b: int, mixed: bool) -> None:
        """Words gave way to others, of which marks may stay, or some in their midst."""
        a_end, b_end = a + len(old), b + len(new)
        if not mixed and _differ(old, new):
            lead = _marks(old, new, 1)
            tail = _marks(old[lead:], new[lead:], -1)
            self._leap(a + lead, a_end - tail, b_end - tail)
            return
        if mixed and a_end < len(self.a) and b_end < len(self.b):  # with the blank behind
            a_end, b_end = a_end + 1, b_end + 1
        for one in shared_tokens(self.a, (a, a_end), self.b, (b, b_end), sure=True):
            self._leap(a, one.a, one.b)
            a = one.a + one.size
        self._leap(a, a_end, b_end)

    def _slide(self, a: int, a_end: int, b: int, b_end: int) -> None:
        """What came or went: if it can as well begin where a sentence does, it does."""
        text, low, at, end = (
            (self.a, self.from_a, a, a_end) if a < a_end else (self.b, self.from_b, b, b_end)
        )
        if any(stop in text[at:end] for stop in _STOPS):
            starts = [text.rfind(stop, low, at) + len(stop) for stop in _STOPS]
            begin = max(starts) if max(starts) >= low + 2 else low
            back = at - begin
            if (begin > low or not low) and text[begin:at] == text[end - back : end]:
                a, a_end, b, b_end = a - back, a_end - back, b - back, b_end - back
        self._leap(a, a_end, b_end)


def _is_plain(words: str) -> bool:
    """True if these words are a token each."""
    return words.isascii() and (words.isalnum() or words.replace(" ", "").isalnum() or not words)


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
