"""Commits whose messages carry a trailer: what they say, and which files they changed.

Whole history, also what was merged in, as one streamed pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from archivist.errors import GitFailure
from archivist.repository.fields import LIMIT, nul_fields
from archivist.repository.process import Repository
from archivist.repository.trailers import trailer_lines

_FORMAT = "%x00%H%x00%B"
_OPTIONS = (
    *("log", "-z", "--raw", "--root", "--no-renames", "--no-abbrev", "--no-relative", "--no-notes"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--encoding=UTF-8", "--diff-merges=off"),
    *("--basic-regexp", f"--format={_FORMAT}"),
)


class Claimed(NamedTuple):
    """A commit: its trailers, and the blobs of the plain files that it added or changed, by path
    from the top of the repository.
    """

    rev: str
    trailers: tuple[tuple[str, str], ...]
    files: dict[bytes, str]


def commits_with(repository: Repository, tip: str, trailer: str) -> Iterator[Claimed]:
    """The commits that lead to `tip` and have this trailer, newest first.

    Raises GitFailure if an object is missing, or if there are more than `LIMIT` changes.
    """
    span = (f"--grep=^{trailer}: ", "--end-of-options", tip, "--")
    with repository.process(*_OPTIONS, *span) as child:
        assert child.stdout
        yield from _read(nul_fields(child.stdout))


def _read(fields: Iterator[bytes]) -> Iterator[Claimed]:
    """A blank field begins a commit, its id and message follow; then come pairs of a raw line and a
    path.
    """
    found: Claimed | None = None
    total = 0
    for field in fields:
        if not field.strip(b"\n"):
            if found:
                yield found
            rev, message = next(fields, b""), next(fields, b"")
            found = Claimed(rev.decode("ascii", "replace"), _pairs(message), {})
        elif found and field.lstrip(b"\n").startswith(b":"):
            path = next(fields, b"")
            mode, oid = _raw(field)
            if mode.startswith("100"):
                found.files[path] = oid
            total += 1
            if total > LIMIT:
                raise GitFailure(f"the history holds more than {LIMIT} changes")
    if found:
        yield found


def _pairs(message: bytes) -> tuple[tuple[str, str], ...]:
    lines = trailer_lines(message.decode("utf-8", "replace"))
    parts = (line.partition(": ") for line in lines)
    return tuple((key, value) for key, colon, value in parts if colon)


def _raw(line: bytes) -> tuple[str, str]:
    _, mode, _, oid, _ = line.lstrip(b"\n")[1:].decode("ascii", "replace").split(" ")
    return mode, oid
