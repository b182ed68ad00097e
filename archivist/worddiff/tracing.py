"""Which sentence of one text each sentence of the next one comes from."""

from __future__ import annotations

from typing import NamedTuple

from archivist.worddiff.hunks import Gap
from archivist.worddiff.pairing import likeness
from archivist.worddiff.relating import related
from archivist.words import words


class Traces(NamedTuple):
    """The sentences of the second text, and where each was in the first (None if nowhere)."""

    texts: list[str]
    sources: list[int | None]


def trace(a: str, b: str) -> Traces:
    """Each sentence of `b`, and the number of that sentence of `a` which it is, or is a wording of:
    the same one, wherever it stands; else one that it was reworded, split or joined from.
    """
    found = related(a, b, [Gap(0, len(a), 0, len(b))])
    one, other = found.one, found.other
    sources: list[int | None] = [None] * len(other.keys)
    for i, j, size in [*found.anchors, *found.moved]:
        sources[j : j + size] = range(i, i + size)
    for group in found.groups:
        for j in range(group.b, group.b_end):
            options = range(group.a, group.a_end)
            sources[j] = max(options, key=lambda i: likeness(one.words(i), other.words(j)))
    return Traces([other.text[start:end] for start, end in other.spans], sources)


def alike(a: str, b: str) -> float:
    """The share of their words that two sentences have in common, in order: 0.0 to 1.0."""
    return 1.0 if a == b else likeness(words(a), words(b))
