"""What is to be said beside the answers of a history: above all what of it is lacking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from archivist.console import escape
from archivist.repository.timeline import Cut
from archivist.versions.version import WORKING, Version, moment

_SHORT = 8  # characters of a commit
PARTIAL = (
    "this clone is partial: texts that were not fetched cannot be read; "
    "`git fetch --refetch --no-filter` brings them"
)
EXACT = "texts are missing here: files that were edited as they moved count as new"


class Notes:
    """Lines for people, each once, safe to show; `tell` is told each as soon as it is known.

    `is_whole` as long as nothing is lacking of the history or the texts that were asked for; `cuts`
    are where the history begins too late.
    """

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.is_whole = True
        self.lines: list[str] = []
        self.cuts: list[Cut] = []
        self._tell = tell

    def add(self, line: str) -> None:
        """Note something."""
        line = escape(line)
        if line not in self.lines:
            self.lines.append(line)
            if self._tell:
                self._tell(line)

    def lack(self, line: str) -> None:
        """Note something that is lacking."""
        self.is_whole = False
        self.add(line)

    def lack_before(self, cut: Cut) -> None:
        """Note that the history is not known before a commit."""
        self.cuts.append(cut)
        self.lack(cut_off(cut))

    def lack_text(self, version: Version) -> None:
        """Note that a text cannot be read, though it could be when it was learnt of."""
        if version.is_readable:
            self.lack(f"{version.entry}@{(version.rev or WORKING)[:_SHORT]} cannot be read")

    def lack_texts(self, versions: Iterable[Version]) -> None:
        """Note of which entries texts are missing, broken or too large, by entry."""
        lost = Counter(one.entry for one in versions if not one.is_readable)
        for entry, count in sorted(lost.items()):
            self.lack(f"{entry}: {count} of its texts cannot be read")

    def keys(self) -> dict[str, Any]:
        """What every document of JSON says of it."""
        return {"complete": self.is_whole, "notes": self.lines}


def cut_off(cut: Cut) -> str:
    """Since when the history is known, and why not longer."""
    day = (moment(cut.committed) or "a day of no calendar")[:10]
    place = f"{day} ({cut.rev[:_SHORT]}), and what was there before counts as added then"
    if cut.lost:
        return (
            f"history breaks off at {place}: something of the commit before it, "
            f"{cut.lost[:_SHORT]}, is missing or broken; `git fsck` says what"
        )
    return f"this clone is shallow: history starts at {place}; run `git fetch --unshallow`"
