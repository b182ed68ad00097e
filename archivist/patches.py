"""What each version of an entry changed, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from archivist.difference import Difference, difference
from archivist.states import State
from archivist.versions import History, Version
from archivist.workspace import entry_of

Pair = tuple[Version, Version]  # the version before in valid time, and the version


def patches(
    history: History, versions: Sequence[Version], wanted: Collection[Version]
) -> dict[Version, Difference]:
    """The wanted ones of these versions, each compared with the one before it in valid time.

    `versions` are all of their entries, as `History.versions` gives them. What was added or
    removed, or cannot be read, is left out: there is nothing to compare. One pass reads all texts.
    """
    chosen = set(wanted)
    pairs = [pair for pair in _neighbours(versions) if pair[1] in chosen]
    texts = _texts(history, pairs)
    found = {}
    for before, version in pairs:
        old, new = next(texts), next(texts)
        if old is not None and new is not None:
            found[version] = difference(
                State(entry_of(before.path, old), before.rev),
                State(entry_of(version.path, new), version.rev),
            )
    return found


def _neighbours(versions: Sequence[Version]) -> Iterator[Pair]:
    before: Version | None = None
    for one in versions:
        before = None if one.kind == "added" else before
        if before and one.oid:
            yield before, one
        before = one if one.oid else before


def _texts(history: History, pairs: Sequence[Pair]) -> Iterator[bytes | None]:
    """The texts of the pairs, one after the other; the one before is not read again."""
    every = [one for pair in pairs for one in pair]
    runs = [list(run) for _, run in groupby(every, key=lambda one: one.oid)]
    for run, data in zip(runs, history.texts([run[0] for run in runs]), strict=True):
        yield from [data] * len(run)
