"""Which files of a source are entries, and what they are called here: pure functions."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b, sha1

from archivist.entry import SUFFIX
from archivist.files import ENTRIES, MAX_SIZE
from archivist.names import slug

REGULAR_MODES = ("100644", "100755")
_SUFFIXES = (".markdown", SUFFIX)
_MAX_NAME = 100  # characters of an id, and of a folder's name
MAX_PATH = 1000
_FENCE = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?(?:\n|\Z)")
_KINDS = {"120000": "a symbolic link", "160000": "a submodule", "040000": "a folder too far down"}


@lru_cache(1 << 16)
def unfit_file(path: bytes, mode: str) -> str | None:
    """Why a file of this path and mode is no entry; None if it may be one."""
    parts = path.split(b"/")
    if any(part.startswith(b".") for part in parts):
        return "hidden"
    if mode not in REGULAR_MODES:
        return _KINDS.get(mode, "not a plain file")
    if not _stem(parts[-1]):
        return "not Markdown"
    if len(target(path)) > MAX_PATH:
        return "its path is too long"
    return None


def unfit_text(data: bytes | None) -> str | None:
    """Why a file of these bytes (None: too many) is no entry."""
    if data is None:
        return f"larger than {MAX_SIZE >> 20} MiB"
    return None if _FENCE.match(data) else "no front matter"


@lru_cache(1 << 16)
def target(path: bytes) -> str:
    """The path here of an entry at `path` in a source: slugged, below `entries/`.

    What stands below `entries/` already keeps its folder. A name without any ASCII letter or
    digit is replaced by one made of its bytes.
    """
    *folders, name = path.split(b"/")
    if folders and folders[0] == ENTRIES.encode():
        del folders[0]
    return "/".join((ENTRIES, *map(_slugged, folders), _slugged(_stem(name)) + SUFFIX))


def blob_id(data: bytes) -> str:
    """The id that git gives to a blob of these bytes."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def shown(path: bytes) -> str:
    r"""A source's path as text; bytes that are not UTF-8 as `\x80`."""
    return path.decode("utf-8", "backslashreplace")


def _stem(name: bytes) -> bytes:
    """A file's name without its suffix; blank if the suffix is not an entry's."""
    for suffix in _SUFFIXES:
        if name.lower().endswith(suffix.encode()):
            return name[: -len(suffix)]
    return b""


def _slugged(name: bytes) -> str:
    short = slug(name.decode("utf-8", "surrogateescape"))[:_MAX_NAME].strip("-")
    return short or f"unnamed-{blake2b(name, digest_size=4).hexdigest()}"
