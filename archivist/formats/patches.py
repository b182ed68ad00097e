"""What versions changed, as parts of a timeline: keys of a row, lines below one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archivist.difference import Difference
from archivist.formats.diff import json, text
from archivist.versions import Version

_INDENT = "    "
_CONTEXT = 12  # unchanged words around a change


@dataclass(frozen=True)
class PatchFormat:
    """Renders the differences that are known of versions; of the others there is nothing to say."""

    found: Mapping[Version, Difference]
    color: bool = False
    width: int = 80

    def keys(self, version: Version) -> dict[str, Any]:
        """The machine keys of a difference: None where there is none."""
        one = self.found.get(version)
        return json.changes(one) if one else {"front_matter": None, "hunks": None}

    def lines(self, version: Version) -> Iterator[str]:
        """A difference, indented, with a blank line before and after it."""
        one = self.found.get(version)
        if one is None or one.is_same:
            return
        room = max(self.width - len(_INDENT), 20)
        for part in text.changes(one, color=self.color, width=room, context=_CONTEXT):
            yield ""
            yield from (f"{_INDENT}{line}".rstrip() for line in part.split("\n"))
        yield ""
