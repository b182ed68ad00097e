"""Credits: the names in `credited parents`, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from archivist.frontmatter import Field
from archivist.names import fold

KEY = "credited parents"
NONE = "none"
VAGUE = frozenset(("many", "more", "other", "others", "various", "several"))

_PIECE = re.compile(r"[^,;]+")
_WORD_SEPARATOR = re.compile(r"(?<=\S)\s+(?:&|and)\s+|^\s*(?:and|&)\s+", re.IGNORECASE)
_SENTENCE_WORDS = 5


class Credit(NamedTuple):
    """One credited name, and the characters `start:end` of the entry's text that it stands in."""

    name: str
    start: int
    end: int

    @property
    def is_vague(self) -> bool:
        """True for `many`, `others`, `various`: too vague to check."""
        return VAGUE.issuperset(fold(self.name).split())


def credits_of(field: Field | None, is_known: Callable[[str], bool]) -> tuple[Credit, ...]:
    """The credits of a field. `is_known` tells whether a text is, as a whole, the name of a policy.

    In a list each item is one credit. One text is one credit if it is known as a whole; else it
    splits at commas and semicolons, and what is still not known at `&` and `and`. `none` and a
    blank value are no credits.
    """
    if field is None:
        return ()
    if field.is_list:
        named = [one for one in field.values if one.text]
        if [fold(one.text) for one in named] == [NONE]:
            return ()
        return tuple(Credit(one.text, one.start, one.end) for one in named)
    text = field.text
    if not text or fold(text) == NONE:
        return ()
    scalar = field.values[0]
    if scalar.end - scalar.start != len(text):  # quoted: places inside are not ours to count
        inner = scalar.start + 1 if scalar.end - scalar.start == len(text) + 2 else None
    else:
        inner = scalar.start
    if is_known(text) or inner is None:
        return (Credit(text, scalar.start, scalar.end),)
    return tuple(Credit(text[a:b], inner + a, inner + b) for a, b in _split(text, is_known))


def candidate_names(field: Field | None) -> set[str]:
    """Every text in the field that might be taken for a name, whatever names are known."""
    whole = {one.name for one in credits_of(field, lambda _: True)}
    parts = {one.name for one in credits_of(field, lambda _: False)}
    pieces = {piece.strip() for name in whole for piece in _PIECE.findall(name)}
    glued = {half.strip() for name in parts for half in name.split("&")}
    return whole | parts | pieces | glued


def is_sentence(text: str) -> bool:
    """True if a text that should be a name reads like a remark."""
    words = text.split()
    lower = sum(word[0].islower() for word in words)
    return len(words) >= _SENTENCE_WORDS and lower * 2 >= len(words)


def _split(text: str, is_known: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    for match in _PIECE.finditer(text):
        start, end = _trim(text, *match.span())
        if start == end:
            continue
        if is_known(text[start:end]):
            yield start, end
            continue
        for a, b in _between(text, start, end):
            yield from _split_glued(text, a, b, is_known)


def _between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of `text[start:end]` between `&` and `and`."""
    place = start
    for match in _WORD_SEPARATOR.finditer(text[start:end]):
        if start + match.start() > place:
            yield _trim(text, place, start + match.start())
        place = start + match.end()
    if place < end:
        yield _trim(text, place, end)


def _split_glued(
    text: str, start: int, end: int, is_known: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """`A&B` is two names if both are known; `AT&T` is one."""
    halves = [
        _trim(text, start + match.start(), start + match.end())
        for match in re.finditer("[^&]+", text[start:end])
    ]
    if not is_known(text[start:end]) and halves and all(is_known(text[a:b]) for a, b in halves):
        yield from halves
    else:
        yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
