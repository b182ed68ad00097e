"""Where entries point to: from files to mentions, read again only where a file has changed."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from archivist.addresses import is_url, memento, url_key
from archivist.credit import KEY as PARENTS
from archivist.credit import credits_of
from archivist.dates import PolicyDate, read
from archivist.entry import Entry
from archivist.files import SourceFile, listed, read_listed
from archivist.net.wire import host_of, wire_url
from archivist.scanning.agenda import BODY, FILE, MEMENTO, PARENT, SOURCE, STUB
from archivist.stamps import stamp
from archivist.state.verdicts import LinkMemory, Mention
from archivist.workspace import entry_from

PLAYBACK = "wayback playback"
_FIRST, _BATCH = 100, 250  # files of which the memory is told at once, first and later
_LISTED = 2000  # files that are compared at once with what is remembered of them
_APART = 16  # neighbours by name are often of one host: they are not read one after the other
_IN_BODY = re.compile(r"https?://[^\s<>\"“”„‘’()\[\]{}]{3,2000}")
_MOST_IN_BODY = 100


class Gathering:
    """Brings the memory up to date with the files below `entries/`; `paths` are those of all of
    them, `known` of those that need not be read. With `bodies`, the links in texts are gathered,
    too. Raises FileFailure.

    A file whose size and times are those it was read by is not read again, unless it was so young
    then that it may have changed since (as git's index does it).
    """

    def __init__(self, root: Path, memory: LinkMemory, *, bodies: bool = False) -> None:
        self._root = root
        self._memory = memory
        self._bodies = bodies
        self.paths: list[str] = []
        self.known: list[str] = []
        unread: list[str] = []
        self._batch: list[tuple[str, str, tuple[Mention, ...]]] = []
        read = 0
        files = ((path, stat) for path, stat in listed(root) if _is_text(path))
        while some := {path: _stamp(stat, bodies) for path, stat in islice(files, _LISTED)}:
            stamps = memory.stamps(list(some))
            read += len(stamps)
            for path, now in some.items():
                self.paths.append(path)
                (self.known if stamps.get(path, "") == now != "" else unread).append(path)
        self._unread = deque(one for start in range(_APART) for one in unread[start::_APART])
        self._enough = _FIRST
        if gone := memory.gone(self.paths, read):
            memory.note_mentions((), gone)

    @property
    def is_done(self) -> bool:
        """True if all files have been read."""
        return not (self._unread or self._batch)

    def read(self, count: int = _FIRST) -> list[str]:
        """Read so many more files. The paths of those that the memory knows now: it is told of them
        by the batch. Raises FileFailure.
        """
        for path in self._next(count):
            try:
                stat = os.lstat(f"{self._root}/{path}")
            except FileNotFoundError:  # it is gone since it was listed
                continue
            stamp = _stamp(stat, self._bodies)
            source = read_listed(self._root, path, stat)
            self._batch.append((path, stamp, tuple(_mentions_of(source, self._bodies))))
        if len(self._batch) < self._enough and self._unread:
            return []
        self._enough = _BATCH
        self._memory.note_mentions(self._batch, ())
        known = [path for path, _, _ in self._batch]
        self._batch.clear()
        return known

    def _next(self, count: int) -> Iterator[str]:
        while self._unread and count:
            count -= 1
            yield self._unread.popleft()

    def finish(self) -> None:
        """Read all that is left. Raises FileFailure."""
        while not self.is_done:
            self.read()


def _is_text(path: str) -> bool:
    """False for a name that is no text: `archivist check` says so (N601)."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _stamp(stat: os.stat_result, bodies: bool) -> str:
    """What tells one state of a file, and how it is read, from another; blank while that cannot be
    told.
    """
    found = stamp(stat)
    return found and f"{'bodies' if bodies else 'plain'} {found}"


def _mentions_of(source: SourceFile, bodies: bool) -> Iterator[Mention]:
    entry = entry_from(source)
    if not entry.is_readable:
        return
    day, digest = _day(entry), entry.digest
    for number, (field, kind, url) in enumerate(_urls(entry, bodies)):
        shown = url.encode("utf-8", "backslashreplace").decode()
        extra = url_key(shown) if kind == PARENT else day
        yield Mention(entry.path, number, field, kind, shown, _lane(kind, url), extra, digest)


def _urls(entry: Entry, bodies: bool) -> Iterator[tuple[str, str, str]]:
    """Field, kind and URL of all that an entry points to; `key` rows say whose source a URL is."""
    url = entry.value("url")
    if url:
        yield "url", STUB if entry.layout == "source" else SOURCE, url
        yield "url", "key", url_key(url)
    if entry.value("forkable file"):
        yield "forkable file", FILE, entry.value("forkable file")
    if entry.value("wayback snapshot"):
        yield "wayback snapshot", MEMENTO, entry.value("wayback snapshot")
    parents = entry.value(PARENTS)  # blank if it is a list
    if "://" in parents or (not parents and entry.gives(PARENTS)):
        for credit in credits_of(entry.fields.get(PARENTS), is_url):
            if is_url(credit.name):
                yield PARENTS, PARENT, credit.name
    for match in islice(_IN_BODY.finditer(entry.body if bodies else ""), _MOST_IN_BODY):
        yield "body", BODY, match[0].rstrip(".,;:!?'*_")


def _lane(kind: str, url: str) -> str:
    if kind == "key":
        return ""
    lane = host_of(wire_url(url) or "")
    if kind == MEMENTO and lane:
        return "" if isinstance(memento(url), str) else PLAYBACK
    return lane


def _day(entry: Entry) -> str:
    return _as_day(entry.value("date archived"))


@lru_cache(maxsize=4096)  # an archive has far fewer days than dates
def _as_day(text: str) -> str:
    found = read(text)
    return found.first.isoformat() if isinstance(found, PolicyDate) and found.is_day else ""
