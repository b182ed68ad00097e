"""The archive on disk: where it is, its settings, its schemas and its entries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archivist import files
from archivist.entry import SUFFIX, Entry
from archivist.errors import ConfigurationError, FileFailure, UsageError

if TYPE_CHECKING:  # settings and schemas are imported when they are asked for
    from archivist.config import Settings
    from archivist.schema import Schemas

_MAX_SETTINGS = 1 << 16  # bytes; TOML takes its time over what is made to be slow
MAX_FILE = 1 << 24  # the baseline of a large archive has a line for each finding

# Gives the bytes of a file of the archive, or None if there is none.
Reader = Callable[[str], bytes | None]


class Workspace:
    """An archive's folder. `config_file` overrides where the settings are read from."""

    def __init__(self, root: Path, config_file: Path | None = None) -> None:
        self.root = root
        self.config_file = config_file

    @cached_property
    def settings(self) -> Settings:
        """The settings in the folder, or the defaults. Raises ConfigurationError."""
        from archivist.config import parse_settings

        if self.config_file is not None:
            data = _bounded(self.config_file, _MAX_SETTINGS)
            if data is None:
                raise ConfigurationError(f"there is no settings file {self.config_file}")
            return parse_settings(data, str(self.config_file))
        return settings_from(self.read)

    @cached_property
    def schemas(self) -> Schemas:
        """The built-in schemas and those of the archive's `schema/` folder."""
        from archivist import schema

        folder = self.root / schema.FOLDER
        names = sorted(path.name for path in folder.glob(f"*{schema.SUFFIX}"))
        return schemas_from(names, self.read)

    def entries(self) -> Iterator[Entry]:
        """Every file below `entries/`, by path. Raises FileFailure."""
        return map(entry_from, files.read_entries(self.root))

    def read(self, path: str) -> bytes | None:
        """A file's bytes by its path in the archive; None if there is none."""
        from archivist.config import FILES

        return _bounded(self.root / path, _MAX_SETTINGS if path in FILES else MAX_FILE)


def find_root(start: Path) -> Path:
    """The nearest folder, from `start` upward, that is an archive. Raises UsageError if none is."""
    start = start.absolute()
    if not start.is_dir():
        raise UsageError(f"there is no folder {start}")
    for folder in (start, *start.parents):
        if (folder / files.ENTRIES).is_dir() or _has_settings(folder):
            return folder
    if (start / "HEAD").is_file() and (start / "objects").is_dir():
        raise UsageError("a bare repository has no files", "clone it, and act in the clone")
    raise UsageError(
        "there is no archive here: no folder `entries/`, in this folder or above",
        "`archivist init` begins one; `archivist -C DIR` acts elsewhere",
    )


def _has_settings(folder: Path) -> bool:
    from archivist.config import FILES

    return (folder / FILES[0]).is_file()


def settings_from(read: Reader) -> Settings:
    """The settings of an archive whose files `read` gives. Raises ConfigurationError."""
    from archivist.config import FILES, Settings, parse_settings

    for name in FILES:
        data = read(name)
        if data is not None:
            settings = parse_settings(data, name)
            if settings.source:
                return settings
    return Settings()


def schemas_from(names: list[str], read: Reader) -> Schemas:
    """The schemas of an archive, given the file names in its `schema/` folder."""
    from archivist import schema

    own: dict[str, bytes] = {}
    for name in names:
        data = read(f"{schema.FOLDER}/{name}")
        if data is None or len(data) > schema.MAX_SIZE:
            raise ConfigurationError(f"{schema.FOLDER}/{name} cannot be read or is too large")
        own[name] = data
    return schema.Schemas(own)


def entry_from(source: files.SourceFile) -> Entry:
    """The entry that a file is; bytes that are not UTF-8 are kept as surrogates."""
    return entry_of(source.path, source.data, source.obstacle)


def entry_of(path: str, data: bytes, obstacle: str | None = None) -> Entry:
    """The entry of a file's bytes."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Entry(path, "", "encoding")
    return Entry(path, data.decode("utf-8", "surrogateescape"), obstacle)


def bytes_of(text: str) -> bytes:
    """The bytes of an entry's text: the inverse of `entry_of`."""
    return text.encode("utf-8", "surrogateescape")


def path_in_archive(root: Path, given: str, here: Path) -> str:
    """The path in the archive of a file or folder named on a command line, relative to `here`.

    Raises UsageError if it lies outside of the archive's entries. Links are not followed in the
    last step: a link is an entry of its own.
    """
    top = root.resolve() / files.ENTRIES
    full = Path(os.path.normpath(here / given))
    try:
        place = full.parent.resolve() / full.name
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL
        raise UsageError(f"{given} leads nowhere") from error
    if place in (top.parent, top):
        return files.ENTRIES
    if top not in place.parents:
        raise UsageError(f"{given} is not below {files.ENTRIES}/ of this archive")
    return place.relative_to(top.parent).as_posix()


def named_entries(root: Path, given: Iterable[str], here: Path) -> tuple[str, ...]:
    """The paths in the archive of these files and folders. Raises UsageError for one that is not
    there.
    """
    for name in given:
        if not os.path.lexists(here / name):
            entry = f"{files.ENTRIES}/{name}{SUFFIX}"
            hint = f"did you mean {entry}?" if (root / entry).is_file() else None
            raise UsageError(f"there is no file {name}", hint)
    return tuple(path_in_archive(root, name, here) for name in given)


def _bounded(path: Path, limit: int) -> bytes | None:
    try:
        if not path.is_file():
            return None
        data = files.read_bounded(path, limit)
    except OSError as error:
        raise FileFailure(f"cannot read {path.name}: {error.strerror}") from error
    if data is None:
        raise ConfigurationError(f"{path.name} must not be larger than {limit // 1024} KiB")
    return data


def only(entries: Mapping[str, Entry], paths: Iterable[str]) -> list[Entry]:
    """The entries at these paths or below these folders."""
    wanted = set(paths)
    prefixes = tuple(f"{path}/" for path in wanted)
    return [one for path, one in entries.items() if path in wanted or path.startswith(prefixes)]
