"""The history of an archive: who asks here need know neither git nor the order of commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from archivist.entry import entry_id
from archivist.errors import GitFailure, UsageError
from archivist.files import ENTRIES, MAX_SIZE
from archivist.names import nearest
from archivist.repository import Repository
from archivist.repository.log import tree_files
from archivist.repository.objects import read_what_can_be
from archivist.repository.timeline import Extent, Move, Step, extent, timeline
from archivist.versions.following import LAST, Chain, Event, Place, breaks, follow, relevant
from archivist.versions.ordering import Dated, valid_order
from archivist.versions.studying import UNREADABLE, Facts, Knowledge, comparison
from archivist.versions.version import Kind, Version
from archivist.versions.working import WorkingFile, working_files


@dataclass
class History:
    """All versions of all entries of the archive at `root`, read when they are asked for.

    In a bare repository `root` is the repository. Every method may raise GitFailure.
    """

    root: Path
    knowledge: Knowledge = field(default_factory=Knowledge)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def repository(self) -> Repository:
        """The repository that the archive lies in."""
        return Repository(self.root)

    @cached_property
    def extent(self) -> Extent:
        """How much of the history is here. Raises UsageError where there is no repository."""
        try:
            return extent(self.repository)
        except GitFailure:
            if self.repository.exists:
                raise
            raise UsageError(
                "this archive is in no git repository, so it has no history",
                "`git init`, then `git add` and `git commit`, begin one",
            ) from None

    @cached_property
    def place(self) -> Place:
        """Where the archive lies in its repository."""
        return Place(self.extent.prefix)

    @cached_property
    def chains(self) -> list[Chain]:
        """The events of every entry, uncommitted edits among them."""
        chains = follow(self._events()) if self.extent.head else []
        if not self.extent.is_bare:
            self._add_edits(chains)
        return chains

    def ids(self) -> list[str]:
        """The ids of all entries that are or were, sorted."""
        return sorted({self._id(chain) for chain in self.chains})

    def find(self, name: str) -> list[Chain]:
        """The entry of an id, of a path, or of a name that it once had: usually one.

        What is here goes before what was removed, and that before former names.
        Raises UsageError, with the nearest name, if there is none.
        """
        for test in (_is_here, _was_here, _was_once):
            found = [one for one in self.chains if test(self.place, one, name)]
            if found:
                return found
        near = nearest(name, self.ids())
        raise UsageError(
            f"no entry is or was named {name}",
            f"did you mean {near}?" if near else "`archivist history` lists all",
        )

    def versions(self, name: str | None = None, *, only_first: bool = False) -> list[Version]:
        """The versions of one entry, or of all: in valid time, each entry's oldest first.

        `only_first` leaves out other entries that had the name once. Raises UsageError for a name
        that no entry has or had.
        """
        chains = self.chains if name is None else self.find(name)
        chains = chains[:1] if only_first else chains
        orders: list[list[Event]] = []

        def ordered(number: int) -> list[str]:
            # A recovered version has another neighbour in valid time than in the line of commits.
            orders.append(self._ordered(chains[number].events))
            return _oids(orders[-1])

        lines = [_oids(chain.events) for chain in chains]
        self.knowledge.study(self.repository, lines, ordered)
        return [
            version
            for chain, order in zip(chains, orders, strict=True)
            for version in self._told(self._id(chain), order)
        ]

    def data(self, version: Version) -> bytes | None:
        """The bytes of a version's file; None for a removal, and for what cannot be read."""
        if version.oid is None:
            return None
        if version.rev is None and self.chains and version.oid in self.knowledge.own:
            return self.knowledge.own[version.oid]
        return next(read_what_can_be(self.repository, [version.oid], MAX_SIZE))

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
        tree = {
            self.place.prefix + one.path: one.oid
            for one in tree_files(self.repository, "HEAD", f"{ENTRIES}/")
            if one.mode.startswith("100") and self.place.holds(self.place.prefix + one.path)
        }
        return breaks(follow(self._events()), tree)

    def _events(self) -> list[Event]:
        """The committed events, oldest first."""
        try:
            return self._read(exact=False)
        except GitFailure:
            # Whether a file moved and changed cannot be seen without its texts.
            events = self._read(exact=True)
            self.notes.append(
                "texts are missing here: files that were edited as they moved count as new"
            )
            return events

    def _read(self, *, exact: bool) -> list[Event]:
        def brought(merge: Step) -> Iterator[Step]:
            first, second, *_ = merge.parents
            return timeline(self.repository, second, after=first, exact=exact)

        return relevant(
            timeline(self.repository, self.extent.head or "", exact=exact), self.place, brought
        )

    @cached_property
    def _edits(self) -> list[WorkingFile]:
        return working_files(self.root, self.repository, self._heads, self.extent.algorithm)

    @cached_property
    def _heads(self) -> dict[str, str]:
        if self.extent.head is None:
            return {}
        tree = tree_files(self.repository, "HEAD", f"{ENTRIES}/")
        return {
            one.path.decode("utf-8", "surrogateescape"): one.oid
            for one in tree
            if one.mode.startswith("100") and self.place.holds(self.place.prefix + one.path)
        }

    def _add_edits(self, chains: list[Chain]) -> None:
        here = {chain.path: chain for chain in chains}
        for one in self._edits:
            path = self.place.prefix + one.path.encode("utf-8", "surrogateescape")
            step = Step("", (), 0, "", "", "", ())
            chain = here.get(path)
            if chain is None:
                chain = Chain(path)
                chains.append(chain)
            if one.oid:
                self.knowledge.own[one.oid] = one.data
            move = Move(path, self._heads.get(one.path), one.oid)
            chain.events.append(Event(step, move, LAST))

    def _id(self, chain: Chain) -> str:
        return entry_id(self.place.shown(chain.path))

    def _facts(self, event: Event) -> Facts:
        oid = event.move.new
        if oid is None:
            return Facts()
        return self.knowledge.facts.get(oid, UNREADABLE)

    def _ordered(self, events: Sequence[Event]) -> list[Event]:
        dated = []
        before: str | None = None
        for event in events:
            oid = event.move.new
            known = comparison(self.knowledge.pairs, before, oid) if before and oid else None
            is_new = known is None or known.kind == "text"
            dated.append(Dated(self._facts(event).archived, is_new))
            before = oid or before
        return [events[place] for place in valid_order(dated)]

    def _told(self, entry: str, events: Iterable[Event]) -> Iterator[Version]:
        before: str | None = None
        seen: dict[str, str] = {}
        for event in events:
            version = self._version(entry, event, before)
            oid = event.move.new
            if oid and version.kind in ("text", "restored") and oid in seen:
                version = replace(version, returns_to=seen[oid])
            if oid:
                before = oid
                seen.setdefault(oid, event.step.rev)
            yield version

    def _version(self, entry: str, event: Event, before: str | None) -> Version:
        step, move = event.step, event.move
        facts = self._facts(event)
        kind, added, removed = self._kind(event, before)
        pairs = (line.partition(": ") for line in step.trailers.splitlines())
        origin = self.place.shown(move.origin) if move.origin else None
        return Version(
            entry=entry,
            rev=step.rev or None,
            path=self.place.shown(move.path),
            oid=move.new,
            kind=kind,
            committed=step.committed if step.rev else None,
            archived=facts.archived,
            announced=facts.announced,
            author=step.author,
            subject=step.subject,
            trailers=tuple((key, value) for key, sep, value in pairs if sep),
            added=added,
            removed=removed,
            origin=origin,
            alike=move.alike,
            is_readable=facts.is_readable,
            turn=event.turn,
        )

    def _kind(self, event: Event, before: str | None) -> tuple[Kind, int | None, int | None]:
        move, facts = event.move, self._facts(event)
        if move.new is None:
            gone = self.knowledge.facts.get(before or "", Facts())
            return "removed", 0, gone.words if gone.is_readable else None
        if before is None:
            return "added", facts.words if facts.is_readable else None, 0
        known = comparison(self.knowledge.pairs, before, move.new)
        counts = (known.added, known.removed) if known else (None, None)
        if move.old is None:
            return "restored", *counts
        if known is None:
            return "text", *counts
        return known.kind or ("renamed" if move.origin else "restored"), *counts


def _oids(events: Iterable[Event]) -> list[str]:
    return [event.move.new for event in events if event.move.new]


def _is_here(place: Place, chain: Chain, name: str) -> bool:
    return chain.events[-1].move.new is not None and _was_here(place, chain, name)


def _was_here(place: Place, chain: Chain, name: str) -> bool:
    path = place.shown(chain.path)
    return name in (path, entry_id(path))


def _was_once(place: Place, chain: Chain, name: str) -> bool:
    paths = {place.shown(event.move.path) for event in chain.events}
    return any(name in (path, entry_id(path)) for path in paths)
