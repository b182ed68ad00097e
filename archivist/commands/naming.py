"""Which entries a command line means: by id, file, folder, title or alias."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from archivist import files
from archivist.archive import Archive
from archivist.choice import ALIKE, ambiguous, names_of, paths_of, unknown
from archivist.commands.session import here
from archivist.entry import entry_id
from archivist.workspace import Workspace


def chosen_paths(args: Namespace, place: Workspace, paths: list[str]) -> list[str]:
    """The paths of the entries that the command line names: by id, file, folder or title; else all.

    Raises UsageError.
    """
    if not args.entries:
        return paths
    chosen: list[str] = []
    for name in args.entries:
        chosen += _at(args, place, paths, name) or _of_title(name, place, frozenset(paths))
    return list(dict.fromkeys(chosen))


def entry_named(args: Namespace, place: Workspace, name: str) -> str:
    """The path of the one file, or of the one entry with an id; else the name itself: it may be a
    title, or of the history. Raises UsageError if there are several.
    """
    found = _at(args, place, [path for path, _ in files.listed(place.root)], name)
    if len(found) > 1:
        raise ambiguous(name, names_of(found))
    return found[0] if found else name


def names_in_history(args: Namespace, place: Workspace) -> list[str]:
    """What the command line names, as a proof of the history takes it: titles as the paths of their
    entries, files and folders relative to the archive, and all else, which may be former ids, as it
    is.
    """
    paths = [path for path, _ in files.listed(place.root)]
    ids = {entry_id(one) for one in paths}
    archive: Archive | None = None
    names: list[str] = []
    for name in args.entries:
        full, top = (here(args) / name).resolve(), place.root.resolve()
        if name in ids:
            names.append(name)
        elif found := [one for one in paths if {one, entry_id(one)} & {*paths_of(name)}]:
            names += found
        elif full.exists() and full.is_relative_to(top) and full != top:
            names.append(full.relative_to(top).as_posix())
        else:
            archive = archive or Archive.of(place.entries())
            names += [one.path for one in archive.resolve(name)[0]] or [name]
    return names


def title_like(place: Workspace, name: str) -> str | None:
    """The title, alias or id that is most like a name."""
    return Archive.of(place.entries()).meant(name, ALIKE)


def _at(args: Namespace, place: Workspace, paths: list[str], name: str) -> list[str]:
    """The paths that a name means as an id, a file or a folder."""
    plain = name.removesuffix("/")
    full = (here(args) / plain).resolve()
    inside = full.relative_to(place.root.resolve()).as_posix() if _within(full, place) else ""
    at = (plain, inside, *paths_of(plain))
    return [one for one in paths if entry_id(one) in (name, *at) or _is_at(one, at)]


def _of_title(name: str, place: Workspace, paths: frozenset[str]) -> list[str]:
    """The paths of the entries that have this title or alias. Raises UsageError if none has."""
    archive = Archive.of(place.entries())
    found = [one.path for one in archive.resolve(name)[0] if one.path in paths]
    if not found:
        hint = "entries are named by their ids, titles or files"
        raise unknown(name, archive.meant(name, ALIKE), hint)
    return found


def _within(full: Path, place: Workspace) -> bool:
    return full.is_relative_to(place.root.resolve())


def _is_at(path: str, places: Sequence[str]) -> bool:
    return any(where and (path == where or path.startswith(f"{where}/")) for where in places)
