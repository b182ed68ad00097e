"""Tables: which hold data, and which only arrange a page."""

from __future__ import annotations

from collections.abc import Iterator

from archivist.extraction.tree import Element

_COLUMN = frozenset(("h1", "h2", "table"))
_BLOCKS = frozenset(("p", "div", "section"))
_MANY = 12  # blocks in one cell that make it a column of a page, not a value


def rows(table: Element) -> Iterator[Element]:
    """The table's rows and its caption, in order."""
    for child in table.elements():
        if child.tag in ("tr", "caption"):
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (one for one in child.elements() if one.tag == "tr")


def cells(row: Element) -> list[Element]:
    """The cells of a row."""
    return [one for one in row.elements() if one.tag in ("td", "th")]


def is_data(table: Element) -> bool:
    """True if the table's rows are lines of values: two rows of two at least, no page in a cell."""
    if table.get("role") in ("presentation", "none"):
        return False
    found = [cells(row) for row in rows(table) if row.tag == "tr"]
    wide = sum(sum(one.chars > 0 for one in row) > 1 for row in found)
    enough = wide > 1 or (wide == 1 and len(found) == 1)
    return enough and not any(_is_column(cell) for row in found for cell in row)


def _is_column(cell: Element) -> bool:
    blocks = 0
    stack = list(cell.elements())
    while stack:
        element = stack.pop()
        blocks += element.tag in _BLOCKS
        if element.tag in _COLUMN or blocks > _MANY:
            return True
        stack.extend(element.elements())
    return False
