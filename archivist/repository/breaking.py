"""Where a history breaks off: what can be read of a line of commits of which an object is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archivist.errors import GitFailure
from archivist.repository.process import Repository
from archivist.repository.timeline import Cut, Step, beginning

_HEADERS = 1 << 16  # bytes of a commit, in which its parents are


def unbroken(
    repository: Repository, tip: str, steps: Iterable[Step], cuts: list[Cut]
) -> Iterator[Step]:
    """The steps of a timeline that leads to `tip`, newest first, as far as they can be read.

    Where a commit or a tree is missing or broken, the last step has all files that were there, as
    in a shallow clone, and `cuts` gets where that is. Raises GitFailure if that cannot be read
    either, or if it is something else that is wrong.
    """
    last: Step | None = None
    try:
        for step in steps:
            if last:
                yield last
            last = step
    except GitFailure:
        first, last = _beginning(repository, tip, last)
        lost = _lost_behind(repository, first.rev) if first else None
        if first is None or lost is None:
            raise
        cuts.append(Cut(first.rev, first.committed, lost))
        yield from filter(None, (last, first))
    else:
        yield from filter(None, (last,))


def _beginning(
    repository: Repository, tip: str, last: Step | None
) -> tuple[Step | None, Step | None]:
    """The state before the last step, and that; or that step as a state, and none."""
    before = last.parents[0] if last and last.parents else tip
    if first := _state(repository, before):
        return first, last
    return (_state(repository, last.rev) if last else None), None


def _state(repository: Repository, rev: str) -> Step | None:
    try:
        return beginning(repository, rev)
    except GitFailure:
        return None


def _lost_behind(repository: Repository, rev: str) -> str | None:
    """The parent of a commit, if that cannot be read as a whole."""
    from archivist.repository.log import raw_commits  # nearly all histories do without

    found = next(raw_commits(repository, [rev], _HEADERS))[1]
    parents = re.findall(rb"^parent ([0-9a-f]+)$", found.partition(b"\n\n")[0], re.MULTILINE)
    before = parents[0].decode() if parents else None
    return before if before and _state(repository, before) is None else None
