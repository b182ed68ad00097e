"""Checks shared by several processes: what costs is the making of texts, and each stands alone.

A process gets bytes through a pipe of its own and answers with findings; it asks neither git nor
the network, and ends when its pipe does, however this process came to its end. Each holds one claim
at a time, and results come in the order of the claims.

(`concurrent.futures` would do if it did not hang, in Python 3.11 as distributions have it, on a
process that dies while a large argument is on its way: python/cpython#94777.)
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from archivist.errors import EnvironmentFailure
from archivist.verifying.checking import Check, check
from archivist.verifying.claims import Claim, Objects

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_MOST_JOBS = 8  # processes without being asked for: each takes some 50 MB
_AHEAD = 16  # results for each process that wait for one before them
_SOON = 0.2  # CPU seconds after which it is known how long a check takes
_LONG = 1.0  # CPU seconds of checking that are left, from which other processes pay


class Checked(NamedTuple):
    """A claim, the bytes of its entry, and what came of it."""

    claim: Claim
    entry: bytes | None
    check: Check


class _Waiting:
    """A claim whose result is wanted."""

    def __init__(self, claim: Claim, entry: bytes | None) -> None:
        self.claim = claim
        self.entry = entry
        self.check: Check | None = None


class _Worker:
    """A process, its pipe, and what it is at."""

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self.process = process
        self.pipe = pipe
        self.task: _Waiting | None = None


def usual_jobs() -> int:
    """How many processes there may be: one for each core that this one may use."""
    can = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(can or 1, _MOST_JOBS)


def checked(
    pairs: Iterable[tuple[Claim, Objects]], count: int, jobs: int | None = None
) -> Generator[Checked, None, None]:
    """Check each of these claims, of which there are `count`, against its objects: by `jobs`
    processes; None lets it begin in this one, and have others for the rest if that takes long.

    Raises EnvironmentFailure if one of them dies.
    """
    rest = iter(pairs)
    most = usual_jobs() if jobs is None else jobs
    if jobs is None or most < 2:
        yield from _alone(rest, count if most > 1 else 0)
    for first in rest:
        with _workers(most) as workers:
            yield from _shared(workers, chain([first], rest))


def _alone(rest: Iterator[tuple[Claim, Objects]], count: int) -> Iterator[Checked]:
    """Check them here, until it seems that the rest of `count` would take long."""
    begin = time.process_time()  # a busy machine is no reason
    for done, (claim, objects) in enumerate(rest, 1):
        yield Checked(claim, objects.entry, check(claim, objects))
        spent = time.process_time() - begin
        if spent > _SOON and spent / done * (count - done) > _LONG:
            return


def _shared(workers: list[_Worker], pairs: Iterable[tuple[Claim, Objects]]) -> Iterator[Checked]:
    waiting: deque[_Waiting] = deque()
    idle, most = list(workers), _AHEAD * len(workers)
    for claim, objects in pairs:
        while not idle or len(waiting) >= most:
            idle += _answered(workers)
            yield from _done(waiting)
        waiting.append(_Waiting(claim, objects.entry))
        _give(idle.pop(), waiting[-1], objects)
    while waiting:
        yield from _done(waiting)
        if waiting:
            _answered(workers)


def _done(waiting: deque[_Waiting]) -> Iterator[Checked]:
    while waiting and (found := waiting[0].check) is not None:
        one = waiting.popleft()
        yield Checked(one.claim, one.entry, found)


def _give(worker: _Worker, task: _Waiting, objects: Objects) -> None:
    worker.task = task
    with suppress(OSError):  # it has died, which is found when its answer is awaited
        worker.pipe.send((task.claim, objects))


def _answered(workers: list[_Worker]) -> list[_Worker]:
    """Wait until somebody answers; those who have. Raises EnvironmentFailure."""
    from multiprocessing.connection import wait

    busy = [one for one in workers if one.task]
    heard = wait([one.pipe for one in busy])
    ready = [one for one in busy if one.pipe in heard]
    for one in ready:
        try:
            answer = one.pipe.recv()
        except (EOFError, OSError) as error:
            raise EnvironmentFailure(
                "a process that checked versions was ended from outside: too little memory?",
                "`--jobs 1` checks them one after another",
            ) from error
        if not isinstance(answer, Check):
            raise RuntimeError(answer)
        assert one.task is not None
        one.task.check, one.task = answer, None
    return ready


@contextmanager
def _workers(count: int) -> Iterator[list[_Worker]]:
    """So many processes, which are gone when the block is left, whatever they were at."""
    from multiprocessing import get_context

    context = get_context("spawn")  # a fork would have the locks of this process, and its pipes
    workers: list[_Worker] = []
    try:
        with _undisturbed():
            for _ in range(count):
                pipe, other = context.Pipe()
                process = context.Process(target=_work, args=(other,), daemon=True)
                process.start()
                other.close()
                workers.append(_Worker(process, pipe))
        yield workers
    finally:
        for one in workers:
            one.pipe.close()
            one.process.kill()
        for one in workers:
            one.process.join()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C back. Processes that begin meanwhile never hear of it: that is for this one."""
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection) -> None:
    """Check what comes, until nothing comes any more."""
    with suppress(EOFError, OSError):
        while True:
            claim, objects = pipe.recv()
            pipe.send(_tried(claim, objects))


def _tried(claim: Claim, objects: Objects) -> Check | str:
    """What came of a check; of one that fails, as none should, how."""
    try:
        return check(claim, objects)
    except Exception:
        from traceback import format_exc

        return f"{claim.path} in {claim.rev}: {format_exc()}"
