"""Which entries a name means: pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archivist.entry import entry_id
from archivist.versions.following import Chain, Place


def meant(place: Place, chains: Sequence[Chain], name: str) -> Iterator[list[Chain]]:
    """The entries that a name may mean, foremost first: by the path and by the id of those that
    are here, of those that were removed, and by what any of them was once.
    """
    for test in (_is_at, _is, _was_at, _was, _was_once_at, _was_once):
        yield [one for one in chains if test(place, one, name)]


def _is_at(place: Place, chain: Chain, name: str) -> bool:
    return chain.is_here and name == place.shown(chain.path)


def _is(place: Place, chain: Chain, name: str) -> bool:
    return chain.is_here and name == entry_id(place.shown(chain.path))


def _was_at(place: Place, chain: Chain, name: str) -> bool:
    return name == place.shown(chain.path)


def _was(place: Place, chain: Chain, name: str) -> bool:
    return name == entry_id(place.shown(chain.path))


def _was_once_at(place: Place, chain: Chain, name: str) -> bool:
    return any(name == place.shown(event.move.path) for event in chain.events)


def _was_once(place: Place, chain: Chain, name: str) -> bool:
    return any(name == entry_id(place.shown(event.move.path)) for event in chain.events)
