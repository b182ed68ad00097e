"""What was refused before: a capture does not change, so by the same rules it would be again.

A refusal holds as long as everything does that it followed from: the versions of archivist and of
what makes texts, the selectors and the language of the entry, its present text, the URL, how much
of a page is read. One of a text that is like no other (`lost`) depends on its neighbours, too: such
a capture is judged each time, and only said to have been refused before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from archivist import __version__
from archivist.backfill.result import Result
from archivist.backfill.timeline import LOST
from archivist.capturing.extractor import extractor_of
from archivist.extraction import Kind, Selection
from archivist.state.mementos import Mementos, Place, Refused
from archivist.wayback.cdx import Capture


def rules_of(
    source: str, selection: Selection, language: str, present: str, most_bytes: int
) -> str:
    """The digest of everything that a refusal of a capture of `source` follows from."""
    selectors = (selection.content, selection.remove)
    known = (__version__, *map(_tool, Kind), source, *selectors, language, present, str(most_bytes))
    data = "\0".join(known).encode("utf-8", "surrogateescape")
    return sha256(data).hexdigest()


def _tool(kind: Kind) -> str:
    """What makes texts of a kind of source; blank if it is not installed."""
    from importlib.metadata import PackageNotFoundError

    try:
        return extractor_of(kind)
    except PackageNotFoundError:
        return ""


@dataclass
class Refusals:
    """The refusals of captures that the Wayback Machine `machine` has, by `rules`. Names in
    `accepted` are none any more, nor is that of a capture which was `taken` all the same; with
    `again` there are none to begin with.
    """

    kept: Mementos
    machine: str
    rules: str
    accepted: Collection[str] = ()
    taken: Callable[[Capture], bool] = lambda _capture: False
    again: bool = False

    def of(self, one: Capture) -> Refused | None:
        """Why a capture was refused before; None if it was not, or is to be looked at again."""
        if self.again or self.taken(one):
            return None
        known = self.kept.refused(self._place(one), self.rules)
        return None if known is None or known.name in self.accepted else known

    def settles(self, one: Capture) -> bool:
        """True if there is no need to look at a capture again."""
        known = self.of(one)
        return known is not None and known.name != LOST

    def learn(self, captures: Sequence[Capture], results: Iterable[Result]) -> None:
        """Remember what was refused."""
        found = zip(captures, results, strict=True)
        rows = [
            (self._place(one), Refused(result.name, result.reason))
            for one, result in found
            if result.outcome == "refused" and not result.is_earlier
        ]
        self.kept.refuse(self.rules, rows)

    def _place(self, one: Capture) -> Place:
        return Place(self.machine, one.original, one.timestamp)
