"""The archive: all entries, and who is meant by a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from archivist.addresses import is_url, url_key
from archivist.credit import KEY, Credit, credits_of
from archivist.entry import Entry
from archivist.names import NearNames, begun, fold, series

# How a name resolves: the first of these that knows it.
Resolved = tuple[tuple[Entry, ...], str]
_MOST = 50  # editions that one name can mean; more would be a mistake, and cost squares of them
_NAME_KINDS = ("id", "title", "series", "alias")


class Index(Protocol):
    """Finds entries by what they claim: an id, a title, an alias, a URL, a text."""

    def find(self, kind: str, key: str) -> Sequence[Entry]:
        """The entries with this claim, by path."""

    def names(self) -> Iterable[str]:
        """Every title, alias and id, for suggestions."""


class MemoryIndex:
    """An index over entries that are all in memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._tables: dict[str, dict[str, list[Entry]]] = {
            kind: {} for kind in ("id", "title", "series", "alias", "url", "text")
        }
        ids = self._tables["id"]
        for entry in entries:
            ids.setdefault(fold(entry.id), []).append(entry)
            for kind, key in entry.claims():
                self._tables[kind].setdefault(key, []).append(entry)

    def find(self, kind: str, key: str) -> Sequence[Entry]:
        """The entries with this claim, by path."""
        return self._tables[kind].get(key, ())

    def names(self) -> Iterator[str]:
        """Every title, alias and id."""
        for entries in self._tables["id"].values():
            for entry in entries:
                yield from all_names(entry)


class Parent(NamedTuple):
    """One credit and the entries it means: several editions of one title, one, or none.

    `strict` is False where the credit names a series without its year (`RubyConf`) of which there
    are several, and may mean any of them.
    """

    credit: Credit
    entries: tuple[Entry, ...]
    strict: bool = True

    @property
    def is_external(self) -> bool:
        """True for a URL that no entry has: a policy outside of the archive."""
        return not self.entries and is_url(self.credit.name)


class Archive:
    """A collection of entries in which names mean entries.

    `suggests` is False where nobody will read suggestions: looking for them takes time.
    """

    def __init__(self, index: Index, *, suggests: bool = True) -> None:
        self.index = index
        self.suggests = suggests
        self._parents: dict[str, tuple[Parent, ...]] = {}
        self._credits: dict[str, tuple[Credit, ...]] = {}
        self._resolved: dict[str, Resolved] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Archive:
        """The archive of these entries, all in memory."""
        return cls(MemoryIndex(sorted(entries, key=lambda entry: entry.path)))

    def find(self, kind: str, key: str) -> Sequence[Entry]:
        """The entries that claim this `id`, `title`, `series`, `alias`, `url` or `text`."""
        return self.index.find(kind, key)

    def resolve(self, name: str) -> Resolved:
        """The entries that a name means, and by which kind of claim; none and "" if unknown."""
        known = self._resolved.get(name)
        if known is None:
            known = self._resolved[name] = self._resolve(name)
        return known

    def _resolve(self, name: str) -> Resolved:
        key = fold(name)
        for kind in _NAME_KINDS:
            if found := self.find(kind, key):
                return tuple(found[:_MOST]), kind
        if is_url(name) and (found := self.find("url", url_key(name))):
            return tuple(found[:_MOST]), "url"
        return (), ""

    def parents(self, entry: Entry) -> tuple[Parent, ...]:
        """The parents that an entry credits, in the order of their mention; vague ones left out."""
        known = self._parents.get(entry.path)
        if known is None:
            known = self._parents[entry.path] = tuple(self._resolve_credits(entry))
        return known

    def credits(self, entry: Entry) -> tuple[Credit, ...]:
        """The names that an entry credits."""
        known = self._credits.get(entry.path)
        if known is None:
            field = entry.field(KEY)
            known = credits_of(field, lambda name: bool(self.resolve(name)[0]))
            self._credits[entry.path] = known
        return known

    def _resolve_credits(self, entry: Entry) -> Iterator[Parent]:
        for credit in self.credits(entry):
            found, kind = self.resolve(credit.name)
            if found or not credit.is_vague:
                yield Parent(credit, found, kind != "series" or len(found) == 1)

    def seems_to_credit(self, child: Entry, parent: Entry) -> bool:
        """True if the child credits the parent by name, or mentions it in its credits."""
        if any(parent.path == found.path for one in self.parents(child) for found in one.entries):
            return True
        said = fold(" ".join(value.text for value in child.values(KEY)))
        return bool(parent.title) and series(parent.title) in said

    def nearest(self, name: str, cutoff: float) -> str | None:
        """The title, alias or id that is most like this name; None if none is like it."""
        return self._near_names.nearest(name, cutoff) if self.suggests else None

    def meant(self, name: str, cutoff: float) -> str | None:
        """What somebody may have meant who typed this: the few ids that begin with it, or the
        nearest name; None if there is none.
        """
        return begun(name, self.index.names()) or self.nearest(name, cutoff)

    @cached_property
    def _near_names(self) -> NearNames:
        return NearNames(self.index.names())


def all_names(entry: Entry) -> Iterator[str]:
    """What an entry may be called: its title, its aliases, its id."""
    if entry.title:
        yield entry.title
    yield from (alias.text for alias in entry.values("also known as"))
    yield entry.id
