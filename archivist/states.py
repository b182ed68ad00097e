"""States of entries, as a command line names them: `ID`, `ID@2014-02-06`, `ID@REV`, a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from archivist import dates, files
from archivist.archive import Archive
from archivist.dates import PolicyDate
from archivist.entry import Entry
from archivist.errors import UsageError
from archivist.names import nearest
from archivist.versions import History, Version
from archivist.versions.choosing import unreadable
from archivist.versions.naming import resolve
from archivist.versions.version import WORKING
from archivist.workspace import Workspace, entry_of

_Answer = TypeVar("_Answer")


class State(NamedTuple):
    """An entry as it was: at a commit (`rev`), in the working tree, or in a file elsewhere.

    `now` is the id that the entry has now, if it had another one then.
    """

    entry: Entry
    rev: str | None = None
    outside: bool = False
    now: str = ""

    @property
    def name(self) -> str:
        """What a person would call it."""
        if self.outside:
            return self.entry.path
        return f"{self.entry.id}@{self.rev[:10]}" if self.rev else f"{self.entry.id} ({WORKING})"

    @property
    def id_now(self) -> str:
        """The id that the entry has now, or had last: what can be asked for."""
        return self.now or self.entry.id

    @property
    def valid_time(self) -> tuple[date, date]:
        """When it was archived, and if that is earlier, announced: what is first comes first."""
        archived = self.archived or date.max
        return archived, min(self.announced or archived, archived)

    @property
    def archived(self) -> date | None:
        """The day the text was archived, by its own front matter; the valid time."""
        return self._day("date archived")

    @property
    def announced(self) -> date | None:
        """The first day on which the text may have been announced, if that is known."""
        return self._day("date announced")

    def _day(self, key: str) -> date | None:
        found = dates.read(self.entry.value(key))
        return found.first if isinstance(found, PolicyDate) else None


class States:
    """The states that an archive knows, named from the folder `here`.

    There is no `place` in a bare repository. `tell` is told which texts cannot be read.
    """

    def __init__(
        self, place: Workspace | None, here: Path, history: History, tell: Callable[[str], None]
    ) -> None:
        self.place = place
        self.here = here
        self.history = history
        self.tell = tell

    @cached_property
    def archive(self) -> Archive:
        """The entries in the folder."""
        return Archive.of(self.place.entries() if self.place else ())

    def find(self, name: str) -> State:
        """The state of this name. Raises UsageError with what is nearest; GitFailure."""
        if (self.here / name).is_file():
            return self._file(name)
        if not self.history.repository.exists:
            return State(self._named(name))
        return self._known(name, lambda known: self.state(resolve(self.history, known)))

    def before(self, name: str) -> tuple[State, State]:
        """The state before the current one, and that. Raises UsageError if there is none."""
        if (self.here / name).is_file() and self.find(name).outside:
            raise UsageError(f"{name} is no entry of this archive: name what to compare it with")
        try:
            versions = self._known(name, self.versions)
        except UsageError as error:
            stem, _, rest = name.partition("@")
            if not rest:
                raise
            raise UsageError(
                f"{name} is one version, if it is any: name what to compare it with",
                f"such as {name} {stem}; `archivist history {stem}` lists its versions",
            ) from error
        if len(versions) < 2:
            raise UsageError(f"{name} has one version only: name another to compare")
        return self.state(versions[-2]), self.state(versions[-1])

    def versions(self, name: str) -> list[Version]:
        """The versions of an entry that have a text, oldest first."""
        return [one for one in self.history.versions(name) if one.oid]

    def chain(self, name: str) -> list[State]:
        """The states of an entry that can be read, oldest first.

        Raises UsageError if the last one cannot: the others do not say what it is.
        """
        versions = self._known(name, self.versions)
        if not versions:
            raise UsageError(f"{name} has no version with a text")
        last = self.state(versions[-1])
        return [*self._readable(versions[:-1]), last]

    def by_valid_time(self, own: str) -> Iterator[State]:
        """The readable states of all entries, what was archived first first; of one day, what says
        that it was announced earlier, then those of the entry of this id, then in the order of
        commits.
        """
        versions = [one for one in self.history.versions() if one.oid]
        versions.sort(key=lambda one: (_valid_time(one), one.entry != own, one.turn))
        return self._readable(versions)

    def _readable(self, versions: Sequence[Version]) -> Iterator[State]:
        for line in unreadable(versions):
            self.tell(f"{line}: what stood there first may be older than it seems")
        for version, data in zip(versions, self.history.texts(versions), strict=True):
            if data is not None:
                yield State(entry_of(version.path, data), version.rev, now=version.entry)

    def state(self, version: Version) -> State:
        """A version with its text. Raises UsageError if that cannot be read."""
        data = self.history.data(version)
        if data is None:
            where = (version.rev or WORKING)[:10]
            raise UsageError(f"{version.entry}@{where} is too large, or cannot be read")
        return State(entry_of(version.path, data), version.rev, now=version.entry)

    def _known(self, name: str, ask: Callable[[str], _Answer]) -> _Answer:
        """An answer about an id; about the entry of a title or an alias, if no id is like that."""
        stem, at, rest = name.partition("@")
        try:
            return ask(name)
        except UsageError:
            found, kind = self.archive.resolve(stem)
            if kind == "id" or len(found) != 1:
                raise
            return ask(f"{found[0].id}{at}{rest}")

    def _file(self, name: str) -> State:
        path = (self.here / name).resolve()
        data = files.read_bounded(path)
        if data is None:
            raise UsageError(f"{name} is larger than {files.MAX_SIZE >> 20} MiB")
        top = self.place.root.resolve() / files.ENTRIES if self.place else None
        if top and top in path.parents:
            return State(entry_of(path.relative_to(top.parent).as_posix(), data))
        return State(entry_of(name, data), outside=True)

    def _named(self, name: str) -> Entry:
        found, _ = self.archive.resolve(name)
        if len(found) == 1:
            return found[0]
        near = nearest(name, list(self.archive.index.names()))
        hint = f"did you mean `{near}`?" if near else None
        raise UsageError(f"there is no entry and no file {name}", hint)


def _valid_time(version: Version) -> tuple[date, date]:
    """The same as that of its state, without its text."""
    archived = version.archived.first if version.archived else date.max
    announced = version.announced.first if version.announced else archived
    return archived, min(announced, archived)
