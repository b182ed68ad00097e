"""Many versions of Markdown files, read as fast as they differ.

A file is taken apart where blocks cannot know of each other, and each part is read once however
many versions have it. Of a version that begins and ends as the one before it does, only what lies
between is taken apart. The text is that of `of_markdown`; the targets of links are kept apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from hashlib import sha256
from itertools import accumulate
from typing import NamedTuple

from archivist.ends import same_end, same_start
from archivist.extraction.parts import read_part

_KEPT = 64 << 20  # bytes of parts that are remembered
# From here on nothing can be told by looking at a part: HTML, code that holds blank lines.
_HTML = re.compile(rb"(?<!\\)<(?!https?://)[A-Za-z!?/]")
_FENCE = re.compile(rb"^ {0,3}(?:```|~~~)", re.MULTILINE)
_DEFINITION = re.compile(rb"^[ >*+-]{0,20}\[[^\]\n]{1,999}\]:", re.MULTILINE)
_GOES_ON = b" \t\n0123456789"  # what a part begins with that may belong to the list before it
_BETWEEN = b"\n\n"


class Plain(NamedTuple):
    """A text in UTF-8, how many links the source had, and the digest of their targets."""

    text: bytes
    links: int
    targets: str


class _Part(NamedTuple):
    """A part of a file: its bytes there, its text, and the targets of its links, a line each."""

    size: int
    text: bytes
    targets: bytes


class _Parts:
    """What a file was taken apart into: its parts' texts and targets, and where each begins."""

    __slots__ = ("starts", "targets", "texts")

    def __init__(self, parts: list[_Part]) -> None:
        self.texts = [one.text for one in parts]
        self.targets = [one.targets for one in parts]
        self.starts = _starts(parts, 0)

    def replace(self, first: int, after: int, parts: list[_Part], grown: int) -> None:
        """Let these stand for those from `first` to `after`; the file has `grown` by so much."""
        self.texts[first:after] = [one.text for one in parts]
        self.targets[first:after] = [one.targets for one in parts]
        if grown:
            self.starts[after:] = [one + grown for one in self.starts[after:]]
        self.starts[first:after] = _starts(parts, self.starts[first])


class MarkdownReader:
    """Reads Markdown, and remembers the parts, and how the last file was taken apart."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Part] = {}
        self._size = 0
        self._last = b""  # the last file that was simple
        self._parts = _Parts([_Part(0, b"", b"")])  # of that

    def read(self, data: bytes) -> Plain:
        """The text of a file, and what it links to. Never raises, whatever the bytes."""
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        parts = self._apart(data.replace(b"\x0c", _BETWEEN) if b"\x0c" in data else data)
        linked = b"".join(parts.targets)
        text = _BETWEEN.join(filter(None, parts.texts))
        return Plain(text + b"\n" if text else b"", linked.count(b"\n"), sha256(linked).hexdigest())

    def _apart(self, data: bytes) -> _Parts:
        """The parts of a file, told as an edit of the last one that was simple.

        A part begins where an even number of line ends and its first sign say so: that is as it
        was wherever the part before it and that sign are. So one part more than those that differ
        is read again.
        """
        last, starts = self._last, self._parts.starts
        most = min(len(last), len(data))
        begun = same_start(last, data, 0, 0, most)
        ended = len(last) - same_end(last, data, most - begun)
        first = max(bisect_right(starts, begun - 1) - 1, 0)
        after = bisect_left(starts, max(ended, 1)) + 1
        grown = len(data) - len(last)
        end = starts[after] + grown - len(_BETWEEN) if after < len(starts) else len(data)
        middle = data[starts[first] : end]
        if not _is_simple(middle):
            return _Parts(self._read(_sources(data)))
        read = self._read(_joined(middle.split(_BETWEEN)))
        self._parts.replace(first, after, read, grown)
        self._last = data
        return self._parts

    def _read(self, sources: list[bytes]) -> list[_Part]:
        return [self._known.get(one) or self._learn(one) for one in sources]

    def _learn(self, source: bytes) -> _Part:
        text, targets = read_part(source.decode("utf-8", "replace"))
        linked = "".join(" ".join(one.split()) + "\n" for one in targets).encode("utf-8", "replace")
        found = _Part(len(source), text.strip("\n").encode("utf-8", "replace"), linked)
        self._size += len(source) + len(found.text) + len(linked)
        if self._size > _KEPT:
            self._known.clear()
            self._size = 0
        self._known[source] = found
        return found


def _starts(parts: list[_Part], start: int) -> list[int]:
    """Where parts begin, the first of them at `start`."""
    return list(accumulate([one.size + len(_BETWEEN) for one in parts[:-1]], initial=start))


def _is_simple(data: bytes) -> bool:
    """True if parts are all that there is; what else there might be is told by one line each."""
    return _risk(data) < 0 and not _defines(data)


def _sources(data: bytes) -> list[bytes]:
    """The parts of a file that is not simple; joined by blank lines they are the file."""
    if _defines(data):
        return [data]
    begin = _risk(data)
    end = max(data.rfind(_BETWEEN, 0, begin), 0)
    rest = data[end:].removeprefix(_BETWEEN) if end else data
    return _joined([*data[:end].split(_BETWEEN), rest])


def _joined(pieces: list[bytes]) -> list[bytes]:
    """The parts that pieces make, each of which may belong to the one before it."""
    parts: list[list[bytes]] = []
    for piece in pieces:
        if parts and piece[:1] in _GOES_ON:
            parts[-1].append(piece)
        else:
            parts.append([piece])
    return [one[0] if len(one) == 1 else _BETWEEN.join(one) for one in parts]


def _defines(data: bytes) -> bool:
    """True if it may say elsewhere what a link in it leads to."""
    return b"]:" in data and _DEFINITION.search(data) is not None


def _risk(data: bytes) -> int:
    """Where HTML or code begins, from where on parts cannot be told apart; -1 if it does not."""
    html = _HTML.search(data) if b"<" in data else None
    code = _FENCE.search(data) if b"```" in data or b"~~~" in data else None
    return min((match.start() for match in (html, code) if match), default=-1)
