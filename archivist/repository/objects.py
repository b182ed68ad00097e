"""Reading objects: many blobs through one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from archivist.errors import GitFailure
from archivist.repository.dialogue import asking
from archivist.repository.process import Repository

_CHUNK = 1 << 16


def read_blobs(
    repository: Repository, oids: Iterable[str], limit: int
) -> Iterator[tuple[str, bytes | None]]:
    """Each blob with its bytes, in the order asked for; None for one larger than `limit` bytes.

    Raises GitFailure if an object is missing or broken: git itself only mentions it.
    """
    wanted = list(dict.fromkeys(oids))
    if not wanted:
        return
    with asking(repository, wanted, "cat-file", "--batch") as answers:
        for oid in wanted:
            yield oid, _read_blob(answers, oid, limit)


def _read_blob(stdout: IO[bytes], oid: str, limit: int) -> bytes | None:
    header = stdout.readline().split()
    if len(header) != 3 or header[1] != b"blob":
        raise GitFailure(f"the repository lacks the object {oid}", "git fsck says what is broken")
    size = int(header[2])
    if size <= limit:
        data = stdout.read(size + 1)
        if len(data) != size + 1:
            raise GitFailure(f"the object {oid} is cut short", "git fsck says what is broken")
        return data[:-1]
    left = size + 1
    while left and (chunk := stdout.read(min(left, _CHUNK))):
        left -= len(chunk)
    return None
