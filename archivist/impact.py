"""What a commit changes and what it breaks, without looking at the whole archive.

Of the thousands of entries that a commit does not touch, only those are looked at that have a
name, a URL or a text in common with those that it does; an index in the state knows which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from archivist.addresses import is_url, url_key
from archivist.archive import Archive, all_names
from archivist.checking import Policy, broken_elsewhere, check_entries, place_of
from archivist.credit import KEY, candidate_names
from archivist.diagnostic import Diagnostic
from archivist.entry import SUFFIX, Entry, entry_id
from archivist.files import ENTRIES
from archivist.names import fold
from archivist.repository.index import PLAIN, IndexFile, StagedChange
from archivist.rules import Context
from archivist.staged import StagedArchive, is_entry
from archivist.state.entries import EntryIndex, Known, StateLost

_NAMING = ("credit", "title", "alias", "id")  # where a name may stand that an entry claims
_CREDIT = "write `credited parents: {}` there"

_USUAL = re.compile(rf"{ENTRIES}/[a-z0-9-]+{re.escape(SUFFIX)}")

Checked = tuple[tuple[Entry, ...], tuple[Diagnostic, ...], Context]


def check_staged(staged: StagedArchive, policy: Policy, today: date, state: Path | None) -> Checked:
    """Check the entries that the commit changes, and report what it breaks in others.

    Returns the changed entries, the diagnostics and the context. Raises GitFailure.
    """
    changes = [change for change in staged.changes if is_entry(change.path)]
    if not changes:
        return (), (), Context(Archive.of(()), staged.schemas, today)
    try:
        return _check_changes(staged, changes, policy, today, EntryIndex(state))
    except StateLost:  # full disk, lock that stays, broken file: learn everything anew, for now
        return _check_changes(staged, changes, policy, today, EntryIndex(None))


def _check_changes(
    staged: StagedArchive,
    changes: list[StagedChange],
    policy: Policy,
    today: date,
    index: EntryIndex,
) -> Checked:
    blobs = staged.blobs
    old_blobs = _before(staged, blobs, changes)
    odd_paths = _odd_paths([*blobs, *(one.path for one in changes)])
    new_index = _LiveIndex(index, blobs, odd_paths)
    old_index = _LiveIndex(index, old_blobs, odd_paths)
    _learn(staged, index, new_index.path_of | old_index.path_of)
    new = Context(Archive(new_index), staged.schemas, today)
    changed = staged.entries(one.new for one in changes if one.new)
    found = check_entries(changed, new, policy)

    crossing = policy.only_crossing()
    before = [old_index.entry(one.path) for one in changes if one.path in old_blobs]
    touched = {change.path for change in changes}
    in_cycles = {path for entry in changed for path in new.cycles.members(entry)}
    others = _neighbours([*before, *changed], new.archive, touched)
    others += [new_index.entry(path) for path in sorted(in_cycles - touched)]
    others_before = [old_index.entry(one.path) for one in others if one.path in old_blobs]
    known = _said(others_before, old_index, new, crossing)
    suspects = {path for path, *_ in _said(others, new_index, new, crossing) - known}
    if suspects:
        whole = staged.entries(filter(None, map(staged.files.get, sorted(suspects))))
        again = check_entries(whole, new, crossing)
        new_ones = (one for one in again if (one.path, one.code, one.message) not in known)
        found += [broken_elsewhere(one, "this commit", _CREDIT) for one in new_ones]
    return tuple(changed), tuple(sorted(found, key=place_of)), new


def _said(
    entries: list[Entry], index: _LiveIndex, context: Context, policy: Policy
) -> set[tuple[str, str, str]]:
    """What is wrong with these entries in one state of the archive: path, code, message."""
    quiet = context.of(Archive(index, suggests=False))
    return {(one.path, one.code, one.message) for one in check_entries(entries, quiet, policy)}


class _LiveIndex:
    """The remembered versions that are live in one state of the archive."""

    def __init__(self, index: EntryIndex, blobs: dict[str, str], odd_paths: list[str]) -> None:
        self._index = index
        self._blobs = blobs
        self._odd_paths = odd_paths
        self._entries: dict[str, Entry] = {}

    @cached_property
    def path_of(self) -> dict[str, str]:
        """A path of each live object id."""
        return dict(zip(self._blobs.values(), self._blobs, strict=True))

    @cached_property
    def _copies(self) -> dict[str, list[str]]:
        """All paths of each object id, if any two files are the same; else nothing."""
        paths: dict[str, list[str]] = {}
        if len(self.path_of) < len(self._blobs):
            for path, oid in self._blobs.items():
                paths.setdefault(oid, []).append(path)
        return paths

    def _with_id(self, key: str) -> list[str]:
        usual = f"{ENTRIES}/{key}{SUFFIX}"
        odd = [path for path in self._odd_paths if fold(entry_id(path)) == key]
        paths = [path for path in odd if path in self._blobs]
        is_usual = usual in self._blobs and _USUAL.fullmatch(usual) is not None
        return [usual, *paths] if is_usual else paths

    def _paths(self, oid: str) -> list[str]:
        if oid not in self.path_of:
            return []
        return self._copies.get(oid) or [self.path_of[oid]]

    def find(self, kind: str, key: str) -> Sequence[Entry]:
        """The live entries with this claim, by path."""
        if kind == "id":
            paths = self._with_id(key)
        else:
            oids = self._index.find(kind, key)
            paths = [path for oid in oids for path in self._paths(oid)]
        return [self.entry(path) for path in sorted(paths)]

    def names(self) -> Iterator[str]:
        """Every title, alias and id."""
        for name, oid in self._index.keys("name"):
            if oid in self.path_of:
                yield name
        yield from map(entry_id, self._blobs)

    def entry(self, path: str) -> Entry:
        """What is remembered of an entry: its front matter, and its body's digest."""
        if path not in self._entries:
            head, digest = self._index.head(self._blobs[path])
            self._entries[path] = Entry(path, head, body_digest=digest)
        return self._entries[path]


