"""Front matter: text ⇄ fields, with the place of every key and value.

The format is defined by its lines: `---`, then `key: value` or a key with a YAML list of texts,
comments and blank lines, then `---`. Nothing is ever written back as a whole: an edit replaces the
characters of one value and keeps every other byte.
"""

# Annotations are evaluated here: a named tuple would compile each that is not, at every start.

from collections.abc import Iterable
from typing import NamedTuple

from archivist.diagnostic import Edit, Finding
from archivist.fence import FENCE
from archivist.yamlreading import quoted, written


class Scalar(NamedTuple):
    """One value: its text, unquoted, and the characters `start:end` it is written in."""

    text: str
    start: int
    end: int


class Field(NamedTuple):
    """A key with its value, or its values if it is a list.

    `key_start` and `colon` bound the key (blanks may follow it); `start:end` are the whole lines of
    the field; `raw` is what stands behind its colon, from the first character to the last, and
    `lead` the blank that is missing before it.
    A blank value is a scalar without text that stands behind the colon.
    """

    key: str
    key_start: int
    colon: int
    start: int
    end: int
    values: tuple[Scalar, ...]
    is_list: bool = False
    raw: tuple[int, int] = (0, 0)
    lead: str = ""

    @property
    def text(self) -> str:
        """The value if it is one text, else blank."""
        return "" if self.is_list or not self.values else self.values[0].text

    @property
    def span(self) -> tuple[int, int]:
        """The characters of the value or values; the key's where the value is blank."""
        if not self.values or not self.values[-1].text:
            return self.key_start, self.colon
        return self.values[0].start, self.values[-1].end


class Flaw(NamedTuple):
    """A place where front matter is not well formed; `kind` is the name of the rule it breaks."""

    kind: str
    finding: Finding


class FrontMatter(NamedTuple):
    """The fields between two fences. `start:end` are the lines between them; the body follows.

    `newline` is what a line that is added at the end must begin with: blank but where the last
    line is not ended.
    """

    fields: tuple[Field, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    start: int = 0
    end: int = 0
    body_start: int = 0
    newline: str = ""

    def get(self, key: str) -> Field | None:
        """The first field of this key."""
        return next((field for field in self.fields if field.key == key), None)


def plain_field(text: str, key: str) -> Field:
    """The field of a key that `plainfront.read` found in the text, as `grammar.parse` gives it."""
    start = text.find(f"\n{key}:", len(FENCE)) + 1
    end = text.find("\n", start) + 1
    colon = start + len(key)
    value = text[colon + 2 : end - 1]
    raw = (colon + 2, end - 1) if value else (colon + 1, colon + 1)
    lead = "" if value else " "
    return Field(key, start, colon, start, end, (Scalar(value, *raw),), False, raw, lead)


def set_value(front: FrontMatter, key: str, value: str, order: Iterable[str] = ()) -> Edit:
    """The edit that gives a key one value.

    A key that is not there gets a line of its own, behind those that `order` puts before it. With a
    value goes the blank before it.
    Raises ValueError for a value that does not fit on one line.
    """
    if "\n" in value or "\r" in value:
        raise ValueError("a value must stand on one line")
    field = front.get(key)
    if field is None:
        return _insert(front, key, value, list(order))
    start, end = field.raw
    if not value and start < end and not field.lead:
        start -= 1
    return Edit(start, end, (field.lead if value else "") + written(value))


def value_edit(field: Field, value: str) -> Edit:
    """The edit that writes another text for a field's one value; a remark behind it stays."""
    scalar = field.values[0]
    has_remark = field.raw[1] > scalar.end
    return Edit(scalar.start, scalar.end, quoted(value) if has_remark else written(value))


def quote_edit(scalar: Scalar, as_written: str) -> Edit:
    """The edit that quotes a value as it stands in its line."""
    return Edit(scalar.start, scalar.end, quoted(as_written))


def _insert(front: FrontMatter, key: str, value: str, order: list[str]) -> Edit:
    earlier = order[: order.index(key)] if key in order else order
    before = [field for field in front.fields if field.key in earlier or not order]
    place = max((field.end for field in before), default=front.start)
    line = f"{key}: {written(value)}".rstrip()
    newline = front.newline if place == front.end else ""
    return Edit(place, place, f"{newline}{line}\n")
