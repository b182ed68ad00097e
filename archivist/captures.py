"""What became of each entry, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from archivist.difference import Difference


class Outcome(StrEnum):
    """What became of an entry."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"


class Objection(NamedTuple):
    """Why there is no version: a name, what was seen, and what to do."""

    name: str
    reason: str
    hint: str = ""


class Kept(NamedTuple):
    """What was written of a version: the commit (blank if none was made), the days in the archive's
    style, the words that came and went, the path of the evidence, what made the text, the memento.
    """

    commit: str = ""
    archived: str = ""
    announced: str = ""
    added: int = 0
    removed: int = 0
    evidence: str = ""
    extractor: str = ""
    memento: str = ""


NOTHING = Kept()


@dataclass(frozen=True)
class Result:
    """What became of one entry, and why: `reason` in words, `objections` if it was refused.

    `root` names the objection that explains the others; blank if each stands alone. `accept` are
    the names by which a person who has looked can take it all the same.

    `url` was asked, `final_url` answered, with `status` (0 for none); `hops` are all URLs on the
    way. `difference` is there in a trial only. `said` are lines of a hook that refused the commit.
    """

    entry: str
    path: str
    outcome: Outcome
    reason: str = ""
    hint: str = ""
    objections: tuple[Objection, ...] = ()
    url: str = ""
    final_url: str = ""
    status: int = 0
    hops: tuple[str, ...] = ()
    kept: Kept = NOTHING
    root: str = ""
    difference: Difference | None = None
    said: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Captures:
    """What became of all of them, by path; `trial` if nothing was to be written; `left_out`: how
    many entries follow no source. `trouble` says why nothing could be answered; blank if not so.
    """

    results: tuple[Result, ...]
    trial: bool = False
    left_out: int = 0
    trouble: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each outcome."""
        found = Counter(one.outcome for one in self.results)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def has_trouble(self) -> bool:
        """True if anything was refused or failed."""
        return any(one.outcome in (Outcome.REFUSED, Outcome.FAILED) for one in self.results)
