"""What a commit changes and what it breaks, without looking at the whole archive.

Of the thousands of entries that a commit does not touch, only those are looked at that have a
name, a URL or a text in common with those that it does; an index in the state knows which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from archivist.addresses import is_url, url_key
from archivist.archive import Archive, all_names
from archivist.checking import Policy, check_entries, place_of
from archivist.credit import KEY, candidate_names
from archivist.diagnostic import Diagnostic
from archivist.entry import Entry, entry_id
from archivist.files import ENTRIES
from archivist.names import fold
from archivist.repository.index import IndexFile, StagedChange
from archivist.rules import Context
from archivist.staged import StagedArchive, entry_files
from archivist.state import EntryIndex, Known, StateLost


def check_all_staged(
    staged: StagedArchive, policy: Policy, today: date
) -> tuple[list[Diagnostic], list[str]]:
    """Check every staged entry; the diagnostics, and the paths that were checked."""
    entries = staged.entries(entry_files(staged.files.values()))
    context = Context(Archive.of(entries), staged.schemas, today)
    return check_entries(entries, context, policy), [entry.path for entry in entries]


Checked = tuple[tuple[Entry, ...], tuple[Diagnostic, ...], Context]


def check_staged(staged: StagedArchive, policy: Policy, today: date, state: Path | None) -> Checked:
    """Check the entries that the commit changes, and report what it breaks in others.

    Returns the changed entries, the diagnostics and the context. Raises GitFailure.
    """
    changes = [change for change in staged.changes if change.path.startswith(f"{ENTRIES}/")]
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
    files = {file.path: file for file in entry_files(staged.files.values())}
    old_files = _before(files, changes)
    _learn(staged, index, {**old_files, **files})
    new = Context(Archive(_LiveIndex(index, files)), staged.schemas, today)
    old = Context(Archive(_LiveIndex(index, old_files)), staged.schemas, today)
    changed = staged.entries(entry_files(one.new for one in changes if one.new))
    found = check_entries(changed, new, policy)
    found += _broken(staged, changes, changed, (old, new), policy.only_crossing())
    return tuple(changed), tuple(sorted(found, key=place_of)), new


class _LiveIndex:
    """The remembered versions that are live in one state of the archive."""

    def __init__(self, index: EntryIndex, files: dict[str, IndexFile]) -> None:
        self._index = index
        self._paths: dict[str, list[str]] = {}
        for path, file in files.items():
            self._paths.setdefault(file.oid, []).append(path)
        self._files = files
        self._entries: dict[str, Entry] = {}

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        ids: dict[str, list[str]] = {}
        for path in self._files:
            ids.setdefault(entry_id(path).lower(), []).append(path)
        return ids

    def find(self, kind: str, key: str) -> Sequence[Entry]:
        """The live entries with this claim, by path."""
        if kind == "id":
            paths = self._ids.get(key, [])
        else:
            oids = self._index.find(kind, key)
            paths = [path for oid in oids for path in self._paths.get(oid, ())]
        return [self._entry(path) for path in sorted(paths)]

    def names(self) -> Iterator[str]:
        """Every title, alias and id."""
        for name, oid in self._index.keys("name"):
            if oid in self._paths:
                yield name
        yield from map(entry_id, self._files)

    def _entry(self, path: str) -> Entry:
        if path not in self._entries:
            head, digest = self._index.head(self._files[path].oid)
            self._entries[path] = Entry(path, head, body_digest=digest)
        return self._entries[path]


def _learn(staged: StagedArchive, index: EntryIndex, files: dict[str, IndexFile]) -> None:
    """Remember every version that is not known yet: all of them the first time."""
    wanted = {file.oid: file for file in files.values()}
    known = index.known()
    missing = [file for oid, file in wanted.items() if oid not in known and file.is_plain]
    versions = [
        Known(file.oid, _storable(entry), entry.digest, tuple(_claims(entry)))
        for file, entry in zip(missing, staged.entries(missing), strict=True)
    ]
    if versions:
        index.add(versions, len(wanted))


def _claims(entry: Entry) -> Iterator[tuple[str, str]]:
    claims = dict.fromkeys(entry.claims())
    claims |= dict.fromkeys(("name", name) for name in list(all_names(entry))[:-1])
    for name in candidate_names(entry.fields.get(KEY)):
        claims["credit", url_key(name) if is_url(name) else name] = None
    for kind, key in claims:
        if key.isprintable():
            yield kind, key


def _broken(
    staged: StagedArchive,
    changes: list[StagedChange],
    changed: list[Entry],
    contexts: tuple[Context, Context],
    policy: Policy,
) -> list[Diagnostic]:
    """What is wrong with entries that the commit does not touch, and was not before it."""
    old, new = contexts
    before = staged.entries(entry_files(one.old for one in changes if one.old))
    touched = {change.path for change in changes}
    paths = {
        entry.path
        for entry in _neighbours([*before, *changed], new.archive)
        if entry.path not in touched
    }
    others = staged.entries(staged.files[path] for path in sorted(paths))
    known = {(one.path, one.code, one.message) for one in check_entries(others, old, policy)}
    return [
        replace(one, hint="; ".join(filter(None, ("this commit breaks it", one.hint))))
        for one in check_entries(others, new, policy)
        if (one.path, one.code, one.message) not in known
    ]


def _neighbours(entries: list[Entry], archive: Archive) -> Iterator[Entry]:
    """The entries that have anything in common with these."""
    for entry in entries:
        names = {key for kind, key in entry.claims() if kind in ("title", "series", "alias", "url")}
        names.add(fold(entry.id))
        for name in names:
            for kind in ("credit", "title", "alias", "id"):
                yield from archive.find(kind, name)
        for kind, key in entry.claims():
            yield from archive.find(kind, key)


def _before(files: dict[str, IndexFile], changes: list[StagedChange]) -> dict[str, IndexFile]:
    """The files as they were before the changes."""
    old = dict(files)
    for change in changes:
        if change.old is None:
            old.pop(change.path, None)
        else:
            old[change.path] = change.old
    return {file.path: file for file in entry_files(old.values())}


def _storable(entry: Entry) -> str:
    """The front matter as text that SQLite can hold; what is not UTF-8 is replaced."""
    head = entry.text[: entry.front.body_start]
    return head.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
