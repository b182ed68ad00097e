"""Cycles of credits: policies that, followed from parent to parent, derive from themselves."""

from __future__ import annotations

from archivist.archive import Archive
from archivist.entry import Entry

_SHOWN = 8  # steps of a long cycle


class Cycles:
    """Finds cycles of strict credits, each part of the archive walked once (R. Tarjan, "Depth-first
    search and linear graph algorithms", 1972).
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._number: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: list[Entry] = []
        self._open_paths: set[str] = set()
        self._component: dict[str, frozenset[str]] = {}

    def through(self, entry: Entry) -> tuple[Entry, ...]:
        """The shortest way from the entry over its parents back to it; empty if there is none."""
        component = self.members(entry)
        return self._way_back(entry, component) if len(component) > 1 else ()

    def members(self, entry: Entry) -> frozenset[str]:
        """The paths of all entries that are in a cycle with this one, and its own."""
        if entry.path not in self._number:
            self._walk(entry)
        return self._component[entry.path]

    def _parents(self, entry: Entry) -> list[Entry]:
        return [
            found
            for parent in self._archive.parents(entry)
            if parent.strict
            for found in parent.entries
            if found.path != entry.path
        ]

    def _enter(self, entry: Entry) -> tuple[Entry, list[Entry]]:
        self._number[entry.path] = self._low[entry.path] = len(self._number)
        self._open.append(entry)
        self._open_paths.add(entry.path)
        return entry, self._parents(entry)

    def _walk(self, root: Entry) -> None:
        stack = [self._enter(root)]
        while stack:
            entry, left = stack[-1]
            if left:
                following = left.pop()
                if following.path not in self._number:
                    stack.append(self._enter(following))
                elif following.path in self._open_paths:
                    self._lower(entry, self._number[following.path])
                continue
            stack.pop()
            if stack:
                self._lower(stack[-1][0], self._low[entry.path])
            if self._low[entry.path] == self._number[entry.path]:
                self._close(entry)

    def _lower(self, entry: Entry, number: int) -> None:
        self._low[entry.path] = min(self._low[entry.path], number)

    def _close(self, entry: Entry) -> None:
        members: list[str] = []
        while not members or members[-1] != entry.path:
            members.append(self._open.pop().path)
        self._open_paths.difference_update(members)
        self._component.update(dict.fromkeys(members, frozenset(members)))

    def _way_back(self, entry: Entry, component: frozenset[str]) -> tuple[Entry, ...]:
        """The shortest way back, or in a long cycle its first steps."""
        ways: list[tuple[Entry, ...]] = [(entry,)]
        seen: set[str] = set()
        for way in ways:  # grows while it is read: breadth first
            for parent in self._parents(way[-1]):
                if parent.path == entry.path or len(way) == _SHOWN:
                    return (*way, parent)
                if parent.path in component and parent.path not in seen:
                    seen.add(parent.path)
                    ways.append((*way, parent))
        return ()
