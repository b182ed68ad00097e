"""States of entries, as a command line names them: `ID`, `ID@2014-02-06`, `ID@REV`, a file."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from archivist import dates, files
from archivist.dates import PolicyDate
from archivist.entry import Entry
from archivist.errors import UnknownName, UsageError
from archivist.versions import History, Version
from archivist.versions.certainty import doubts, removed
from archivist.versions.naming import latest, removal, resolved
from archivist.versions.resolving import entry_here, known
from archivist.versions.version import WORKING
from archivist.workspace import Workspace, entry_of

_Answer = TypeVar("_Answer")
STDIN = "-"


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

    There is no `place` in a bare repository, and where files alone are compared. What is to be said
    beside them is in the notes of the history.
    """

    def __init__(self, place: Workspace | None, here: Path, history: History) -> None:
        self.place = place
        self.here = here
        self.history = history

    def is_file(self, name: str) -> bool:
        """True if a name is that of a file or a pipe, or `-`, which is stdin."""
        return name == STDIN or (self.here / name).is_file() or _is_stream(self.here / name)

    def find(self, name: str) -> State:
        """The state of this name. Raises UsageError with what is nearest; GitFailure."""
        if self.is_file(name):
            return self._file(name)
        if not self.history.repository.exists:
            return State(entry_here(self.place.entries() if self.place else (), name))
        return self._known(name, self._told)

    def _told(self, name: str) -> State:
        found = resolved(self.history, name)
        for line in doubts(found):
            self.history.notes.add(line)
        return self.state(found.version)

    def before(self, name: str) -> tuple[State, State]:
        """The state before the current one, and that. Raises UsageError if there is none."""
        if self.is_file(name) and self.find(name).outside:
            raise UsageError(f"{name} is no entry of this archive: name what to compare it with")
        try:
            versions = self._known(name, self.versions)
        except UnknownName as error:
            stem, _, rest = name.partition("@")
            if not rest:
                raise
            raise UsageError(
                f"{name} is one version, if it is any: name what to compare it with",
                f"such as {name} {stem}; `archivist history {stem}` lists its versions",
            ) from error
        present = versions[-1]
        others = [one for one in versions if one.oid != present.oid]
        if not others:
            others = [one for one in self._elsewhen(name, present) if one.oid != present.oid]
        if not others:
            said = (
                "has one version only" if len(versions) == 1 else "never changed but for its path"
            )
            raise UsageError(f"{name} {said}: name another to compare")
        return self.state(others[-1]), self.state(present)

    def versions(self, name: str) -> list[Version]:
        """The versions with a text that lead to the entry as it stands, oldest first, that last.

        That it was removed is told. Raises UsageError if there never was a text.
        """
        every = self.history.versions(name)
        present = latest(every)
        if gone := removal(every):
            self.history.notes.add(f"{present.entry}: {removed(gone)}")
        texts = [one for one in every if one.oid]
        return texts[: texts.index(present) + 1]

    def _elsewhen(self, name: str, present: Version) -> list[Version]:
        """What was committed before the present version, although it is of a later day."""
        every = self._known(name, self.history.versions)
        texts = [one for one in every if one.oid and one.turn < present.turn]
        return sorted(texts, key=lambda one: one.turn)

    def chain(self, name: str) -> list[State]:
        """The states of an entry that can be read, oldest first.

        Raises UsageError if the last one cannot: the others do not say what it is.
        """
        versions = self._known(name, self.versions)
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
        is_whole = True
        for version, data in zip(versions, self.history.texts(versions), strict=True):
            if data is not None:
                yield State(entry_of(version.path, data), version.rev, now=version.entry)
            is_whole = is_whole and data is not None
        if not is_whole:
            self.history.notes.add("what stood first in such a text may be older than it seems")

    def state(self, version: Version) -> State:
        """A version with its text. Raises UsageError if that cannot be read."""
        data = self.history.data(version)
        if data is None:
            name = f"{version.entry}@{version.rev[:10]}" if version.rev else version.entry
            raise UsageError(f"{name} is too large, or cannot be read")
        return State(entry_of(version.path, data), version.rev, now=version.entry)

    def _known(self, name: str, ask: Callable[[str], _Answer]) -> _Answer:
        return known(self.history, name, ask)

    def _file(self, name: str) -> State:
        path = self.here / name
        is_stream = name == STDIN or _is_stream(path)
        data = _streamed(name if name == STDIN else path) if is_stream else files.read_bounded(path)
        if data is None:
            raise UsageError(f"{name} is larger than {files.MAX_SIZE >> 20} MiB")
        top = self.place.root.resolve() / files.ENTRIES if self.place else None
        if top and not is_stream and top in path.resolve().parents:
            return State(entry_of(path.resolve().relative_to(top.parent).as_posix(), data))
        entry = entry_of(name, data)
        if b"\0" in data or entry.obstacle:
            raise UsageError(f"{name} is not a text", "texts are in UTF-8, and without NUL")
        return State(entry, outside=True)


def _is_stream(path: Path) -> bool:
    """True for a pipe, such as the shell makes of `<(…)`, and for a device."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _streamed(source: str | Path) -> bytes | None:
    """What a pipe, or stdin, has to say; None if that is too much. Waits for it."""
    with open(0 if source == STDIN else source, "rb", closefd=source != STDIN) as file:
        data = file.read(files.MAX_SIZE + 1)
    return data if len(data) <= files.MAX_SIZE else None


def _valid_time(version: Version) -> tuple[date, date]:
    """The same as that of its state, without its text."""
    archived = version.archived.first if version.archived else date.max
    announced = version.announced.first if version.announced else archived
    return archived, min(announced, archived)
