"""The words that changed as a passage moved: they came and went, and did not move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archivist.worddiff.cleanup import shared_tokens
from archivist.worddiff.comparison import Hunk, Op
from archivist.worddiff.hunks import hunks


def marked(found: Sequence[Hunk]) -> tuple[Hunk, ...]:
    """The hunks; those of a passage that was reworded as it moved are cut, so that the words which
    changed are a delete or an insert like any other, between those that moved.
    """
    passages: dict[tuple[int, Op], str] = {}
    for hunk in found:
        if hunk.move:
            key = hunk.move, hunk.op
            passages[key] = passages.get(key, "") + hunk.text
    cuts: dict[tuple[int, Op], Iterator[Hunk]] = {}
    for number in {number for number, _ in passages}:
        old, new = passages[number, "delete"], passages[number, "insert"]
        if old.split() != new.split():
            inner = _compared(old, new)
            for op in ("delete", "insert"):
                cuts[number, op] = _side(inner, op, number)
    return tuple(joined(_cut(found, cuts))) if cuts else tuple(found)


def _compared(old: str, new: str) -> tuple[Hunk, ...]:
    shared = shared_tokens(old, (0, len(old)), new, (0, len(new)), sure=True)
    return hunks(old, new, shared, [], [])


def _side(inner: Iterable[Hunk], op: Op, number: int) -> Iterator[Hunk]:
    """What a passage was in the one text: what stayed in it has moved."""
    for hunk in inner:
        if hunk.op in ("equal", op):
            yield Hunk(op, hunk.text, number if hunk.op == "equal" else 0)


def _cut(found: Iterable[Hunk], cuts: dict[tuple[int, Op], Iterator[Hunk]]) -> Iterator[Hunk]:
    """The hunks, each that is part of a reworded passage cut into what the passage is made of."""
    rest: dict[tuple[int, Op], Hunk] = {}
    for hunk in found:
        key = hunk.move, hunk.op
        if key not in cuts:
            yield hunk
            continue
        text = hunk.text
        while text:
            piece = rest.pop(key, None) or next(cuts[key])
            part = piece.text[: len(text)]
            yield piece._replace(text=part)
            text = text[len(part) :]
            if len(part) < len(piece.text):
                rest[key] = piece._replace(text=piece.text[len(part) :])


def joined(found: Iterable[Hunk]) -> Iterator[Hunk]:
    """Neighbours of one kind as one."""
    last: Hunk | None = None
    for hunk in found:
        if last and (last.op, last.move) == (hunk.op, hunk.move):
            last = last._replace(text=last.text + hunk.text)
            continue
        if last:
            yield last
        last = hunk
    if last:
        yield last
