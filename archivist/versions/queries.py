"""What people type to search, as queries that FTS5 reads: pure functions.

What is valid is left as it is: words, phrases, beginnings, `NEAR`, `AND`, `OR`, `NOT`, brackets,
`title:` and `body:`. A word with a hyphen, an apostrophe or another mark in it becomes a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from archivist.words import IDEOGRAPHS

COLUMNS = ("title", "body")
_PART = re.compile(
    r"NEAR\s*\((?P<inside>[^()]*)\)"
    r"|(?P<kept>\s+|[()]|\^?\"(?:[^\"]|\"\")*\"\*?|(?:AND|OR|NOT|\+)(?=[\s()]))"
    r"|(?P<word>[^\s()\"]+)"
    r"|(?P<stray>\")"
)
_APART = re.compile(r",\s*[0-9]+\s*$")
_WORD = re.compile(
    rf"(?P<column>(?:{'|'.join(COLUMNS)}):)?(?P<first>\^?)(?P<core>.*?)(?P<more>\*?)"
)
_BARE = re.compile(r"[A-Za-z0-9_\u0080-\U0010ffff]+")  # what FTS5 takes for a word without quotes
_SPLIT = re.compile(rf"[{IDEOGRAPHS}]")
_EDGES = re.compile(r"^\W+|\W+$")


class Query(NamedTuple):
    """A query that FTS5 may read, and whether it says something else than what was typed."""

    text: str
    is_changed: bool

    @property
    def asks_for_titles(self) -> bool:
        """True if a part of it looks at titles only."""
        outside = re.sub(r'"(?:[^"]|"")*"', '""', self.text)
        return re.search(r"(?<!\S)[(]*title:", outside) is not None


def readings(typed: str) -> Iterator[Query]:
    """How a query may be meant, the likeliest first: with its syntax, then as words alone. Nothing
    for a query without words.
    """
    if not re.search(r"\w", typed):
        return
    mended = "".join(_mended(typed))
    yield Query(mended, _plain(mended) != _plain(typed))
    words = " ".join(_words(typed))
    if words and words != mended:
        yield Query(words, is_changed=True)


def _mended(typed: str) -> Iterator[str]:
    for part in _PART.finditer(typed):
        if part["inside"] is not None:
            inside = part["inside"]
            apart = _APART.search(inside)
            phrases = inside[: apart.start()] if apart else inside
            yield f"NEAR({''.join(_mended(phrases))}{apart[0] if apart else ''})"
        elif part["word"] is not None:
            yield _term(part["word"])
        else:
            yield part[0]


def _term(typed: str) -> str:
    """A word as FTS5 takes it: as it is, or as a phrase; blank if there are no letters in it."""
    found = _WORD.fullmatch(typed)
    column, first, core, more = found.group("column", "first", "core", "more") if found else ()
    lead = (column or "") + first
    if not core:
        return typed
    if _BARE.fullmatch(core):
        return f'{lead}"{core}"{more}' if _SPLIT.search(core) else typed
    bare = _EDGES.sub("", core)
    if not bare:
        return ""
    is_plain = _BARE.fullmatch(bare) and not _SPLIT.search(bare)
    return f"{lead}{bare}{more}" if is_plain else f'{lead}"{bare}"{more}'


def _words(typed: str) -> Iterator[str]:
    """Every word of a query as a phrase, whatever else stands in it; phrases stay."""
    for part in re.finditer(r'"(?:[^"]|"")*"|[^\s"]+', typed):
        if re.search(r"\w", part[0]):
            yield part[0] if part[0].startswith('"') else f'"{_EDGES.sub("", part[0])}"'


def _plain(query: str) -> str:
    """A query without what changes nothing: such as quotes around ideographs."""
    return re.sub(rf'"([\w]*[{IDEOGRAPHS}][\w]*)"', r"\1", " ".join(query.split()))
