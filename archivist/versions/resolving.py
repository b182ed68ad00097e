"""Which entry a person means: by its id or path, now or once; by its title or an alias."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from archivist import files
from archivist.dates import PolicyDate, read
from archivist.entry import SUFFIX, Entry
from archivist.errors import UnknownName, UsageError
from archivist.repository.log import tree_files
from archivist.repository.objects import read_what_can_be
from archivist.versions.history import History
from archivist.versions.version import Version

_Answer = TypeVar("_Answer")
_ALIKE = 0.6
_NAMED = 5  # entries that are named where a title means several


def known(history: History, name: str, ask: Callable[[str], _Answer]) -> _Answer:
    """The answer about the entry of a name, which may end in `@DATE` or `@REV`.

    `ask` is given ids and paths, and raises UnknownName for those that are none. Raises
    UnknownName with what is nearest; UsageError for a title of several entries, with their ids.
    """
    try:
        return ask(name)
    except UnknownName as error:
        unknown = error
    stem, at, rest = name.partition("@")
    for path in _paths(stem):
        try:
            return ask(f"{path}{at}{rest}")
        except UnknownName:
            continue
    try:
        entry = entry_here(present(history), stem)
    except UnknownName as error:
        near = unknown if unknown.hint and "did you mean" in unknown.hint else error
        raise UnknownName(unknown.message, near.hint or unknown.hint) from None
    return ask(f"{entry.path}{at}{rest}")


def entry_here(entries: Iterable[Entry], name: str) -> Entry:
    """The one of these entries that has a name: an id, a path, a title, an alias.

    Raises UnknownName with what is nearest; UsageError for a title of several, with their ids.
    """
    from archivist.archive import Archive  # for names that are no ids

    every = list(entries)
    archive = Archive.of(every)
    wanted = {name, *_paths(name)}
    found, kind = archive.resolve(name)
    every = [one for one in every if one.path in wanted] or list(found)
    if len(every) > 1:
        raise UsageError(f"{name} is the {kind} of {len(every)} entries", _ids(every))
    if every:
        return every[0]
    near = archive.nearest(name, _ALIKE)
    raise UnknownName(f"no entry is named {name}", f"did you mean {near}?" if near else None)


def version_of_file(entry: Entry) -> Version:
    """An entry as it stands in a folder that has no history."""
    archived, announced = (read(entry.value(f"date {key}")) for key in ("archived", "announced"))
    return Version(
        *(entry.id, None, entry.path, entry.path, "text"),
        archived=archived if isinstance(archived, PolicyDate) else None,
        announced=announced if isinstance(announced, PolicyDate) else None,
    )


def present(history: History) -> Iterator[Entry]:
    """The entries as they stand: files, or in a bare repository those of HEAD. Raises FileFailure,
    GitFailure.
    """
    if not (history.repository.exists and history.extent.is_bare):
        for file in files.read_entries(history.root):
            yield Entry(file.path, file.data.decode("utf-8", "surrogateescape"), file.obstacle)
        return
    found = [one for one in tree_files(history.repository, "HEAD", f"{files.ENTRIES}/") if one.oid]
    oids = [one.oid for one in found]
    for one, data in zip(
        found, read_what_can_be(history.repository, oids, files.MAX_SIZE), strict=True
    ):
        path = one.path.decode("utf-8", "surrogateescape")
        if data is not None and path.endswith(SUFFIX):
            yield Entry(path, data.decode("utf-8", "surrogateescape"))


def _paths(name: str) -> Iterator[str]:
    """What a path may be short for: from `entries/`, or without the suffix."""
    short = name.removeprefix("./")
    stem = short.removesuffix(SUFFIX)
    yield from (one for one in (short, f"{files.ENTRIES}/{stem}{SUFFIX}", stem) if one != name)


def _ids(found: Sequence[Entry]) -> str:
    ids = sorted(one.id for one in found)[:_NAMED]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"name one of them: {', '.join(ids)}{more}"
