"""The hunks of a comparison as rows: a paragraph each, cut to what surrounds the changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from archivist.worddiff import Comparison, Hunk, Op
from archivist.words import words

PARAGRAPH = "¶"  # stands for a line's end that came or went
_LINE = re.compile(r"(\n)")
_WORD = re.compile(r"\s*\S+")


class Piece(NamedTuple):
    """A part of a row. Those of `op` equal stand on both sides."""

    op: Op
    text: str
    move: int = 0


class Row(NamedTuple):
    """A line of either text with its changes, or how many unchanged rows and words are left out."""

    pieces: tuple[Piece, ...] = ()
    rows: int = 0
    words: int = 0

    @property
    def is_changed(self) -> bool:
        """True if something came, went or moved in it."""
        return any(piece.op != "equal" for piece in self.pieces)


def folded(found: Comparison, context: int | None) -> list[Row]:
    """The rows, each with `context` unchanged words around its changes; unchanged rows are counted.

    Without a context everything is kept.
    """
    rows = list(_rows(found.hunks))
    if context is None:
        return rows
    shown: list[Row] = []
    for changed, some in groupby(rows, key=lambda row: row.is_changed):
        if changed:
            shown += [Row(tuple(_cut(row.pieces, context))) for row in some]
        else:
            texts = ["".join(piece.text for piece in row.pieces) for row in some]
            shown.append(Row(rows=len(texts), words=sum(len(words(text)) for text in texts)))
    return shown


def _rows(hunks: Iterable[Hunk]) -> Iterator[Row]:
    row: list[Piece] = []
    for hunk in hunks:
        blank = not hunk.text.strip()
        for part in _LINE.split(hunk.text):
            if part == "\n":
                if blank and hunk.op != "equal" and row and row[-1].text != PARAGRAPH:
                    row.append(Piece(hunk.op, PARAGRAPH, hunk.move))
                if hunk.op != "delete" or not blank:
                    yield from _whole(row)
                    row = []
            elif part.strip():
                row.append(Piece(hunk.op, part, hunk.move))
            elif part and hunk.op != "delete":
                row.append(Piece("equal", part))
    yield from _whole(row)


def _whole(row: list[Piece]) -> Iterator[Row]:
    if any(piece.text.strip() for piece in row):
        yield Row(tuple(row))


def _cut(pieces: tuple[Piece, ...], context: int) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        if piece.op != "equal":
            yield piece
            continue
        found = _WORD.findall(piece.text)
        first, last = number == 0, number == len(pieces) - 1
        if len(found) <= context * (1 if first or last else 2) + 3:
            yield piece
            continue
        leading = " " if piece.text[0].isspace() else ""
        trailing = piece.text[len(piece.text.rstrip()) :]
        head = "" if first else "".join(found[:context]) + (" " if context else leading)
        tail = "" if last else "".join(found[len(found) - context :]) + trailing
        yield Piece("equal", f"{head}…{tail}")
