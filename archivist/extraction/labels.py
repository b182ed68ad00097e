"""The labels of list items, as a browser draws them."""

from __future__ import annotations

import re

from archivist.extraction.tree import Element

_BULLETS = "•·●▪‣◦*–-"
_OWN = re.compile(r"(?:[•·●▪‣◦*–-]|\(?[0-9a-zA-Z]{1,4}[.)])\s+")
_ROMAN = (
    *((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv")),
    (1, "i"),
)
_LETTERS = 26


def first_number(ordered: Element) -> int:
    """The number of a list's first item."""
    given = _number(ordered.get("start"))
    if given is not None:
        return given
    if "reversed" in ordered.attributes:
        return sum(child.tag == "li" for child in ordered.elements())
    return 1


def given_number(item: Element) -> int | None:
    """The number that an item gives itself."""
    return _number(item.get("value"))


def label(number: int, kind: str) -> str:
    """The label of an item, by the `type` of its list: `3.`, `c.`, `III.`."""
    if kind in ("a", "A") and 1 <= number <= _LETTERS:
        return f"{chr(ord(kind) + number - 1)}."
    if kind in ("i", "I") and 1 <= number < 400:
        return f"{_roman(number).upper() if kind == 'I' else _roman(number)}."
    return f"{number}."


def without_label(text: str, marker: str) -> str:
    """An item's text without a label of its own that says what its marker says."""
    own = _OWN.match(text)
    if own is None:
        return text
    drawn = own[0].strip()
    same = drawn in _BULLETS if marker == "*" else drawn == marker
    return text[own.end() :] if same and own.end() < len(text) else text


def _number(text: str) -> int | None:
    plain = text.strip().removeprefix("-")
    return int(text) if plain.isascii() and plain.isdecimal() and len(plain) < 9 else None


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text
