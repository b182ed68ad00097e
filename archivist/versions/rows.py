"""The row of a version: its machine keys, and the members of a JSON object that it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from archivist.dates import PolicyDate
from archivist.document import dumped, readable
from archivist.versions.version import Version, moment


def as_row(one: Version) -> dict[str, Any]:
    """One version's machine keys."""
    return {
        "entry": readable(one.entry),
        "rev": one.rev,
        "committed": moment(one.committed),
        "archived": one.archived.iso() if one.archived else None,
        "announced": one.announced.iso() if one.announced else None,
        "author": readable(one.author),
        "kind": one.kind,
        "path": readable(one.path),
        "words": one.words,
        "added": one.added,
        "removed": one.removed,
        "subject": readable(one.subject),
        "origin": one.origin and readable(one.origin),
        "alike": one.alike,
        "returns_to": one.returns_to,
        "blob": one.oid,
        "readable": one.is_readable,
        "trailers": [
            {"key": readable(key), "value": readable(value)} for key, value in one.trailers
        ],
    }


def members(versions: Iterable[Version], between: str) -> Iterator[str]:
    """The members of the JSON objects that the rows of versions are; objects that are so small cost
    `json.dumps` many times as much.
    """
    deep = between != ", "
    for one in versions:
        entry, rev, path, blob, kind, committed, archived, announced, author, subject = one[:10]
        trailers, words, added, removed, origin, alike, _, back, is_readable, _ = one[10:]
        when = moment(committed)
        yield (
            f'"entry": {_quoted(entry)}{between}'
            f'"rev": {_plainly_quoted(rev)}{between}'
            f'"committed": {_plainly_quoted(when)}{between}'
            f'"archived": {_iso(archived)}{between}'
            f'"announced": {_iso(announced)}{between}'
            f'"author": {_quoted(author)}{between}'
            f'"kind": "{kind}"{between}'
            f'"path": {_quoted(path)}{between}'
            f'"words": {"null" if words is None else words}{between}'
            f'"added": {"null" if added is None else added}{between}'
            f'"removed": {"null" if removed is None else removed}{between}'
            f'"subject": {_quoted(subject)}{between}'
            f'"origin": {"null" if origin is None else _quoted(origin)}{between}'
            f'"alike": {"null" if alike is None else alike}{between}'
            f'"returns_to": {_plainly_quoted(back)}{between}'
            f'"blob": {_plainly_quoted(blob)}{between}'
            f'"readable": {"true" if is_readable else "false"}{between}'
            f'"trailers": {_trailers(one, deep) if trailers else "[]"}'
        )


def _plainly_quoted(text: str | None) -> str:
    """An object id or a time, where nothing can be to escape."""
    return "null" if text is None else f'"{text}"'


@lru_cache(4096)  # the same names, again and again
def _quoted(text: str) -> str:
    return dumped(text)


def _trailers(one: Version, deep: bool) -> str:
    found = as_row(one)["trailers"]
    return indented(found, 6).lstrip() if deep else dumped(found)


def _iso(day: PolicyDate | None) -> str:
    return "null" if day is None else f'"{day.iso()}"'


def indented(value: object, depth: int) -> str:
    """A value as JSON, so many blanks deep."""
    blanks = " " * depth
    return blanks + dumped(value, indent=2).replace("\n", f"\n{blanks}")
