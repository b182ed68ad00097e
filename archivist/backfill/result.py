"""What a backfill did, or would do, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from archivist.backfill.timeline import Outcome


class Result(NamedTuple):
    """What became of a capture: its time and memento, and for a refused one the name by which it
    can be accepted, and why. `added` and `removed` count the words by which a recovered version
    differs from the one before; `rev` is its commit, if it was made. `is_earlier`: an earlier run
    had refused it by the same rules, and had said so.
    """

    when: datetime
    memento: str
    outcome: Outcome
    name: str = ""
    reason: str = ""
    added: int = 0
    removed: int = 0
    rev: str | None = None
    is_earlier: bool = False


@dataclass(frozen=True)
class Report:
    """What a backfill of one entry came to. `listed` captures are in the index, `others` of them
    were not looked at; `left` could not be fetched now, and `trouble` says why, or why there may
    be more. `is_written` is False if nothing was committed.
    """

    entry: str
    source: str
    results: tuple[Result, ...] = ()
    listed: int = 0
    others: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""
    left: int = 0
    is_known: bool = True
    is_written: bool = False

    @property
    def counts(self) -> Counter[str]:
        """How many results there are of each outcome."""
        return Counter[str](one.outcome for one in self.results)

    @property
    def earlier(self) -> tuple[Result, ...]:
        """What an earlier run had refused."""
        return tuple(one for one in self.results if one.is_earlier)

    @property
    def is_complete(self) -> bool:
        """True if everything that is listed could be looked at."""
        return self.is_known and not self.left
