"""What people call entries: paths that a name may be short for; names of none, or of several."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from archivist.entry import SUFFIX, entry_id
from archivist.errors import UnknownName, UsageError
from archivist.files import ENTRIES

ALIKE = 0.6  # from there on, another name is what was probably meant
_NAMED = 8  # entries that a message names


def paths_of(name: str) -> Iterator[str]:
    """The other paths, and the id, that a path may be short for: it may begin with `./` or within
    `entries/`, and may leave the suffix out.
    """
    short = name.removeprefix("./")
    stem = short.removesuffix(SUFFIX)
    below = stem.removeprefix(f"{ENTRIES}/")
    found = (short, f"{ENTRIES}/{below}{SUFFIX}", stem, below)
    yield from (one for one in dict.fromkeys(found) if one and one != name)


def stems(name: str) -> Iterator[tuple[str, str]]:
    """A name as it is, and as that of a version, such as `ID@2014`: what may name the entry, and
    what stands behind that from an `@` on; the longest first.
    """
    yield name, ""
    yield from ((name[:at], name[at:]) for at in range(len(name) - 1, 0, -1) if name[at] == "@")


def unknown(name: str, near: str | None, otherwise: str, *, ever: bool = False) -> UnknownName:
    """Nobody has this name, or `ever` had it; `near` is one that may be meant."""
    said = f"no entry {'is or was' if ever else 'is'} named {name}"
    return UnknownName(said, f"did you mean {near}?" if near else otherwise)


def near_ids(name: str, ids: Collection[str]) -> str | None:
    """The few ids that begin with a name that nobody has, or the one most like it; None if none is
    like it.
    """
    from archivist.names import begun, nearest  # with the tables of Unicode in their wake

    return begun(name, ids) or nearest(name, ids)


def names_of(paths: Sequence[str]) -> list[str]:
    """What to call the entries of these paths: their ids, or the paths if two have one id."""
    ids = [entry_id(one) for one in paths]
    return ids if len(set(ids)) == len(ids) else list(paths)


def ambiguous(name: str, owners: Sequence[str]) -> UsageError:
    """Several have this name: `owners` are their ids or paths."""
    some = ", ".join(sorted(owners)[:_NAMED])
    more = f" and {len(owners) - _NAMED} more" if len(owners) > _NAMED else ""
    return UsageError(
        f"{name} is a name of {len(owners)} entries", f"name one of them: {some}{more}"
    )
