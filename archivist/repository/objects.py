"""Reading objects: many blobs through one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from archivist.errors import GitFailure
from archivist.repository.dialogue import asking
from archivist.repository.process import Repository

_CHUNK = 1 << 16
_MOST_BREAKS = 50  # times that git may die of broken objects before the rest counts as broken


def read_blobs(
    repository: Repository, oids: Iterable[str], limit: int
) -> Iterator[tuple[str, bytes | None]]:
    """Each blob with its bytes, in the order asked for; None for one larger than `limit` bytes.

    Raises GitFailure if an object is missing or broken: git itself only mentions it.
    """
    wanted = list(dict.fromkeys(oids))
    if not wanted:
        return
    with asking(repository, wanted, "cat-file", "--batch", "--buffer") as answers:
        for oid in wanted:
            yield oid, _read_blob(answers, oid, limit)


def read_what_can_be(
    repository: Repository, oids: Sequence[str], limit: int
) -> Iterator[bytes | None]:
    """The bytes of each blob, in the order asked for and as often; None for one that is missing,
    broken or larger than `limit`: git dies of some of these, and is then asked for the rest.
    """
    for data in read_ended(repository, oids, limit):
        yield None if data is None else data[:-1]


def read_ended(repository: Repository, oids: Sequence[str], limit: int) -> Iterator[bytes | None]:
    """The same, each with a newline more, as git says them: that spares a copy of each."""
    done = 0
    for _ in range(_MOST_BREAKS):
        try:
            with asking(repository, oids[done:], "cat-file", "--batch", "--buffer") as answers:
                while done < len(oids):
                    data = _known_blob(answers, limit)
                    done += 1
                    yield data
        except GitFailure:
            if done == len(oids):
                return
            done += 1
            yield None
        if done == len(oids):
            return
    yield from [None] * (len(oids) - done)


def check_present(repository: Repository, oids: Sequence[str]) -> None:
    """Raises GitFailure if one of these objects is missing, or broken in its first bytes."""
    with asking(repository, oids, "cat-file", "--batch-check", "--buffer") as answers:
        for oid in oids:
            if len(answers.readline().split()) != 3:
                raise GitFailure(f"the repository lacks {oid}", "git fsck says what is broken")


def _known_blob(stdout: IO[bytes], limit: int) -> bytes | None:
    header = stdout.readline().split()
    if not header:
        raise GitFailure("git broke off")
    if header[-1] == b"missing" or len(header) != 3:
        return None
    size = int(header[2])
    if size > limit or header[1] != b"blob":
        _skip(stdout, size + 1)
        return None
    data = stdout.read(size + 1)
    if len(data) <= size:
        raise GitFailure("git broke off")
    return data


def _skip(stdout: IO[bytes], left: int) -> None:
    while left and (chunk := stdout.read(min(left, _CHUNK))):
        left -= len(chunk)


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
    _skip(stdout, size + 1)
    return None
