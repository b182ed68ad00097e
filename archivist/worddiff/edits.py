"""A passage in which a few words were changed where they stand: its words are compared at once.

What stands between blanks is compared first, and only where it differs it is cut into tokens. That
is as exact as a comparison by sentences while each change is small, and what stays between two of
them is longer than they are; whatever is not like that is left to that comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from archivist.worddiff.cleanup import shared_tokens
from archivist.worddiff.hunks import Shared
from archivist.worddiff.matching import blocks, same_end, same_start

_MOST = 8  # words of a change in which some may stay
_MOVABLE = 6  # words; fewer are never taken for moved
_LONGEST = 20_000  # characters of a passage
_STOPS = (". ", "? ", "! ")


class Edited(NamedTuple):
    """What two wordings of a passage share, and if so many words came or went in one place that
    they may have moved.
    """

    shared: list[Shared]
    came: bool
    went: bool


class _Edit(NamedTuple):
    """Words `a:a_end` of one passage that gave way to words `b:b_end` of the other; `mixed` if
    some of them are the same.
    """

    a: int
    a_end: int
    b: int
    b_end: int
    mixed: bool


def edited(a: str, b: str, at_a: int, at_b: int) -> Edited | None:
    """What two passages share that begin at `at_a` and `at_b` of their texts; None if they must be
    looked at more closely.
    """
    shorter, longer = sorted((len(a), len(b)))
    if 2 * shorter < longer or longer > _LONGEST:
        return None
    start = a.rfind(" ", 0, same_start(a, b)) + 1
    rest_a, rest_b = a[start:], b[start:]
    blank = rest_a.find(" ", len(rest_a) - same_end(rest_a, rest_b))
    end = len(rest_a) - blank if blank >= 0 else 0
    words_a = rest_a[: len(rest_a) - end].split(" ")
    words_b = rest_b[: len(rest_b) - end].split(" ")
    edits = _edits(words_a, words_b, a.count(" ", 0, start) + rest_a.count(" ", len(rest_a) - end))
    if edits is None:
        return None
    way = _Way(a, b, at_a, at_b)
    way.go(start, words_a, words_b, edits)
    came = any(edit.b_end - edit.b >= _MOVABLE for edit in edits)
    return Edited(way.shared, came, any(edit.a_end - edit.a >= _MOVABLE for edit in edits))


def _edits(a: Sequence[str], b: Sequence[str], beside: int) -> list[_Edit] | None:
    """Where two lists of words differ, near edits as one; None if an edit is large, or if less than
    half of the words stay, of which so many stand `beside` these lists.
    """
    found: list[_Edit] = []
    total = len(a) + len(b) + 2 * beside
    at_a = at_b = stay = last = 0
    for block in blocks(a, b):
        to_a, to_b, run = block.a, block.b, block.size
        if to_a > at_a or to_b > at_b:
            size = max(to_a - at_a, to_b - at_b)
            mixed = bool(found) and stay <= min(size, last)
            if mixed:
                at_a, _, at_b, _, _ = found.pop()
                size = max(to_a - at_a, to_b - at_b)
            if min(to_a - at_a, to_b - at_b) >= _MOVABLE or (mixed and size > _MOST):
                return None
            found.append(_Edit(at_a, to_a, at_b, to_b, mixed))
            last = size
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
        for edit in edits:
            stay = sum(map(len, in_a[word : edit.a])) + edit.a - word
            a, b, word = a + stay, b + stay, edit.a_end
            old, new = " ".join(in_a[edit.a : word]), " ".join(in_b[edit.b : edit.b_end])
            a_end, b_end = a + len(old), b + len(new)
            if edit.a < word and edit.b < edit.b_end:
                self._replace(old, new, a, b, edit.mixed)
                a, b = a_end + 1, b_end + 1
                continue
            a_end, b_end = (a_end + 1, b) if edit.a < word else (a, b_end + 1)
            before = int(a_end > len(self.a))  # the last word has its blank before it
            self._slide(a - before, a_end - before, b - before, b_end - before)
            a, b = a_end, b_end
        self._leap(len(self.a), len(self.a), len(self.b))

    def _leap(self, a: int, a_end: int, b_end: int) -> None:
        """What stands here is not shared, what stands before is."""
        if a > self.from_a:
            self.shared.append(
                Shared(self.at_a + self.from_a, self.at_b + self.from_b, a - self.from_a)
            )
        self.from_a, self.from_b = a_end, b_end

    def _replace(self, old: str, new: str, a: int, b: int, mixed: bool) -> None:
        a_end, b_end = a + len(old), b + len(new)
        if not mixed and old and new and old[-1] == new[-1] and not old[-1].isalnum():
            old, new = old[:-1], new[:-1]
            a_end, b_end = a_end - 1, b_end - 1
        if mixed and a_end < len(self.a) and b_end < len(self.b):  # with the blank behind
            a_end, b_end = a_end + 1, b_end + 1
        if mixed or not (_is_plain(old) and _is_plain(new)):
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
