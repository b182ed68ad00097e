"""How one text of an entry differs from another: pure functions over bytes.

Only lines that differ are looked into, so that the cost is that of the change. Words are what
stands between blanks, and letters of scripts without; they are counted by their longest common
subsequence, which makes the counts the smallest that explain the change.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from archivist.ends import same_end, same_start
from archivist.versions.version import Kind
from archivist.words import letters, may_run_on

_CLOSING = re.compile(rb"\n---[ \t]*\r?(?:\n|\Z)")
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_LEADING = re.compile(rb"\s*")
_TAIL = 64  # bytes at the end of a text that are hardly ever all blank
_MAX_FRONT = 1 << 15  # bytes
_TARGETS = re.compile(
    rb"(?<=\])\([^()\s]{0,4000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)|^ {0,3}\[[^\]\n]{1,200}\]:.*",
    re.MULTILINE,
)
_BLANKS = b" \t\r\n\f\v"
_MOST_LINES = 1 << 27  # bits of the table of a line diff
_MOST_WORDS = 1 << 33  # products of the lengths of two lists of words
_SOME_WORDS = 1 << 16  # … for which a library is not imported
_LONG = 1 << 12  # bytes of two texts whose common ends are cut off before they are split


class Comparison(NamedTuple):
    """What changed, foremost, and how many words came and went."""

    kind: Kind | None  # None if nothing did
    added: int = 0
    removed: int = 0


class Text:
    """An entry's bytes, parted into front matter and body, which begins at `begin` in `whole`:
    there a newline more stands than in the file, so that each line of the body has one.
    """

    __slots__ = ("begin", "front", "whole")

    def __init__(self, whole: bytes) -> None:
        self.begin = min(front_end(whole), len(whole) - 1)
        self.front = whole[: self.begin]
        self.whole = whole

    @classmethod
    def of(cls, data: bytes) -> "Text":
        """The text of a file with these bytes."""
        return cls(data + b"\n")

    @property
    def body(self) -> bytes:
        """The body."""
        return self.whole[self.begin :]

    @property
    def size(self) -> int:
        """How many bytes the body has without blanks at both ends; found without a copy of it."""
        match = _LEADING.match(self.whole, self.begin)
        begin = match.end() if match else self.begin
        end = self.whole[max(begin, len(self.whole) - _TAIL) :]
        if end.isspace():
            end = self.whole[begin:]
        return len(self.whole) - begin - len(end) + len(end.rstrip())


class Middle(NamedTuple):
    """What is left of two bodies without the lines that they begin and end with alike."""

    old: bytes
    new: bytes


def front_end(data: bytes) -> int:
    """Where the body begins; 0 if there is no front matter."""
    if not _OPENING.match(data):
        return 0
    closing = _CLOSING.search(data, 0, _MAX_FRONT)
    return closing.end() if closing else 0


def count_words(text: bytes) -> int:
    """How many words there are."""
    return len(split_words(text))


def split_words(text: bytes) -> list[bytes]:
    """The words: what stands between blanks, and each letter of scripts that put none between
    words.
    """
    found = text.split()
    if text.isascii() or not may_run_on(text):
        return found
    shown = (word.decode("utf-8", "surrogateescape") for word in found)
    return [one.encode("utf-8", "surrogateescape") for word in shown for one in letters(word)]


def middle(old: Text, new: Text) -> Middle:
    """The lines of two bodies between those that are the same."""
    a, b, in_a, in_b = old.whole, new.whole, old.begin, new.begin
    most = min(len(a) - in_a, len(b) - in_b)
    same = same_start(a, b, in_a, in_b, most)
    if same == most and len(a) - in_a == len(b) - in_b:
        return Middle(b"", b"")
    begun = max(a.rfind(b"\n", in_a, in_a + same) + 1 - in_a, 0)
    start_a, start_b = in_a + begun, in_b + begun
    line_a, line_b = a.find(b"\n", in_a + same) + 1, b.find(b"\n", in_b + same) + 1
    are_level = line_a and line_b and len(a) - line_a == len(b) - line_b
    if are_level and a.endswith(memoryview(b)[line_b:]):  # one line is another, as in most changes
        return Middle(a[start_a:line_a], b[start_b:line_b])
    size = same_end(a, b, most - begun)
    end_a, end_b = len(a) - size, len(b) - size
    if not (_begins_line(a, end_a, start_a) and _begins_line(b, end_b, start_b)):
        cut = a.find(b"\n", end_a) + 1
        end_a, end_b = cut or len(a), end_b + (cut or len(a)) - end_a
    return Middle(a[start_a:end_a], b[start_b:end_b])


def compare(old: Text, new: Text, between: Middle | None = None) -> Comparison:
    """What was done to `old`, to become `new`; `between` is their `middle`, if that is known.

    `text` if words of the body changed, `metadata` if front matter or nothing but the targets of
    links did, `whitespace` if only blanks did.
    """
    before, after = between or middle(old, new)
    same: Kind | None = None
    if old.front != new.front:
        same = "whitespace" if _packed(old.front) == _packed(new.front) else "metadata"
    elif before or after:
        same = "whitespace"
    if not before and not after:
        return Comparison(same)
    if after < before:  # of several ways to align lines the same one is taken there and back
        kind, removed, added = compare(new, old, Middle(after, before))
        return Comparison(kind, added, removed)
    changed = [_Run(a, b) for a, b in _changed(_lines(before), _lines(after))]
    if _only_blanks(changed, before, after):
        return Comparison(same)
    if all(run.same_words_shown for run in changed):
        return Comparison("metadata")
    added = removed = 0
    for run in changed:
        come, gone = _count(run.old, run.new)
        added, removed = added + come, removed + gone
    return Comparison("text", added, removed)


class _Run:
    """Lines of the one body that lines of the other stand for."""

    __slots__ = ("new", "old", "packed_new", "packed_old")

    def __init__(self, old: bytes, new: bytes) -> None:
        self.old, self.new = old, new
        self.packed_old, self.packed_new = _packed(old), _packed(new)

    @property
    def same_words_shown(self) -> bool:
        """True if they differ in blanks and the targets of links at most."""
        if b"]" not in self.old and b"]" not in self.new:
            return self.packed_old == self.packed_new
        return _packed(_untargeted(self.old)) == _packed(_untargeted(self.new))


def _only_blanks(changed: list[_Run], before: bytes, after: bytes) -> bool:
    """True if two middles differ in blanks only: mostly told by the lines that changed."""
    grown = 0
    are_same = True
    for run in changed:
        grown += len(run.packed_new) - len(run.packed_old)
        are_same = are_same and run.packed_old == run.packed_new
    return are_same or (not grown and _packed(before) == _packed(after))


def _begins_line(text: bytes, place: int, start: int) -> bool:
    return place == start or text[place - 1 : place] == b"\n"


def _lines(text: bytes) -> list[bytes]:
    """The lines that are not blank: of these there are many, which say nothing of what stays."""
    return [line for line in text.split(b"\n") if line and not line.isspace()]


def _packed(text: bytes) -> bytes:
    packed = text.translate(None, _BLANKS)
    return packed if packed.isascii() else packed.replace(b"\xc2\xa0", b"")


def _untargeted(text: bytes) -> bytes:
    return _TARGETS.sub(b"", text) if b"]" in text else text


def _changed(old: list[bytes], new: list[bytes]) -> list[tuple[bytes, bytes]]:
    """The runs of lines that differ, old and new."""
    if len(old) * len(new) > _MOST_LINES or not (old and new):
        return [(b"\n".join(old), b"\n".join(new))]
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    from rapidfuzz.distance import Indel

    runs: list[tuple[bytes, bytes]] = []
    before, after = 0, 0
    for one in [*Indel.opcodes(old, new), None]:
        if one is not None and one.tag != "equal":
            continue
        left, right = (one.src_start, one.dest_start) if one else (len(old), len(new))
        if (before, after) != (left, right):
            runs.append((b"\n".join(old[before:left]), b"\n".join(new[after:right])))
        if one:
            before, after = one.src_end, one.dest_end
    return runs


def _count(old: bytes, new: bytes) -> tuple[int, int]:
    """How many words came, and how many went."""
    if len(old) + len(new) > _LONG or not _is_loaded():
        old, new = _differing(old, new)
    before, after = split_words(old), split_words(new)
    if not before or not after:
        return len(after), len(before)
    if len(before) * len(after) > _MOST_WORDS:  # too many to align: what only one of them has
        left, right = Counter(before), Counter(after)
        return (right - left).total(), (left - right).total()
    common = _common_words(before, after)
    return len(after) - common, len(before) - common


def _differing(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """Two texts without words that both begin or end with."""
    most = min(len(old), len(new))
    start = old.rfind(b" ", 0, same_start(old, new, 0, 0, most)) + 1
    same = same_end(old, new, most - start)
    blank = old.find(b" ", len(old) - same) if same else -1
    left = len(old) - blank if blank >= 0 else 0
    return old[start : len(old) - left], new[start : len(new) - left]


def _common_words(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """The length of a longest common subsequence.

    Of a few words it is counted in the bits of a number (Hyyrö, "Bit-parallel LCS-length
    computation revisited", 2004): the import of a library costs more than that.
    """
    if _is_loaded() or len(old) * len(new) > _SOME_WORDS:
        return _aligner()(old, new)
    places: dict[bytes, int] = {}
    for place, word in enumerate(old):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(old)) - 1
    row = every
    for word in new:
        met = row & places.get(word, 0)
        row = (row + met | row - met) & every
    return len(old) - row.bit_count()


def expect_many() -> None:
    """Many texts are to be compared: then the library pays."""
    _aligner()


def _is_loaded() -> bool:
    return "rapidfuzz" in sys.modules


@cache
def _aligner() -> Callable[[Sequence[bytes], Sequence[bytes]], int]:
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity
