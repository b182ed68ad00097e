r"""Archives as text: the files of a folder, and what a check of it must say, in one text.

A line `-- PATH --` begins a file, which ends before the next such line. What stands before the
first one is a remark. Behind the path one word may say how the lines are to be taken:

    escaped     `\r`, `\x1b`, `\ufeff`, `\\` are characters, `\udce9` is the byte 0xE9, and `\c`
                at the end of the last line means that no newline follows
    repeated    the same, and a line that ends in ` ×300` stands there 300 times
    link        the line is where a symbolic link leads to
    pipe        a named pipe

Sections that are no files of the archive: `expect` holds a line for each diagnostic,
`fixed PATH` a file after safe fixes, `unsafely fixed PATH` after all fixes, `now` the date.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 23)

_HEADING = re.compile(r"-- (?P<about>.+?)(?: (?P<manner>escaped|repeated|link|pipe))? --")
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[tnr\\])")
_NO_NEWLINE = "\\c\n"


@dataclass(frozen=True, slots=True)
class File:
    """What stands at a path: bytes, or the place that a link leads to, or a pipe."""

    data: bytes = b""
    link: str | None = None
    is_pipe: bool = False


@dataclass(frozen=True)
class Archive:
    """An archive, and what is to be expected of it."""

    files: dict[str, File] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    fixed: dict[str, bytes] = field(default_factory=dict)
    unsafely_fixed: dict[str, bytes] = field(default_factory=dict)
    today: date = TODAY

    def write(self, root: Path) -> Path:
        """Make the folder, with all files; returns it."""
        for path, file in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.link is not None:
                target.symlink_to(file.link)
            elif file.is_pipe:
                os.mkfifo(target)
            else:
                target.write_bytes(file.data)
        return root


def archive_of(text: str) -> Archive:
    """The archive that a text describes. Raises ValueError for one that makes no sense."""
    files: dict[str, File] = {}
    fixed: dict[str, bytes] = {}
    unsafely_fixed: dict[str, bytes] = {}
    expected: tuple[str, ...] = ()
    today = TODAY
    for about, manner, content in _sections(text):
        kind, _, path = about.rpartition("fixed ")
        if about == "expect":
            expected = tuple(content.splitlines())
        elif about == "now":
            today = date.fromisoformat(content.strip())
        elif kind in ("", "unsafely ") and path != about:
            (unsafely_fixed if kind else fixed)[path] = _file(manner, content).data
        elif about in files:
            raise ValueError(f"{about} stands there twice")
        else:
            files[about] = _file(manner, content)
    return Archive(files, expected, fixed, unsafely_fixed, today)


def unescape(text: str) -> str:
    """The text that escapes stand for; what is no escape stands for itself."""
    if text.endswith(_NO_NEWLINE):
        text = text.removesuffix(_NO_NEWLINE)
    return _ESCAPE.sub(lambda match: match[0].encode().decode("unicode_escape"), text)


def escape(text: str) -> str:
    """A line in which everything unprintable is escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _sections(text: str) -> Iterator[tuple[str, str, str]]:
    """What each section is about, how its lines are to be taken, and the lines."""
    heading: re.Match[str] | None = None
    lines: list[str] = []
    for line in [*text.removesuffix("\n").split("\n"), None]:
        found = None if line is None else _HEADING.fullmatch(line)
        if heading is not None and (found or line is None):
            yield heading["about"], heading["manner"] or "", "".join(lines)
        if found:
            heading, lines = found, []
        else:
            lines.append(f"{line}\n")


def _file(manner: str, content: str) -> File:
    if manner == "link":
        return File(link=content.strip())
    if manner == "pipe":
        return File(is_pipe=True)
    if manner in ("escaped", "repeated"):
        content = unescape(content)
    if manner == "repeated":
        content = re.sub(
            r"^(.*) ×([0-9]+)\n",
            lambda match: f"{match[1]}\n" * int(match[2]),
            content,
            flags=re.MULTILINE,
        )
    return File(content.encode("utf-8", "surrogateescape"))
