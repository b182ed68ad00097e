"""What a check finds, and the edits that would mend it.

Values that are made by the thousand are named tuples here and elsewhere: as frozen as data classes,
and several times quicker to make.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs: an error fails the check, a warning does so with `--strict`."""

    ERROR = "error"
    WARNING = "warning"


class Applicability(StrEnum):
    """Who may apply a fix.

    `SAFE` needs no judgement and never touches a body; `UNSAFE` may change meaning or the archived
    text and is applied on request; `SHOWN` is a suggestion that only a person can apply.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    SHOWN = "shown"


class Edit(NamedTuple):
    """Replace the characters `start:end` of a text by `text`."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A mend: what it does, in words ("quote the value"), and the edits that do it."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.SAFE


class Finding(NamedTuple):
    """What a rule says of one entry: the characters `start:end` of its text, and a sentence."""

    start: int
    end: int
    message: str
    hint: str | None = None
    fix: Fix | None = None


class Diagnostic(NamedTuple):
    """A finding in its place.

    Lines and columns count from 1; lines end at LF only, columns count Unicode code points;
    `end_line` and `end_column` stand just behind the last character. `excerpt` is the text of
    `line`. `fix` refers to character offsets of the text that was checked.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    end_line: int
    end_column: int
    entry: str
    hint: str | None
    excerpt: str
    fix: Fix | None = None

    @property
    def fixable(self) -> bool:
        """True if `--fix`, or `--unsafe-fixes`, can apply the fix."""
        return self.fix is not None and self.fix.applicability is not Applicability.SHOWN


class Places:
    """The lines and columns of a text's characters, both from 1; only LF ends a line.

    Quick where places are asked for in their order.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 1

    def of(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        if offset < self._offset:
            self._offset, self._line = 0, 1
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line, offset - self._text.rfind("\n", 0, offset)


@lru_cache(maxsize=1)
def _line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end]


def line_around(text: str, offset: int) -> str:
    """The line that the offset stands in, without its LF; one text for all places in one line."""
    return _line_at(text, text.rfind("\n", 0, offset) + 1)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits applied; they must not overlap. Everything else is kept as it is."""
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < done:
            raise ValueError("edits overlap")
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)
