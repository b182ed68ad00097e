"""What a proof came to, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, NamedTuple

from archivist.verifying.checking import Finding

Outcome = Literal["proven", "unproven", "broken", "unrecorded"]
OUTCOMES: tuple[Outcome, ...] = ("proven", "unproven", "broken", "unrecorded")


class Result(NamedTuple):
    """What a proof of one version came to: its entry, the commit that recorded it (blank: of no
    commit), when it was captured (RFC 3339, or blank), what does not agree, what could not be
    proved, what was not answered, and the entry's path at HEAD (None: it is no longer there, or
    never was).
    """

    entry: str
    path: str
    rev: str = ""
    captured: str = ""
    findings: tuple[Finding, ...] = ()
    unproven: tuple[str, ...] = ()
    unknown: str = ""
    is_recorded: bool = True
    present: str | None = None
    removed: str = ""  # the commit that removed the entry
    is_capture: bool = True  # False for a commit that only adds a memento, or follows a source

    @property
    def outcome(self) -> Outcome:
        """`broken` if anything does not agree; `unproven` if all agrees that could be compared;
        `unrecorded` if no commit says where the entry's present text is from.
        """
        if self.findings:
            return "broken"
        if not self.is_recorded:
            return "unrecorded"
        return "unproven" if self.unproven or not self.is_capture else "proven"

    @property
    def is_of_interest(self) -> bool:
        """False for a commit that brought no text, and of which there is nothing to say."""
        return self.is_capture or bool(self.findings or self.unknown)

    @property
    def reason(self) -> str:
        """The first thing that there is to say."""
        said = [*(one.message for one in self.findings), *self.unproven, self.unknown]
        return next(filter(None, said), "")


class Asked(NamedTuple):
    """How many mementos were asked for, and how many of them answered."""

    mementos: int
    answered: int


@dataclass(frozen=True)
class Report:
    """The results by entry, each entry's oldest first; what is wrong with the repository itself;
    why not everything was answered (blank: it was); what else is to be said; how many mementos
    were asked and how many answered (None: none was to be); whether all of the history is here.
    """

    results: tuple[Result, ...] = ()
    repository: tuple[Finding, ...] = ()
    trouble: str = ""
    notes: tuple[str, ...] = ()
    asked: Asked | None = None
    is_whole: bool = True

    @property
    def is_complete(self) -> bool:
        """True if all of the history was here, and all questions were answered."""
        return self.is_whole and not self.trouble

    @property
    def counts(self) -> Counter[str]:
        """How many results there are of each outcome."""
        return Counter[str](one.outcome for one in self.results)

    @property
    def is_broken(self) -> bool:
        """True if anything does not agree."""
        return bool(self.repository) or any(one.findings for one in self.results)
