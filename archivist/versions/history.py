"""The history of an archive: who asks here need know neither git nor the order of commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from stat import S_ISREG

from archivist.choice import ambiguous, near_ids, unknown
from archivist.entry import entry_id
from archivist.errors import GitFailure, NoRepository, UsageError
from archivist.files import ENTRIES, MAX_SIZE, listed, read_entry
from archivist.repository import Repository
from archivist.repository.objects import read_what_can_be
from archivist.repository.timeline import Extent, Move, Step, cut, extent
from archivist.versions.following import LAST, Chain, Event, Place
from archivist.versions.meaning import meant
from archivist.versions.notes import EXACT, PARTIAL, Notes, cut_off
from archivist.versions.proving import breaks
from archivist.versions.reading import MainLine, Reading
from archivist.versions.remembering import Memory
from archivist.versions.single import single
from archivist.versions.studying import Knowledge
from archivist.versions.telling import Told, blobs, ordered, told, versions_of
from archivist.versions.version import Version
from archivist.versions.working import WorkingFile, compared, edited, working_files


class History:
    """All versions of all entries of the archive at `root`, read when they are asked for.

    In a bare repository `root` is the repository; `with_edits` tells what is not committed, too.
    `tell` is told at once whatever comes to be noted: above all what is lacking. Every method may
    raise GitFailure.
    """

    def __init__(
        self, root: Path, *, with_edits: bool = True, tell: Callable[[str], None] | None = None
    ) -> None:
        self.root = root
        self.with_edits = with_edits
        self.knowledge = Knowledge()
        self.notes = Notes(tell)

    @cached_property
    def repository(self) -> Repository:
        """The repository that the archive lies in."""
        return Repository(self.root)

    @cached_property
    def extent(self) -> Extent:
        """How much of the history is here. Raises NoRepository where there is none."""
        try:
            found = extent(self.repository)
        except NoRepository:
            raise NoRepository(
                "this archive is in no git repository, so it has no history",
                "`git init`, then `git add` and `git commit`, begin one",
            ) from None
        if begin := cut(self.repository, found):
            self.notes.lack_before(begin)
        if found.is_partial:
            self.notes.add(PARTIAL)
        return found

    @cached_property
    def place(self) -> Place:
        """Where the archive lies in its repository."""
        return Place(self.extent.prefix)

    @cached_property
    def chains(self) -> list[Chain]:
        """The events of every entry, uncommitted edits among them."""
        following = self._reading.following
        if self.with_edits and not self.extent.is_bare and self._edits:
            following = following.copied()
            heads = self._heads
            following.take(
                self._edit(one, heads.get(one.origin or one.path)) for one in self._edits
            )
        return following.chains

    def ids(self) -> list[str]:
        """The ids of all entries that are or were, sorted."""
        return sorted({self._id(chain) for chain in self.chains})

    def find(self, name: str) -> Chain:
        """The entry of a path, of an id, or of a name that it once had.

        What is here goes before what was removed, and that before former names; of several that
        were removed from one place, the last one is meant. Raises UnknownName if there is none,
        with the nearest name; UsageError if there are several, with their paths.
        """
        for found in meant(self.place, self.chains, name):
            paths = sorted({self.place.shown(one.path) for one in found})
            if len(paths) > 1:
                raise ambiguous(name, paths)
            if found:
                return max(found, key=lambda one: one.events[-1].turn)
        raise unknown(name, near_ids(name, self.ids()), "`archivist history` lists all", ever=True)

    def versions(self, name: str | None = None) -> list[Version]:
        """The versions of one entry, or of all: in valid time, each entry's oldest first.

        Another entry that was removed from the same place is noted. Raises UnknownName for a name
        that no entry has or had; UsageError for one that several have.
        """
        one = None if name is None else self._single(name)
        if name is not None and one is None:
            one = self.find(name)
            self._note_others(one)
        if one is not None:
            told = self._told([one] if one.recalled is None else [])
            found = next(self._versions([one], told))
            self.notes.lack_texts(found)
            return found
        return [version for _, versions in self.stories() for version in versions]

    def stories(self) -> list[tuple[Chain, list[Version]]]:
        """All entries that are or were, each with its versions."""
        told = self._told([one for one in self.chains if one.recalled is None])
        self._remember(told)
        found = list(zip(self.chains, self._versions(self.chains, told), strict=True))
        self.notes.lack_texts(one for _, versions in found for one in versions)
        return found

    def _versions(
        self, chains: Sequence[Chain], told: Mapping[Chain, Told]
    ) -> Iterator[list[Version]]:
        """The versions of entries, of each as it is told or remembered."""
        return (
            one.recalled.versions() if one.recalled else list(versions_of(told[one]))
            for one in chains
        )

    def data(self, version: Version) -> bytes | None:
        """The bytes of a version's file; None for a removal, and for what cannot be read."""
        return next(self.texts([version]))

    def texts(self, versions: Sequence[Version]) -> Iterator[bytes | None]:
        """The bytes of each of these versions' files, like `data`, in one pass."""
        own = self.knowledge.own
        if any(one.rev is None and one.oid and one.oid not in own for one in versions):
            _ = self.chains  # reads the edits that are not committed
        asked = [one.oid for one in versions if one.oid and one.oid not in own]
        answers = read_what_can_be(self.repository, asked, MAX_SIZE)
        for one in versions:
            if one.oid is None:
                yield None
                continue
            data = own[one.oid] if one.oid in own else next(answers)
            if data is None:
                self.notes.lack_text(one)
            yield data

    def text(self, version: Version) -> str:
        """The whole text of a version, bytes that are not UTF-8 as surrogates.

        Raises GitFailure if it cannot be read; UsageError for a removal, which has none.
        """
        if version.oid is None:
            raise UsageError(f"{version.entry} was removed there, and has no text")
        data = self.data(version)
        if data is None:
            raise GitFailure(
                f"the text of {version.entry} in {version.rev or 'the working tree'} cannot be read"
            )
        return data.decode("utf-8", "surrogateescape")

    def verify(self) -> list[str]:
        """What is wrong with the history as told here; nothing, if replaying it gives HEAD."""
        if self.extent.head is None:
            return []
        reading = self._line.whole()
        lost = [cut_off(one) for one in reading.broken]
        return [*lost, *breaks(reading.following.chains, self._tree())]

    def _note_others(self, chain: Chain) -> None:
        """Note the entries that were at an entry's path before it, and were removed there."""
        others = [one for one in self.chains if one.path == chain.path and one is not chain]
        if others:
            self.notes.add(
                f"before this entry another one was at {self.place.shown(chain.path)}, and was "
                "removed: `archivist history` tells of all"
            )

    @cached_property
    def _line(self) -> MainLine:
        return MainLine(self.repository, self.extent, self.place)

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self.repository.common_folder, self.place)

    @cached_property
    def _reading(self) -> Reading:
        whole = not (self.extent.is_shallow or self.extent.is_partial)
        reading = self._line.read(self._memory if whole else None)
        for begin in reading.broken:
            self.notes.lack_before(begin)
        if reading.exact:
            self.notes.lack(EXACT)
        return reading

    def _single(self, name: str) -> Chain | None:
        """The one entry that has a name now, if that is quicker told than all of them."""
        head, is_bare = self.extent.head, self.extent.is_bare
        if head is None or "_reading" in self.__dict__ or self._memory.lines():
            return None
        tree = {self.place.shown(path): (path, oid) for path, oid in self._tree().items()}
        here = (
            [] if is_bare else [path for path, stat in listed(self.root) if S_ISREG(stat.st_mode)]
        )
        paths = {path for path in (*tree, *here) if name in (path, entry_id(path))}
        if len(paths) != 1 or not paths <= tree.keys() or not (is_bare or paths <= set(here)):
            return None
        ((shown, (path, oid)),) = [(one, tree[one]) for one in paths]
        chain = single(self.repository, self.place, head, path)
        if chain and not is_bare:
            edit = edited(self.root, read_entry(self.root, shown), oid, self.extent.algorithm)
            if edit:
                chain.add(self._edit(edit, oid))
        return chain

    def _told(self, chains: Sequence[Chain]) -> dict[Chain, Told]:
        """The events of entries in valid time, each with its version."""
        lines = [blobs(chain.events) for chain in chains]
        if self.extent.head:
            self._memory.inform(self.knowledge, chains)
        orders: list[list[Event]] = []

        def reordered(number: int) -> list[str]:
            # A recovered version has another neighbour in valid time than in the line of commits.
            orders.append(ordered(self.knowledge, chains[number].events))
            return blobs(orders[-1])

        self.knowledge.study(self.repository, lines, reordered)
        return {
            chain: told(self.knowledge, self.place, chain.path, order)
            for chain, order in zip(chains, orders, strict=True)
        }

    def _remember(self, known: dict[Chain, Told]) -> None:
        """Keep what was told of the committed history, if all of it was there to read."""
        reading, memory, head = self._reading, self._memory, self.extent.head
        chains = reading.following.chains
        committed = {chain: chain.committed() for chain in chains if chain.recalled is None}
        if head is None or not (committed or memory.is_behind(head)):
            return
        known |= self._told([one for one in committed.values() if one not in known])
        memory.learn(self.knowledge, [*committed.values()])
        told = {n: known[committed[one]] for n, one in enumerate(chains) if one in committed}
        lacks = reading.exact or reading.broken or self.extent.is_shallow or self.extent.is_partial
        if not lacks and all(one.version.is_readable for row in told.values() for one in row):
            memory.keep(head, reading.turn, reading.following, told)

    @cached_property
    def _edits(self) -> list[WorkingFile]:
        known, heads = self._memory.states(self.root), self._heads
        found = compared(self.root, heads, self.extent.algorithm, known)
        self._memory.keep_states(self.root, found.states, known)
        return working_files(self.root, self.repository, heads, found)

    @cached_property
    def _heads(self) -> dict[str, str]:
        if self.extent.head is None:
            return {}
        if self._memory.line:
            here = self._reading.following.here.values()
            return {self.place.shown(one.path): one.oid for one in here if one.oid}
        return {self.place.shown(path): oid for path, oid in self._tree().items()}

    def _tree(self) -> dict[bytes, str]:
        """The entries of HEAD: path → blob."""
        from archivist.repository.log import tree_files  # where nothing is remembered

        found = tree_files(self.repository, "HEAD", f"{ENTRIES}/")
        return {
            self.place.prefix + one.path: one.oid
            for one in found
            if one.mode.startswith("100") and self.place.holds(self.place.prefix + one.path)
        }

    def _edit(self, one: WorkingFile, old: str | None) -> Event:
        """An edit that is not committed of a blob, as an event behind all others."""
        if one.oid and one.data is not None:
            self.knowledge.own[one.oid] = one.data
        path, origin = self._path(one.path), one.origin and self._path(one.origin)
        move = Move(path, old, one.oid, origin or None, one.alike)
        return Event(Step("", (), 0, "", "", "", ()), move, LAST)

    def _path(self, shown: str) -> bytes:
        return self.place.prefix + shown.encode("utf-8", "surrogateescape")

    def _id(self, chain: Chain) -> str:
        return entry_id(self.place.shown(chain.path))
