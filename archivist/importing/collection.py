"""Collections of Open Terms Archive: how they lay out their files, and what their commits say.

A versions repository has a folder for each service and in it a Markdown file for each type of
terms, `<Service>/<Terms type>.md`, without front matter; a commit records one version of one file,
and its subject says why. Pure functions and values; nothing here asks git.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from unicodedata import category

from archivist.console import escape
from archivist.entry import SUFFIX
from archivist.files import ENTRIES
from archivist.importing.mapping import REGULAR_MODES, unfit_file
from archivist.names import slug

_MAX_NAME = 100  # characters of an id, and of a folder's name
_MAX_TITLE = 200  # characters of a name in the front matter
_MAX_PATH = 4096  # bytes, as no file system has more
_APOSTROPHES = "'‘’‛′"
_SUFFIX = SUFFIX.encode()
# What a record is, by the words that its subject begins with: those of today, and former ones.
_SUBJECTS = {
    "first": ("First record of ", "Start tracking "),
    "changes": ("Record new changes of ", "Update "),
    "upgrade": ("Apply technical or declaration upgrade on ", "Refilter "),
}
_TRAILER = re.compile(rb"[A-Za-z0-9][A-Za-z0-9-]*: .*")


class Terms(NamedTuple):
    """Whose terms a file holds, and which."""

    service: str
    kind: str


def record_kind(subject: str) -> str | None:
    """What a commit records: `first` (the file is new), `changes` of the terms, or an `upgrade` of
    how they are read, which need be no change of theirs; None if it is no record.
    """
    return next((kind for kind, begins in _SUBJECTS.items() if subject.startswith(begins)), None)


def is_collection(paths: Iterable[bytes], subjects: Iterable[str]) -> bool:
    """True if files and subjects (of the last commits) are those of a collection.

    A folder `entries/` makes an archive of ours; else some file must be terms, and at least half
    of the commits records.
    """
    paths, told = list(paths), list(subjects)
    if any(path.startswith(ENTRIES.encode() + b"/") for path in paths):
        return False
    records = sum(record_kind(one) is not None for one in told)
    return records * 2 >= max(len(told), 1) and any(terms_of(path) for path in paths)


@lru_cache(1 << 16)
def unfit_terms(path: bytes, mode: str) -> str | None:
    """Why a file of this path and mode is no terms of a service; None if it may be."""
    if len(path) > _MAX_PATH:
        return "its path is too long"
    if why := unfit_file(path, mode if mode in REGULAR_MODES else "120000"):
        return why if mode in REGULAR_MODES else unfit_file(path, mode)
    return None if terms_of(path) else "not of the form Service/Terms.md"


def terms_of(path: bytes) -> Terms | None:
    """The terms that lie at a path; None if none do."""
    service, slash, name = path.partition(b"/")
    if not slash or b"/" in name or not name.endswith(_SUFFIX) or len(name) == len(_SUFFIX):
        return None
    if service.startswith(b".") or name.startswith(b".") or not service.strip():
        return None
    return Terms(_title(service), _title(name.removesuffix(_SUFFIX)))


class Places:
    """Where terms lie here: `entries/<service>/<service>-<terms>.md`, each at a place of its own.

    Of two whose names are alike once they are ids, the one that is asked for first has the plain
    id, and the other one a digest of its path behind it: so a collection that grew gives the same.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}
        self._taken: set[str] = set()

    def of(self, path: bytes) -> str:
        """The place of a path that holds terms."""
        place = self._known.get(path)
        if place is None:
            place = self._known[path] = self._new(path)
        return place

    def _new(self, path: bytes) -> str:
        service, _, name = path.partition(b"/")
        folder, rest = _slug(service), _slug(name.removesuffix(_SUFFIX))
        plain = f"{folder}-{rest}"[:_MAX_NAME].rstrip("-")
        if plain in self._taken:
            plain = f"{plain}-{blake2b(path, digest_size=4).hexdigest()}"
        self._taken.add(plain)
        return f"{ENTRIES}/{folder}/{plain}{SUFFIX}"


def with_trailers(message: bytes, trailers: Iterable[tuple[str, str]]) -> bytes:
    """A message with more trailers at its end, in the paragraph of those that it has."""
    text = message.rstrip(b"\n \t")
    last = text.rpartition(b"\n\n")[2] if b"\n\n" in text else b""
    goes_on = last and all(map(_TRAILER.fullmatch, last.split(b"\n")))
    added = "".join(f"{key}: {value}\n" for key, value in trailers)
    return text + (b"\n" if goes_on else b"\n\n") + added.encode()


def _slug(name: bytes) -> str:
    """A name as an id; signs that look like a slash or a dash part words, as those of ASCII do."""
    words = "".join(
        " " if category(char)[0] in "PSZC" and char not in _APOSTROPHES else char
        for char in name.decode("utf-8", "surrogateescape")
    )
    short = slug(words)[:_MAX_NAME].strip("-")
    return short or f"unnamed-{blake2b(name, digest_size=4).hexdigest()}"


def _title(name: bytes) -> str:
    words = " ".join(name.decode("utf-8", "surrogateescape").split())
    return escape(words)[:_MAX_TITLE].strip() or "unnamed"
