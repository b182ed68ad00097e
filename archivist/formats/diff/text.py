"""A difference for the terminal: one column, or both texts side by side where there is room."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from archivist.console import escape, paint
from archivist.difference import Difference, FieldChange
from archivist.formats.diff.rows import Row, folded
from archivist.formats.wrapping import Style, fill, styled
from archivist.states import State

SIDE_BY_SIDE = 120  # columns
_GAP = " │ "
_WIDEST = 100  # columns of running text that are pleasant to read


def render(
    found: Difference,
    *,
    color: bool = False,
    width: int = 80,
    columns: bool = False,
    context: int | None = 12,
) -> str:
    """The names, the front matter that changed, the text, and the count of words."""
    shown = changes(found, color=color, width=width, columns=columns, context=context)
    return "\n\n".join([_heading(found, color), *shown, _summary(found)]) + "\n"


def changes(
    found: Difference,
    *,
    color: bool = False,
    width: int = 80,
    columns: bool = False,
    context: int | None = 12,
) -> Iterator[str]:
    """The front matter that changed, and the text with what changed in it."""
    if found.fields:
        yield "\n".join(_table(found.fields, color, width))
    if not found.text.is_same:
        rows = folded(found.text, context)
        yield "\n".join(_columns(rows, color, width) if columns else _column(rows, color, width))


def _heading(found: Difference, color: bool) -> str:
    old = paint(f"--- {_name(found.a)}", "bold", "red", on=color)
    return f"{old}\n{paint(f'+++ {_name(found.b)}', 'bold', 'green', on=color)}"


def _name(state: State) -> str:
    when = f"  archived {state.entry.value('date archived')}" if state.archived else ""
    return escape(f"{state.name}{when}")


def _table(changes: tuple[FieldChange, ...], color: bool, width: int) -> Iterator[str]:
    room = max(len(change.key) for change in changes)
    for key, old, new in changes:
        name = f"{escape(key):{min(room, 24)}}  "
        style = Style(color)
        values = [
            *(styled("delete", 0, old or "(blank)", style) if old is not None else ()),
            *(styled("equal", 0, " → ", style) if None not in (old, new) else ()),
            *(styled("insert", 0, new or "(blank)", style) if new is not None else ()),
        ]
        for number, line in enumerate(fill(values, min(width, _WIDEST) - len(name), style)):
            yield (name if number == 0 else " " * len(name)) + line.text


def _column(rows: list[Row], color: bool, width: int) -> Iterator[str]:
    style = Style(color)
    for number, row in enumerate(rows):
        if number:
            yield ""
        if row.rows:
            yield paint(_left_out(row), "dim", on=color)
            continue
        atoms = [atom for op, text, move in row.pieces for atom in styled(op, move, text, style)]
        yield from (line.text for line in fill(atoms, min(width, _WIDEST), style))


def _columns(rows: list[Row], color: bool, width: int) -> Iterator[str]:
    room = (width - len(_GAP)) // 2
    style = Style(color)
    for number, row in enumerate(rows):
        if number:
            yield " " * room + _GAP.rstrip()
        if row.rows:
            note = _left_out(row)
            yield f"{paint(f'{note:{room}}', 'dim', on=color)}{_GAP}{paint(note, 'dim', on=color)}"
            continue
        sides = [
            fill(
                [
                    a
                    for op, text, move in row.pieces
                    if op != other
                    for a in styled(op, move, text, style)
                ],
                room,
                style,
            )
            for other in ("insert", "delete")
        ]
        for left, right in zip_longest(*sides):
            text, size = left or ("", 0)
            yield f"{text}{' ' * (room - size)}{_GAP}{right.text if right else ''}".rstrip()


def _left_out(row: Row) -> str:
    paragraphs = f"{row.rows} paragraph{'s' if row.rows > 1 else ''}"
    return f"⋯ {paragraphs}, {row.words} word{'s' if row.words != 1 else ''} unchanged"


def _summary(found: Difference) -> str:
    if found.is_same:
        return "The texts and the front matter are the same."
    if found.text.is_same:
        return "The texts are the same."
    if found.text.only_blanks:
        return "The texts differ in white space only: no word came or went."
    count = found.text.count
    moved = f", {count.moved} moved" if count.moved else ""
    share = f"{100 * found.text.similarity:.0f} % of the words are the same"
    added = f"{count.added} word{'s' if count.added != 1 else ''} added"
    return f"{added}, {count.removed} removed{moved}; {share}."
