"""Proving that what is told of entries leads to what is there: pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from archivist.versions.following import Chain


def breaks(chains: Iterable[Chain], tree: dict[bytes, str]) -> list[str]:
    """What is wrong with these chains, if anything: an event that does not begin where the one
    before it ended, or an end that is not what `tree` (path → blob) holds.
    """
    wrong = []
    left = dict(tree)
    for chain in chains:
        last: str | None = None
        for event in chain.events:
            if event.move.old != last:
                name = event.move.path.decode("utf-8", "surrogateescape")
                wrong.append(f"{name}: {event.step.rev[:10]} does not begin where it ended before")
            last = event.move.new
        # One that is gone ends nowhere: what is at its path now may be another entry.
        if last is not None and last != left.pop(chain.path, None):
            name = chain.path.decode("utf-8", "surrogateescape")
            wrong.append(f"{name}: its versions do not end at the text of HEAD")
    wrong += [
        f"{path.decode('utf-8', 'surrogateescape')}: no version leads to the text of HEAD"
        for path in left
    ]
    return wrong