def _odd_paths(paths: Iterable[str]) -> list[str]:
    """Paths that an id alone does not tell: in subfolders, or of unusual characters."""
    return [path for path in paths if not _USUAL.fullmatch(path)]


def _learn(staged: StagedArchive, index: EntryIndex, path_of: dict[str, str]) -> None:
    """Remember every version (by object id) that is not known yet: all of them the first time."""
    missing = sorted(path_of.keys() - index.known())
    files = [IndexFile(PLAIN, oid, path_of[oid]) for oid in missing]
    versions = [
        Known(
            file.oid,
            entry.text[: entry.body_start],
            entry.digest,
            tuple(_claims(entry)),
        )
        for file, entry in zip(files, staged.entries(files), strict=True)
    ]
    if versions:
        index.add(versions, len(path_of))


def _claims(entry: Entry) -> Iterator[tuple[str, str]]:
    claims = dict.fromkeys(entry.claims())
    claims |= dict.fromkeys(("name", name) for name in list(all_names(entry))[:-1])
    for name in candidate_names(entry.field(KEY)):
        claims["credit", fold(name)] = None
        if is_url(name):
            claims["credit", url_key(name)] = None
    yield from claims


def _neighbours(entries: list[Entry], archive: Archive, touched: set[str]) -> list[Entry]:
    """The entries that the commit does not touch, but that have something in common with those
    that it does.
    """
    found: dict[str, Entry] = {}
    for entry in entries:
        claims = list(entry.claims())
        names = {key for kind, key in claims if kind in ("title", "series", "alias", "url")}
        names.add(fold(entry.id))
        wanted = claims + [(kind, name) for name in names for kind in _NAMING]
        for kind, key in wanted:
            found.update((one.path, one) for one in archive.find(kind, key))
    return [found[path] for path in sorted(found.keys() - touched)]


def _before(
    staged: StagedArchive, blobs: dict[str, str], changes: list[StagedChange]
) -> dict[str, str]:
    """The entries' contents as they were before the changes."""
    old = dict(blobs)
    for change in changes:
        old.pop(change.path, None)
        if change.old and (oid := staged.blob_of(change.old)):
            old[change.path] = oid
    for link, target in staged.links.items():
        if target in old and link in old:
            old[link] = old[target]
    return old
