"""The archive as the index holds it: what a commit would make of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from archivist import config, schema
from archivist.config import Settings
from archivist.entry import SUFFIX, Entry
from archivist.errors import ConfigurationError
from archivist.files import ENTRIES, MAX_SIZE
from archivist.repository.index import (
    SYMLINK,
    IndexFile,
    Listing,
    StagedChange,
    index_files,
    staged_changes,
)
from archivist.repository.objects import read_blobs
from archivist.repository.process import Repository
from archivist.schema import Schemas
from archivist.workspace import MAX_FILE, entry_of, schemas_from, settings_from

_MAX_LINK = 4096
_PREFIX = f"{ENTRIES}/"
_FOLDERS = (ENTRIES, schema.FOLDER, *config.FILES)
_LISTED = (*_FOLDERS, config.BASELINE)  # a baseline is read, but changes no entry


class StagedArchive:
    """What the index of a repository holds below an archive's folder."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @cached_property
    def files(self) -> Listing:
        """All files of the archive that the index holds. Raises GitFailure."""
        return index_files(self.repository, *_LISTED)

    @cached_property
    def changes(self) -> list[StagedChange]:
        """What differs from HEAD. Raises GitFailure."""
        return staged_changes(self.repository, self.files, *_FOLDERS)

    @cached_property
    def settings(self) -> Settings:
        """The settings as they are staged. Raises ConfigurationError."""
        return settings_from(self.read)

    @cached_property
    def schemas(self) -> Schemas:
        """The schemas as they are staged. Raises ConfigurationError."""
        prefix = f"{schema.FOLDER}/"
        names = [path.removeprefix(prefix) for path in self.files.plain if path.startswith(prefix)]
        return schemas_from([name for name in names if name.endswith(schema.SUFFIX)], self.read)

    @property
    def touches_settings(self) -> bool:
        """True if schemas or settings are staged: then every entry is affected."""
        return any(not change.path.startswith(_PREFIX) for change in self.changes)

    def read(self, path: str) -> bytes | None:
        """The bytes of a staged file; None if the index does not have it.

        Raises GitFailure, or ConfigurationError for one that is too large.
        """
        file = self.files.get(path)
        if path in config.FILES or path.startswith(f"{schema.FOLDER}/"):
            return self._data([file.oid])[file.oid] if file else None
        if file is None and path != config.BASELINE and "\0" not in path:  # another baseline
            file = index_files(self.repository, path).get(path)
        if file is None or not file.is_plain:
            return None
        data = dict(read_blobs(self.repository, [file.oid], MAX_FILE))[file.oid]
        if data is None:
            raise ConfigurationError(f"{path} must not be larger than {MAX_FILE // 1024} KiB")
        return data

    def entries(self, files: Iterable[IndexFile]) -> list[Entry]:
        """The entries that these files are. Raises GitFailure."""
        wanted = [(file, self._target(file)) for file in files]
        oids = [target.oid for _, target in wanted if target and target.path.endswith(SUFFIX)]
        data = self._data(oids)
        return [_entry(file, target, data) for file, target in wanted]

    def all_entries(self) -> list[Entry]:
        """Every entry. Raises GitFailure."""
        return self.entries(file for file in self.files.all() if is_entry(file.path))

    @cached_property
    def blobs(self) -> dict[str, str]:
        """The content of every entry, as an object id, by path; links are followed."""
        plain = self.files.plain
        found = {path: oid for path, oid in plain.items() if is_entry(path)}
        for file in self.files.special.values():
            if is_entry(file.path) and (oid := self.blob_of(file)):
                found[file.path] = oid
        return found

    @cached_property
    def links(self) -> dict[str, str]:
        """The links among the entries, and where in the archive they lead."""
        files = [file for file in self.files.special.values() if is_entry(file.path)]
        found = ((file.path, self._target(file)) for file in files)
        return {path: target.path for path, target in found if target}

    def blob_of(self, file: IndexFile) -> str | None:
        """The content of a file, as an object id; None for what is no file."""
        target = self._target(file)
        return target.oid if target else None

    def _data(self, oids: list[str]) -> dict[str, bytes | None]:
        """The bytes of blobs."""
        missing = [oid for oid in oids if oid not in self._always]
        read = dict(read_blobs(self.repository, missing, MAX_SIZE)) if missing else {}
        return self._always | read if read else self._always

    @cached_property
    def _always(self) -> dict[str, bytes | None]:
        """What every check needs, read at once: settings, schemas, and what the commit changes."""
        plain = self.files.plain.items()
        unusual = (_PREFIX, config.BASELINE)
        wanted = [oid for path, oid in plain if not path.startswith(unusual)]
        wanted += [change.new.oid for change in self.changes if change.new and change.new.is_plain]
        return dict(read_blobs(self.repository, wanted, MAX_SIZE))

    def _target(self, file: IndexFile) -> IndexFile | None:
        """The file itself, or the file in the archive that a link leads to, or None."""
        if file.mode != SYMLINK:
            return file if file.is_plain else None
        link = self._data([file.oid])[file.oid]
        if link is None or len(link) > _MAX_LINK or link.startswith(b"/"):
            return None
        steps: list[str] = []
        for step in (*file.path.split("/")[:-1], *link.decode("utf-8", "replace").split("/")):
            if step == ".." and not steps:
                return None
            steps = (
                steps[:-1] if step == ".." else [*steps, step] if step not in ("", ".") else steps
            )
        path = "/".join(steps)
        found = self.files.get(path) or index_files(self.repository, path).get(path)
        return found if found and found.mode != SYMLINK else None


def is_entry(path: str) -> bool:
    """True for a file below `entries/` that is not hidden."""
    return path.startswith(_PREFIX) and "/." not in path


def _entry(file: IndexFile, target: IndexFile | None, data: dict[str, bytes | None]) -> Entry:
    if target is None:
        return Entry(file.path, "", "not-a-plain-file")
    if not file.path.endswith(SUFFIX):
        return Entry(file.path, "", "other-file")
    content = data.get(target.oid)
    return Entry(file.path, "", "too-large") if content is None else entry_of(file.path, content)
