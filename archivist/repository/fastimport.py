"""Writing many objects through one `git fast-import`.

The stream is binary and every path in it is quoted, so nothing in a stranger's commit can be taken
for an instruction. What git (or a server that checks what is pushed) would refuse in an author's
line is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from archivist.repository.dialogue import widen
from archivist.repository.process import Repository

REGULAR = "100644"
_QUICK = ("--quiet", "--done", "--date-format=raw-permissive")
# For each object git asks for the same few hundred kilobytes and gives them back; the GNU library
# would return them to the system each time, which then clears them anew.
_BUFFER = 1 << 18  # bytes that are written to git at a time
_KEEPING = {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_MMAP_THRESHOLD_": "16777216"}
_PERSON = re.compile(rb"[^<>\n\0]* <[^<>\n\0]*> (?:0|[1-9][0-9]{0,10}) [+-][0-9]{4}")
_WHEN = re.compile(rb"(?<![^ >])(-?[0-9]+)(?: +([+-][0-9]+))?\s*\Z")
_ZONE = re.compile(rb"[+-][0-9]{4}")
_DATE = re.compile(rb"[0-9]{1,11}")
_UNFIT = re.compile(rb"[<>\x00-\x1f]")
_ENCODING = re.compile(rb"[A-Za-z0-9._:+-]{1,40}")


class Words(NamedTuple):
    """What a commit says besides its files: who, when, and the message in its own encoding."""

    author: bytes
    committer: bytes
    encoding: bytes
    message: bytes


def words_of(raw: bytes) -> Words:
    """The words of a commit object; malformed lines are mended, signatures left behind."""
    head, _, message = raw.partition(b"\n\n")
    lines: dict[bytes, bytes] = {}
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        lines.setdefault(key, value)
    encoding = lines.get(b"encoding", b"")
    return Words(
        _person(lines.get(b"author", b"")),
        _person(lines.get(b"committer", b"")),
        encoding if _ENCODING.fullmatch(encoding) else b"",
        message,
    )


class CommitStream:
    """A running `git fast-import` that writes commits to one ref."""

    def __init__(self, out: IO[bytes], ref: str) -> None:
        self._out = out
        self._ref = ref.encode()
        self._count = 0

    def add_blob(self, data: bytes) -> str:
        """Write a blob; what is given back stands for it in the files of a commit."""
        self._count += 1
        self._out.write(b"blob\nmark :%d\n" % self._count)
        _write_data(self._out, data)
        return f":{self._count}"

    def add(self, words: Words, parents: Sequence[int], files: Mapping[str, str | None]) -> int:
        """Write a commit whose tree is its first parent's but for `files` (path → blob; None
        removes). Parents, and what is given back, are the numbers of commits of this stream.
        """
        self._count += 1
        if not parents:
            self._out.write(b"reset %s\n" % self._ref)
        self._out.write(
            b"commit %s\nmark :%d\nauthor %s\ncommitter %s\n"
            % (self._ref, self._count, words.author, words.committer)
        )
        if words.encoding:
            self._out.write(b"encoding %s\n" % words.encoding)
        _write_data(self._out, words.message)
        for key, parent in zip((b"from", *[b"merge"] * len(parents)), parents, strict=False):
            self._out.write(b"%s :%d\n" % (key, parent))
        for path, oid in files.items():
            self._out.write(_file_line(path, oid))
        return self._count

    def end_at(self, commit: int) -> None:
        """Leave the ref at this commit."""
        self._out.write(b"reset %s\nfrom :%d\n" % (self._ref, commit))


@contextmanager
def writing_commits(repository: Repository, ref: str, marks: Path) -> Iterator[CommitStream]:
    """Writes commits; the ref moves only if the block ends well. Raises GitFailure.

    `marks` is a file to be written, for `read_marks`. All objects go into packs, however few.
    """
    options = ("-c", "fastimport.unpackLimit=0", "fast-import", "--force")
    with _importing(repository, *options, f"--export-marks={marks}") as out:
        yield CommitStream(out, ref)


def read_marks(marks: Path) -> dict[str, str]:
    """The ids of all that was written, by what `add_blob` gave for it."""
    rows = (line.partition(" ") for line in marks.read_text().splitlines())
    return {mark: oid for mark, _, oid in rows}


def store_blobs(repository: Repository, blobs: Iterable[bytes]) -> None:
    """Add blobs to the repository's objects; nothing refers to them yet. Raises GitFailure."""
    with _importing(repository, "fast-import") as out:
        for data in blobs:
            out.write(b"blob\n")
            _write_data(out, data)


@contextmanager
def _importing(repository: Repository, *options: str) -> Iterator[IO[bytes]]:
    """What is written goes to `git fast-import`, and counts only if the block ends well."""
    with repository.process(*options, *_QUICK, environment=_KEEPING, buffer=_BUFFER) as child:
        assert child.stdin
        widen(child.stdin)
        yield child.stdin
        child.stdin.write(b"done\n")


def _write_data(out: IO[bytes], data: bytes) -> None:
    out.write(b"data %d\n" % len(data))
    out.write(data)
    out.write(b"\n")


def _file_line(path: str, oid: str | None) -> bytes:
    plain = path.encode("utf-8", "surrogateescape")
    quoted = plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    if oid is None:
        return b'D "%s"\n' % quoted
    return b'M %s %s "%s"\n' % (REGULAR.encode(), oid.encode(), quoted)


def _person(line: bytes) -> bytes:
    """`Name <mail> seconds zone`, as it is if git takes it so, else with what can be saved."""
    if _PERSON.fullmatch(line):
        return line
    when = _WHEN.search(line)
    date, zone = (when[1], when[2] or b"") if when else (b"0", b"")
    name, _, mail = (line[: when.start()] if when else line).partition(b"<")
    return b"%s <%s> %d %s" % (
        _UNFIT.sub(b"", name).strip(),
        _UNFIT.sub(b"", mail).strip(),
        int(date) if _DATE.fullmatch(date) else 0,
        zone if _ZONE.fullmatch(zone) else b"+0000",
    )
