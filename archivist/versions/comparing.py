"""How one text of an entry differs from another: pure functions over bytes.

Only lines that differ are looked into, so that the cost is that of the change. Words are what
stands between blanks; they are counted by their longest common subsequence, which makes the counts
the smallest that explain the change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from archivist.versions.version import Kind

_CLOSING = re.compile(rb"\n---[ \t]*\r?(?:\n|\Z)")
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_MAX_FRONT = 1 << 15  # bytes
_TARGETS = re.compile(
    rb"(?<=\])\([^()\s]{0,4000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)|^ {0,3}\[[^\]\n]{1,200}\]:.*",
    re.MULTILINE,
)
_BLANKS = b" \t\r\n\f\v"
_MOST_LINES = 1 << 27  # bits of the table of a line diff
_MOST_WORDS = 1 << 33  # products of the lengths of two lists of words


class Comparison(NamedTuple):
    """What changed, foremost, and how many words came and went."""

    kind: Kind | None  # None if nothing did
    added: int = 0
    removed: int = 0


class Text:
    """An entry's bytes, parted into front matter and the lines of the body."""

    __slots__ = ("front", "lines")

    def __init__(self, data: bytes) -> None:
        end = front_end(data)
        self.front = data[:end]
        self.lines = data[end:].split(b"\n")


def front_end(data: bytes) -> int:
    """Where the body begins; 0 if there is no front matter."""
    if not _OPENING.match(data):
        return 0
    closing = _CLOSING.search(data, 0, _MAX_FRONT)
    return closing.end() if closing else 0


def count_words(text: Text) -> int:
    """How many words the body has."""
    return len(b"\n".join(text.lines).split())


def compare(old: Text, new: Text) -> Comparison:
    """What was done to `old`, to become `new`.

    `text` if words of the body changed, `metadata` if front matter or nothing but the targets of
    links did, `whitespace` if only blanks did.
    """
    before, after = _middle(old.lines, new.lines)
    fronts = _packed(old.front) == _packed(new.front)
    same: Kind | None = None
    if (before, after) != ([], []) or old.front != new.front:
        same = "whitespace" if fronts else "metadata"
    if _packed(b"\n".join(before)) == _packed(b"\n".join(after)):
        return Comparison(same)
    changed = _changed(before, after)
    if all(_packed(_untargeted(a)) == _packed(_untargeted(b)) for a, b in changed):
        return Comparison("metadata")
    counts = [_count(a.split(), b.split()) for a, b in changed]
    return Comparison("text", sum(n for n, _ in counts), sum(n for _, n in counts))


def _packed(text: bytes) -> bytes:
    packed = text.translate(None, _BLANKS)
    return packed if packed.isascii() else packed.replace(b"\xc2\xa0", b"")


def _untargeted(text: bytes) -> bytes:
    return _TARGETS.sub(b"", text) if b"]" in text else text


def _middle(old: list[bytes], new: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """What is left of both without the lines they begin and end with alike."""
    if old == new:
        return [], []
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    rest = most - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return old[start : len(old) - end], new[start : len(new) - end]


def _changed(old: list[bytes], new: list[bytes]) -> list[tuple[bytes, bytes]]:
    """The runs of lines that differ, old and new."""
    if len(old) * len(new) > _MOST_LINES or not (old and new):
        return [(b"\n".join(old), b"\n".join(new))]
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


def _count(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    """How many words came, and how many went."""
    if not old or not new:
        return len(new), len(old)
    if len(old) * len(new) > _MOST_WORDS:  # too many to align: what is in one and not in the other
        before, after = Counter(old), Counter(new)
        return (after - before).total(), (before - after).total()
    from rapidfuzz.distance import LCSseq

    common = LCSseq.similarity(old, new)
    return len(new) - common, len(old) - common
