"""The versions of a collection's files, as entries: file by file, so that each is read beside the
one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from archivist.dates import PolicyDate
from archivist.extraction.chunks import MarkdownReader, Plain
from archivist.files import MAX_SIZE
from archivist.importing.collection import Terms, terms_of, unfit_terms
from archivist.repository import Repository
from archivist.repository.fastimport import CommitStream
from archivist.repository.log import Step
from archivist.repository.objects import check_present, read_what_can_be
from archivist.yamlreading import written

_MAX_SOURCE = 4 * MAX_SIZE  # bytes of Markdown, of which link targets are often the most
_LARGE = f"larger than {MAX_SIZE >> 20} MiB as a text"
_BINARY = "not a text"
_EPOCH = PolicyDate(1970, 1, 1)
_DAY = 86_400  # seconds


@dataclass
class Texts:
    """What the texts became: blobs of the stream by (commit, path), and why some became none."""

    marks: dict[tuple[str, bytes], str] = field(default_factory=dict)
    unfit: dict[tuple[str, bytes], str] = field(default_factory=dict)


class _Record(NamedTuple):
    """A text in the source: its path and blob, the commit that brought it there, and when it was
    recorded.
    """

    path: bytes
    oid: str
    commit: str
    seconds: int


def write_texts(stream: CommitStream, repository: Repository, history: Iterable[Step]) -> Texts:
    """Write every version that can be an entry. Raises GitFailure if one is missing."""
    texts, reader, records = Texts(), MarkdownReader(), _records(history)
    answers = read_what_can_be(repository, [one.oid for one in records], _MAX_SOURCE)
    for one, data in zip(records, answers, strict=True):
        key = one.commit, one.path
        if data is None:
            texts.unfit[key] = _LARGE
        elif b"\0" in data:
            texts.unfit[key] = _BINARY
        else:
            entry = entry_bytes(one.path, one.seconds, reader.read(data))
            if len(entry) > MAX_SIZE:
                texts.unfit[key] = _LARGE
            else:
                texts.marks[key] = stream.add_blob(entry)
    check_present(repository, [one.oid for one in records if (one.commit, one.path) in texts.unfit])
    return texts


def entry_bytes(path: bytes, seconds: int, plain: Plain) -> bytes:
    """The entry that a version becomes. Its links are counted and their targets told by a digest,
    so that a version with other targets differs in nothing but its front matter.
    """
    targets = f"link targets: {plain.links}, sha256:{plain.targets[:16]}\n" if plain.links else ""
    front = f"{_opening(path)}{_day(seconds // _DAY)}\nurl:\ncredited parents:\n{targets}\n---\n\n"
    return front.encode("utf-8", "backslashreplace") + plain.text


def _records(history: Iterable[Step]) -> list[_Record]:
    """All texts, file by file, each file's in the order of the commits."""
    return sorted(_recorded(history), key=lambda one: one.path)


def _recorded(history: Iterable[Step]) -> Iterator[_Record]:
    """All texts, in the order of the commits. One that a commit only moved was recorded before."""
    stand: dict[bytes, tuple[str, int]] = {}  # path → blob, when it was recorded
    for commit, seconds, found in history:
        moved = dict(stand.pop(one.path) for one in found if not one.oid and one.path in stand)
        for one in found:
            if one.oid and unfit_terms(one.path, one.mode) is None:
                when = moved.get(one.oid, seconds)
                stand[one.path] = one.oid, when
                yield _Record(one.path, one.oid, commit.oid, when)


@lru_cache(1 << 10)
def _opening(path: bytes) -> str:
    """What an entry of these terms begins with, up to its day."""
    service, kind = terms_of(path) or Terms("unnamed", "unnamed")
    lines = (
        *("---", "layout: policy", f"organization: {written(service)}"),
        f"also known as: {written(f'{service} {kind}')}",
        *("date announced:", "date archived: "),
    )
    return "\n".join(lines)


@lru_cache(1 << 10)
def _day(number: int) -> str:
    """A day, counted from 1970 on; what is no day of the calendar is the first one."""
    try:
        day = datetime.fromtimestamp(number * _DAY, UTC)
    except (ValueError, OverflowError, OSError):
        return _EPOCH.styled()
    return PolicyDate(day.year, day.month, day.day).styled()
