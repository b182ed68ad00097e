"""Running text with changes, marked or coloured, filled into lines of a width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from archivist.console import columns, escape, paint
from archivist.words import IDEOGRAPHS

if TYPE_CHECKING:  # what is wrapped need not be a difference
    from archivist.worddiff import Op

# Letters of scripts without blanks between words are parts, with the marks behind them.
_PART = rf"\s+|[{IDEOGRAPHS}][^\w\s]*|[^\s{IDEOGRAPHS}]+"
_PLAIN_PART = re.compile(r"\s+|\S+")
_RUNS_ON = f"[{IDEOGRAPHS}]"
_OPENING = "[{(-+:「『（【〈《“‘"  # a line does not end with one of these
_COLORS = {"delete": ("red", "strike"), "insert": ("green",)}
_MARKS = {"delete": ("[-", "-]"), "insert": ("{+", "+}")}


class Style(NamedTuple):
    """Whether changes are coloured or marked."""

    color: bool


class Atom(NamedTuple):
    """A word or a blank, and what became of it."""

    text: str
    op: Op
    move: int = 0


class Line(NamedTuple):
    """A line, and the columns that it takes."""

    text: str
    size: int


def styled(op: Op, move: int, text: str, style: Style) -> Iterator[Atom]:
    """The atoms of a piece, between its marks if there is no colour; a move has its number."""
    label = f"⇅{move}:" if move else ""
    if op != "equal" and not style.color:
        opening, closing = _MARKS[op]
        bare = text.strip()
        lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        text = f"{lead}{opening}{label}{bare}{closing}{trail if bare else ''}"
    elif label:
        text = label + text
    for part in _parts(text):
        yield Atom(" " if part.isspace() else escape(part), op, move)


def wrapped(text: str, width: int) -> list[str]:
    """Escaped text in lines."""
    style = Style(color=False)
    atoms = (Atom(" " if part.isspace() else part, "equal") for part in _parts(text))
    return [line.text for line in fill(atoms, width, style) if line.size]


def _parts(text: str) -> list[str]:
    return (_PLAIN_PART if text.isascii() else _pattern(_PART)).findall(text)


def _runs_on(word: str) -> bool:
    """True if a line may end before a word, although no blank is there."""
    return not word.isascii() and _pattern(_RUNS_ON).match(word) is not None


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)  # where it is needed: it takes milliseconds


def fill(atoms: Iterable[Atom], width: int, style: Style) -> list[Line]:
    """The atoms in lines, broken at blanks and before letters of scripts that have none between
    words; what is longer than a line is cut.
    """
    lines: list[list[Atom]] = [[]]
    room = width
    for word in _unbroken(atoms, width):
        size = sum(columns(atom.text) for atom in word)
        if word[0].text == " ":
            if lines[-1] and room:
                lines[-1].append(word[0])
                room -= 1
            continue
        if size > room and lines[-1]:
            lines.append([])
            room = width
        lines[-1] += word
        room -= size
    return [_line(line, style) for line in lines]


def _unbroken(atoms: Iterable[Atom], width: int) -> Iterator[list[Atom]]:
    """Atoms between which no line may end, together; a blank by itself."""
    word: list[Atom] = []
    size = 0
    for atom in atoms:
        if atom.text == " ":
            if word:
                yield word
            yield [atom]
            word, size = [], 0
            continue
        if word and _runs_on(atom.text) and word[-1].text[-1] not in _OPENING:
            yield word
            word, size = [], 0
        for place in range(0, len(atom.text), max(width // 2, 1)):
            part = atom._replace(text=atom.text[place : place + max(width // 2, 1)])
            if word and size + columns(part.text) > width:
                yield word
                word, size = [], 0
            word.append(part)
            size += columns(part.text)
    if word:
        yield word


def _line(atoms: list[Atom], style: Style) -> Line:
    while atoms and atoms[-1].text == " ":
        atoms = atoms[:-1]
    size = sum(columns(atom.text) for atom in atoms)
    if not style.color:
        return Line("".join(atom.text for atom in atoms), size)
    parts: list[tuple[Op, int, str]] = []
    for atom in atoms:
        if parts and parts[-1][:2] == (atom.op, atom.move):
            parts[-1] = (atom.op, atom.move, parts[-1][2] + atom.text)
        else:
            parts.append((atom.op, atom.move, atom.text))
    return Line("".join(_painted(*part) for part in parts), size)


def _painted(op: Op, move: int, text: str) -> str:
    if op == "equal":
        return text
    return paint(text, *(("yellow", *_COLORS[op][1:]) if move else _COLORS[op]), on=True)
