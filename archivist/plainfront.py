"""Front matter that is written as nearly all is: text → values, without the place of each.

A shortcut for those who want to know what an entry says, and not whether it says it well.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

import re
from typing import NamedTuple

from archivist.fence import FENCE, MAX_LENGTH
from archivist.yamlreading import is_plain

_OPENING = f"{FENCE}\n"
_CLOSING = f"\n{FENCE}\n"
_KEY = r"[A-Za-z][A-Za-z_-]{0,30}+(?: [A-Za-z_-]{1,30}+){0,3}+"
_VALUE = r"\S[^\n]*+(?<=\S)"
_FIELDS = re.compile(rf"({_KEY}):(?: ({_VALUE}))?\n")
_ALL = re.compile(rf"(?:{_KEY}:(?: {_VALUE})?\n|\n)++")


class PlainFront(NamedTuple):
    """The values by key, and where the body starts."""

    values: dict[str, str]
    body_start: int


def read(text: str) -> PlainFront | None:
    """What `grammar.parse` reads from a text, if it is all fields of one plain value or none, each
    key once, without a flaw; None if there is more to it.
    """
    if not text.startswith(_OPENING):
        return None
    end = text.find(_CLOSING, len(_OPENING) - 1, len(_OPENING) + MAX_LENGTH)
    lines = text[len(_OPENING) : end + 1]
    if end < 0 or not _ALL.fullmatch(lines):
        return None
    found = _FIELDS.findall(lines)
    values = dict(found)
    if len(values) < len(found) or not all(not one or is_plain(one) for one in values.values()):
        return None
    return PlainFront(values, end + len(_CLOSING))
