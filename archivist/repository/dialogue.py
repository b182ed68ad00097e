"""Dialogues with git: many questions to one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO

from archivist.repository.process import Repository

_PIPE = 1 << 20  # bytes


@contextmanager
def asking(repository: Repository, lines: Iterable[str], *arguments: str) -> Iterator[IO[bytes]]:
    """Git's answers, while it is fed the questions: neither side waits for the other.

    Raises GitFailure at the end of the block if git failed.
    """
    with repository.process(*arguments) as child:
        assert child.stdin
        assert child.stdout
        widen(child.stdout)
        feeder = Thread(target=_feed, args=(child.stdin, lines), daemon=True)
        feeder.start()
        yield child.stdout
        feeder.join()
        child.stdin = None  # closed already, which communicate() would trip over


def widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold as much as the system allows anybody: then the two sides take turns less."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _feed(stdin: IO[bytes], lines: Iterable[str]) -> None:
    with suppress(BrokenPipeError):  # the reader sees the end of the output and says so
        for line in lines:
            stdin.write(f"{line}\n".encode())
    with suppress(BrokenPipeError):
        stdin.close()
