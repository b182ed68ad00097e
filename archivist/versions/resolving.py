"""Which entry a person means: by its id or path, now or once; by its title or an alias."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

from archivist import files
from archivist.choice import ALIKE, ambiguous, names_of, paths_of, stems, unknown
from archivist.dates import PolicyDate, read
from archivist.entry import SUFFIX, Entry
from archivist.errors import UnknownName
from archivist.repository.log import tree_files
from archivist.repository.objects import read_what_can_be
from archivist.versions.history import History
from archivist.versions.version import Version

_Answer = TypeVar("_Answer")


def known(history: History, name: str, ask: Callable[[str], _Answer]) -> _Answer:
    """The answer about the entry of a name, which may end in `@DATE` or `@REV`.

    `ask` is given ids and paths, and raises UnknownName for those that are none. Raises
    UnknownName with what is nearest; UsageError for a title of several entries, with their ids.
    """
    try:
        return ask(name)
    except UnknownName as error:
        first = error
    for stem, version in stems(name):
        for path in paths_of(stem):
            with suppress(UnknownName):
                return ask(f"{path}{version}")
    last, entries = first, list(present(history))
    for stem, version in stems(name):
        try:
            entry = entry_here(entries, stem)
        except UnknownName as error:
            last = error
            continue
        with suppress(UnknownName):
            return ask(f"{entry.path}{version}")
        raise UnknownName(first.message, f"did you mean {entry.id}?")  # without the version
    near = first if first.hint and "did you mean" in first.hint else last
    raise UnknownName(first.message, near.hint or first.hint)


def entry_here(entries: Iterable[Entry], name: str) -> Entry:
    """The one of these entries that has a name: an id, a path, a title, an alias.

    Raises UnknownName with what is nearest; UsageError for a title of several, with their ids.
    """
    from archivist.archive import Archive  # for names that are no ids

    every = list(entries)
    archive = Archive.of(every)
    wanted = {name, *paths_of(name)}
    found = [one for one in every if one.path in wanted] or archive.resolve(name)[0]
    if len(found) > 1:
        raise ambiguous(name, names_of([one.path for one in found]))
    if found:
        return found[0]
    raise unknown(name, archive.meant(name, ALIKE), "")


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
